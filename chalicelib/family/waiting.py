"""What waits for somebody in his family, and what he paid of it himself: requests, and orders whose payer he is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import query, read_all, read_one
from chalicelib.family.ask_items import Asking, ToPay, asking_key
from chalicelib.family.ask_rules import is_open
from chalicelib.family.items import Ask, Member, ask_key, family_key, member_key
from chalicelib.family.problems import FAMILY_UNKNOWN
from chalicelib.family.states import Role
from chalicelib.orders.items import Order, order_key
from chalicelib.orders.prepay import LAST_CALL
from chalicelib.orders.states import OrderState

Listing = Callable[[MerchantId, str, str, int, dict[str, Any] | None], tuple[list[Order], dict[str, Any] | None]]
"""A page of orders: of a merchant, for whom, of which family, how many, after what; and where the next begins."""

PEOPLE = 100
"""Rows of members, those who have left among them, that are looked at for what waits for the owner."""

COUNTED = 50
"""Orders that are looked at for how many wait for a payer, those that end soonest."""

LAST = f"{ToPay.prefix}~"
"""After every order that has a payer."""

PAID = (OrderState.PAID, OrderState.CONFIRMED, OrderState.REFUND)
"""The states of an order whose money has come, whatever became of it."""


def counts(mid: MerchantId, uid: str, fid: str, role: Role) -> tuple[int, int]:
    """How many requests wait for the owner, or of a member's for him; and how many orders for whoever asks to pay."""
    return _open_asks(mid, uid, fid, role), len(to_pay(mid, uid, fid, COUNTED, None)[0])


def insist_known(mid: MerchantId, uid: str, fid: str) -> None:
    """Raise `FAMILY_UNKNOWN` for who never belonged to it: what somebody paid stays his to see when he has left."""
    if read_one(Member, member_key(mid, fid, uid)) is None:
        raise RippleError(FAMILY_UNKNOWN)


def to_pay(
    mid: MerchantId, uid: str, fid: str, limit: int, after: dict[str, Any] | None
) -> tuple[list[Order], dict[str, Any] | None]:
    """A page of the orders that wait for ``uid`` to pay them, the nearest end first, and where the next begins."""
    since = f"{ToPay.prefix}{clock.iso(clock.now() + LAST_CALL)}"
    page = query(family_key(mid, fid).pk, at_least=since, at_most=LAST, limit=limit, after=after)
    return [order for order in _orders(mid, uid, page.items) if order.state is OrderState.HELD], page.after


def paid(
    mid: MerchantId, uid: str, fid: str, limit: int, after: dict[str, Any] | None
) -> tuple[list[Order], dict[str, Any] | None]:
    """A page of the orders that ``uid`` has paid himself, the latest end first, and where the next begins."""
    page = query(family_key(mid, fid).pk, begins=ToPay.prefix, limit=limit, forward=False, after=after)
    return [order for order in _orders(mid, uid, page.items) if order.state in PAID], page.after


def _open_asks(mid: MerchantId, uid: str, fid: str, role: Role) -> int:
    """Counted by the rows that say which may be open: five a member at most."""
    if role is Role.OWNER:
        rows = query(family_key(mid, fid).pk, begins=Asking.prefix, limit=PEOPLE).items
    else:
        rows = read_all([asking_key(mid, fid, uid)])
    asked = read_all(ask_key(mid, fid, one) for row in rows if isinstance(row, Asking) for one in row.asks)
    return sum(is_open(ask, clock.now()) for ask in asked if isinstance(ask, Ask))


def _orders(mid: MerchantId, uid: str, rows: list[Any]) -> list[Order]:
    """Those of these rows that ``uid`` pays."""
    his = [order_key(mid, row.oid) for row in rows if isinstance(row, ToPay) and row.payer == uid]
    return [order for order in read_all(his) if isinstance(order, Order)]
