"""What a family sees of requests to its owner, and of orders that wait for him."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from chalicelib.accounts import mask
from chalicelib.accounts.items import User, user_key
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_all
from chalicelib.family.ask_rules import is_open
from chalicelib.family.items import Ask
from chalicelib.orders import payers
from chalicelib.orders.items import Order
from chalicelib.orders.views import OrderView, PayParams, order_view


class AskView(msgspec.Struct, kw_only=True):
    """A request to the owner, as whoever asked and the owner see it."""

    ask_id: str
    user_id: str
    """Who asked."""
    name: str
    """Masked."""
    mine: bool
    state: str
    """open | approved: the wallet paid | taken: the owner pays himself | refused | withdrawn | expired"""
    open: bool
    """Whether it may still be decided."""
    act: str
    """What is asked for: group_open | group_join | group_solo | bargain_buy"""
    target: str
    """The campaign, group or bargain."""
    sku_id: str | None
    title: str
    total_fen: int
    """What it costs; at another price nothing is approved."""
    order_id: str | None
    """Once there is one."""
    created_at: datetime
    until: datetime
    """The last instant at which it may be decided."""
    decided_at: datetime | None
    now: datetime


class AskToPay(msgspec.Struct, kw_only=True):
    """A request that the owner pays himself; without ``pay`` (202) ask again."""

    ask: AskView
    order: OrderView
    pay: PayParams | None
    """What ``wx.requestPayment`` takes on his phone."""


class OrderToPay(msgspec.Struct, kw_only=True):
    """An order that waits for the caller to pay it: ask it for prepay."""

    user_id: str
    """Whose order it is."""
    name: str
    """Masked."""
    order: OrderView


def names(mid: MerchantId, uids: Sequence[str]) -> dict[str, str]:
    """How others see these users."""
    found = [item for item in read_all(user_key(mid, uid) for uid in dict.fromkeys(uids)) if isinstance(item, User)]
    return {user.uid: mask.seen(user) for user in found}


def ask_views(mid: MerchantId, asks: Sequence[Ask], uid: str) -> list[AskView]:
    """Requests as ``uid`` sees them."""
    called, now = names(mid, [ask.uid for ask in asks]), clock.now()
    return [
        AskView(
            ask_id=ask.ask_id,
            user_id=ask.uid,
            name=called.get(ask.uid, mask.NOBODY),
            mine=ask.uid == uid,
            state=ask.state.value,
            open=is_open(ask, now),
            act=ask.cart.act,
            target=ask.cart.target,
            sku_id=ask.cart.sku_id,
            title=ask.title,
            total_fen=ask.total_fen,
            order_id=ask.oid,
            created_at=ask.created_at,
            until=ask.until,
            decided_at=ask.decided_at,
            now=now,
        )
        for ask in asks
    ]


def ask_to_pay(ask: Ask, order: Order, pay: dict[str, str] | None, uid: str) -> AskToPay:
    """A request that ``uid`` pays himself."""
    (shown,) = ask_views(ask.mid, [ask], uid)
    payer = payers.shown([order], uid).get(order.oid)
    params = msgspec.convert(pay, PayParams) if pay else None
    return AskToPay(ask=shown, order=order_view(order, payer), pay=params)


def orders_to_pay(mid: MerchantId, orders: Sequence[Order], uid: str) -> list[OrderToPay]:
    """Orders that wait for ``uid``."""
    called, paid_by = names(mid, [order.uid for order in orders]), payers.shown(orders, uid)
    return [
        OrderToPay(
            user_id=order.uid,
            name=called.get(order.uid, mask.NOBODY),
            order=order_view(order, paid_by.get(order.oid)),
        )
        for order in orders
    ]
