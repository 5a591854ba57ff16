"""What is stored beside the requests to an owner: which of somebody's are open, and which orders have a payer."""

from __future__ import annotations

from datetime import datetime

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId, OrderId
from chalicelib.core.store import Found
from chalicelib.core.table import Item, Key, StructAttribute, table
from chalicelib.core.transaction import Transaction
from chalicelib.family import ask_telling
from chalicelib.family.items import Ask
from chalicelib.family.states import AskState
from chalicelib.orders.items import Order


class Asking(Item):
    """The requests of one member that may be open: all that are, and some that have ended since he made the last."""

    letter = "F"
    prefix = "ASKS#"

    asks = StructAttribute[list[str]](list[str])
    """Their ids."""


class ToPay(Item):
    """That somebody else than its buyer pays an order, or has paid it; TTL takes it long after (`payer.KEPT`)."""

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
    """Where the payer of an order finds it, by the end of its pay window."""
    return table(order.mid).key("F", fid, sk=f"PAY#{clock.iso(order.deadline)}#{order.oid}")


def member_asks_index(mid: MerchantId, fid: str, uid: str) -> str:
    """The index partition that lists the requests of one member."""
    return table(mid).pk("F", fid, uid)


LISTED = "A#"
"""How the places of requests begin in both lists."""


def asks_entry(created_at: datetime, ask_id: str) -> str:
    """Where a request stands in both lists: by when it was made."""
    return f"{LISTED}{clock.iso(created_at)}#{ask_id}"


def add_decided(tx: Transaction, found: Found, key: Key, state: AskState, order: Order) -> None:
    """A request has its order, if nothing else became of it and its time is not over; whoever asked is told."""
    now = clock.now()
    actions = [Ask.state.set(state), Ask.oid.set(order.oid), Ask.decided_at.set(now)]
    when = {"open": Ask.state == AskState.OPEN, "in_time": Ask.until >= now}
    tx.update("ask", key, actions, when=when, due=None)
    if (asked := found.item(Ask, key)) is not None:
        ask_telling.add_answer(tx, asked, state, now)
