"""My poster over HTTP."""

from __future__ import annotations

import msgspec

from chalicelib.campaigns.problems import NOT_RUNNING
from chalicelib.edge.operation import USER, Call, operation
from chalicelib.pictures.document import Format
from chalicelib.pictures.problems import PICTURES_BUSY
from chalicelib.posters import mine as posters
from chalicelib.posters import views
from chalicelib.posters.problems import NO_POSTER, POSTER_UNREADABLE
from chalicelib.posters.views import MyPoster
from chalicelib.sharing.refusals import CODE_UNAVAILABLE, PAGE_NOT_RELEASED, SHARE_UNKNOWN


class WantedPoster(msgspec.Struct, forbid_unknown_fields=True):
    """Which format."""

    format: Format = Format.TALL


@operation(
    auth=USER,
    body=WantedPoster,
    answer=MyPoster,
    name="my_poster",
    summary="A poster of my share, with a code of my own",
    description="Drawn when it is first asked for, which takes a second or two, and when I look otherwise than before;"
    " else it is there at once. Who scans its code comes by my share.",
    problems=(
        SHARE_UNKNOWN,
        NO_POSTER,
        NOT_RUNNING,
        CODE_UNAVAILABLE,
        PAGE_NOT_RELEASED,
        POSTER_UNREADABLE,
        PICTURES_BUSY,
    ),
    example=WantedPoster(),
)
def mine(call: Call[WantedPoster]) -> MyPoster:
    """What to save and send instead of a card."""
    return views.mine(posters.mine(call.mid, call.uid, call.path["share_id"], call.body.format))
