"""What is stored beside the requests to an owner: which of somebody's are open, and which orders wait for a payer."""

from __future__ import annotations

from datetime import datetime

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId, OrderId
from chalicelib.core.table import Item, Key, StructAttribute, table
from chalicelib.family.items import family_key
from chalicelib.orders.items import Order


class Asking(Item):
    """The requests of one member that may be open: all that are, and some that have ended since he made the last."""

    letter = "F"
    prefix = "ASKS#"

    asks = StructAttribute[list[str]](list[str])
    """Their ids."""


class ToPay(Item):
    """That an order waits for its payer, until it is no longer payable; TTL takes it a day later."""

    letter = "F"
    prefix = "PAY#"

    payer = UnicodeAttribute()

    @property
    def oid(self) -> OrderId:
        """The order."""
        return OrderId(self.sk.rsplit("#", 1)[1])


def asking_key(mid: MerchantId, fid: str, uid: str) -> Key:
    """Where it stands which requests of a member may be open."""
    return table(mid).key("F", fid, sk=f"ASKS#{uid}")


def to_pay_key(order: Order, fid: str) -> Key:
    """Where an order waits for its payer, by its end."""
    return table(order.mid).key("F", fid, sk=f"PAY#{clock.iso(order.deadline)}#{order.oid}")


def asks_index(mid: MerchantId, fid: str) -> str:
    """The index partition that lists the requests of a family (``A#time``)."""
    return family_key(mid, fid).pk


def member_asks_index(mid: MerchantId, fid: str, uid: str) -> str:
    """The index partition that lists the requests of one member."""
    return table(mid).pk("F", fid, uid)


LISTED = "A#"
"""How the places of requests begin in both lists."""


def asks_entry(created_at: datetime, ask_id: str) -> str:
    """Where a request stands in both lists: by when it was made."""
    return f"{LISTED}{clock.iso(created_at)}#{ask_id}"
