"""An order as its owner uses it: look, pay again, cancel before payment."""

from __future__ import annotations

from typing import Any

from chalicelib.accounts.items import User, user_index, user_key
from chalicelib.core import clock
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import query, read, read_all
from chalicelib.core.transaction import Lost, update_one
from chalicelib.orders import payers, prepay
from chalicelib.orders.items import Order, order_key
from chalicelib.orders.problems import NOT_CANCELLABLE
from chalicelib.orders.states import OrderState


def order(mid: MerchantId, uid: UserId, oid: str) -> Order:
    """The user's own order; `NOT_FOUND` for anybody else's."""
    return _own(mid, uid, oid)[0]


def orders(
    mid: MerchantId, uid: UserId, limit: int, after: dict[str, Any] | None
) -> tuple[list[Order], dict[str, Any] | None]:
    """A page of the user's orders, newest first, and where the next begins."""
    page = query(user_index(mid, uid), index="gsi1", begins="O#", limit=limit, forward=False, after=after)
    return [item for item in read_all(page.keys) if isinstance(item, Order)], page.after


def pay_again(mid: MerchantId, uid: UserId, oid: str) -> tuple[Order, dict[str, str] | None]:
    """Payment parameters of a held order for whoever pays it, or None when WeChat did not answer.

    Raises `NOT_FOUND` for anybody but its buyer and its payer, `PAYER_PAYS`, and what `prepay.repeat_prepay` raises.
    """
    found, user = _seen(mid, uid, oid)
    payers.insist_pays(found, uid)
    return found, prepay.repeat_prepay(found, user)


def cancel(mid: MerchantId, uid: UserId, oid: str) -> Order:
    """The owner gives up a seat he has not paid for. It is free once WeChat has confirmed that no money comes.

    Cancelling twice is cancelling once. Raises `NOT_CANCELLABLE`.
    """
    own, _ = _own(mid, uid, oid)
    try:
        closing = [Order.state.set(OrderState.CLOSING)]
        update_one(own, closing, when={"held": Order.state == OrderState.HELD}, due=clock.now())
    except Lost as lost:
        raced = lost.item("item")
        state = raced.state if isinstance(raced, Order) else own.state
        if state not in (OrderState.CLOSING, OrderState.RELEASED):
            raise RippleError(NOT_CANCELLABLE, state=state.value) from None
    return order(mid, uid, oid)


def _own(mid: MerchantId, uid: UserId, oid: str) -> tuple[Order, User]:
    own, user = _seen(mid, uid, oid)
    if own.uid != uid:
        raise RippleError(NOT_FOUND)
    return own, user


def _seen(mid: MerchantId, uid: UserId, oid: str) -> tuple[Order, User]:
    """An order, and its buyer or payer, whoever asks. Raises `NOT_FOUND` for anybody else."""
    keys = (order_key(mid, oid), user_key(mid, uid))
    found = read(*keys)
    order, user = found.item(Order, keys[0]), found.item(User, keys[1])
    if order is None or user is None or uid not in (order.uid, order.payer):
        raise RippleError(NOT_FOUND)
    return order, user
