"""The owner of a family pays an order of one of its members himself, with WeChat Pay (`orders.payers.Payer`).

No value is stored for it and no cap counts it: what it takes is that the buyer may spend in the family, and that who
pays still owns it. A reference is the family's id; where the owner takes a request upon himself it has the request and
him behind it, which no client can say.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import Found
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.family import ask_rules, standing
from chalicelib.family.ask_items import ToPay, add_decided, to_pay_key
from chalicelib.family.ask_problems import OWNER_BUYS
from chalicelib.family.items import Ask, ask_key
from chalicelib.family.problems import NOT_OWNER
from chalicelib.family.states import AskState
from chalicelib.orders.items import Order
from chalicelib.orders.tenders import Bill

KEPT = timedelta(days=400)
"""How long the payer of an order finds it after its pay window: longer than goods of a year can go back."""


class Named(NamedTuple):
    """What a reference names: a family, and of a request that is taken which, and by whom."""

    fid: str
    ask_id: str | None = None
    by: str | None = None


def taken(fid: str, ask_id: str, by: str) -> str:
    """The reference of an order that its buyer asked for and the owner pays himself."""
    return f"{fid}.{ask_id}.{by}"


class OwnerPays:
    """What an owner who pays does for an order."""

    def keys(self, mid: MerchantId, uid: str, ref: str) -> list[Key]:
        named = _named(ref)
        asked = [ask_key(mid, named.fid, named.ask_id)] if named.ask_id else []
        return [*standing.keys(mid, named.fid, uid), *asked]

    def who(self, bill: Bill, ref: str, found: Found) -> UserId:
        """The owner of the family.

        Raises `FAMILY_UNKNOWN`, what `standing.insist_may_spend` raises, and `OWNER_BUYS`; of a request that is taken
        `NOT_OWNER` and what `ask_rules.insist_fits` raises.
        """
        named, now = _named(ref), clock.now()
        family, member = standing.seen(found, bill.mid, named.fid, bill.uid)
        if named.ask_id is not None:
            if family.owner != named.by:
                raise RippleError(NOT_OWNER)
            ask = found.item(Ask, ask_key(bill.mid, named.fid, named.ask_id))
            ask_rules.insist_fits(ask, bill.uid, bill.total_fen, now)
        standing.insist_may_spend(family, member, now)
        if family.owner == bill.uid:
            raise RippleError(OWNER_BUYS, "/payer")
        return UserId(family.owner)

    def add(self, tx: Transaction, order: Order, ref: str, found: Found) -> None:
        """Where something of the family's pays a part of it, that insists on the rest in this transaction."""
        named, now = _named(ref), clock.now()
        if not standing.paid_from(order, named.fid):
            standing.add_may_spend(tx, order.mid, named.fid, order.uid, now, owner=order.payer)
        until = int((order.deadline + KEPT).timestamp())
        tx.put("to_pay", ToPay(*to_pay_key(order, named.fid), payer=order.payer, ttl=until))
        if named.ask_id is not None:
            add_decided(tx, found, ask_key(order.mid, named.fid, named.ask_id), AskState.TAKEN, order)


OWNER_PAYS = OwnerPays()


def _named(ref: str) -> Named:
    return Named(*ref.split("."))
