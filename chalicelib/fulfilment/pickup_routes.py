"""What a buyer shows where he fetches his goods, over HTTP."""

from __future__ import annotations

from chalicelib.core.errors import NOT_FOUND
from chalicelib.edge.operation import USER, Call, operation
from chalicelib.fulfilment import file, problems, rules
from chalicelib.pictures import qr_shown
from chalicelib.pictures.problems import PICTURES_BUSY
from chalicelib.pictures.qr_shown import QrCode, ToDraw


@operation(
    auth=USER,
    query=ToDraw,
    answer=QrCode,
    name="pickup_qr",
    summary="What I show where I fetch my order's goods, as a QR code",
    description="It says the order's `pickup_qr`; the staff scan it.",
    problems=(NOT_FOUND, problems.NOT_PICKUP, problems.NOT_WAITING, PICTURES_BUSY),
)
def qr(call: Call[None]) -> QrCode:
    """Draw what the staff scan."""
    wanted: ToDraw = call.query
    order = file.own(call.mid, call.uid, call.path["order_id"]).order
    return qr_shown.drawn(rules.shown_at_pickup(order), wanted.form)
