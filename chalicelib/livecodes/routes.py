"""Live codes over HTTP, for whoever scanned one."""

from __future__ import annotations

from chalicelib.core.errors import NOT_FOUND
from chalicelib.edge.operation import USER, Call, operation
from chalicelib.livecodes import detail, problems, service, views
from chalicelib.livecodes.views import LiveCodePage, LivePlace


@operation(
    auth=USER,
    answer=LiveCodePage,
    name="show_live_code",
    summary="A live code that I scanned: what it is, and my place",
    description="Looking takes no place.",
    problems=(NOT_FOUND,),
)
def show(call: Call[None]) -> LiveCodePage:
    """Look at a live code."""
    return detail.show(call.mid, call.uid, call.path["live_id"], call.language)


@operation(
    auth=USER,
    answer=LivePlace,
    name="take_place",
    summary="Where a live code sends me",
    description=(
        "The first call takes a place at the first target that has one; every later one answers the same. Where the "
        "merchant closed that target, the next one is taken. Repeating it is harmless."
    ),
    problems=(NOT_FOUND, problems.NOT_RUNNING, problems.FULL, problems.QR_EXPIRED),
)
def place(call: Call[None]) -> LivePlace:
    """Be sent somewhere."""
    return views.live_place(service.place(call.mid, call.uid, call.path["live_id"]), call.language)
