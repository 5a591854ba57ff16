"""What a code for goods is to an order: whose play it is, what names it, and what it brings."""

from __future__ import annotations

from chalicelib.campaigns.kinds.brings import BringsGoods
from chalicelib.campaigns.kinds.codes import CodesOffer
from chalicelib.core.errors import RippleError
from chalicelib.voucher.problems import CODE_NO_GOODS

PLAY = "voucher"

HOLDER = "holder"
"""What a payer is with a code: whoever holds it."""


def object_id(cid: str, bid: str, serial: int) -> str:
    """What an order calls its code; it begins with its campaign, as every object of a play."""
    return f"{cid}-{bid}-{serial}"


def code_of(object_id: str) -> tuple[str, int]:
    """The batch and the serial that `object_id` wrote.

    >>> code_of(object_id("PDMB2GJ341SCPWKG2QN7HENYK4", "00042", 7))
    ('00042', 7)
    """
    _, bid, serial = object_id.split("-")
    return bid, int(serial)


def goods_of(offer: CodesOffer) -> BringsGoods:
    """The goods that its codes bring. Raises `CODE_NO_GOODS`."""
    if not isinstance(offer.brings, BringsGoods):
        raise RippleError(CODE_NO_GOODS, "/code")
    return offer.brings
