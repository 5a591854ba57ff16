"""What a family sees of requests to its owner, and of orders that wait for him."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from chalicelib.accounts import mask, nicknames
from chalicelib.campaigns.views import WhyNot, why_not
from chalicelib.core import clock
from chalicelib.core.errors import Language, RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read
from chalicelib.family.ask_rules import insist_may_approve, is_open
from chalicelib.family.items import Ask, Family, Member, family_key, member_key
from chalicelib.orders import payers
from chalicelib.orders.items import Order
from chalicelib.orders.views import OrderView, PayParams, order_view


class AskView(msgspec.Struct, kw_only=True):
    """A request to the owner, as whoever asked and the owner see it."""

    ask_id: str
    user_id: str
    """Who asked."""
    nickname: str
    """Masked."""
    mine: bool
    state: str
    """open | approved: the wallet paid | taken: the owner pays himself | refused | withdrawn | expired"""
    open: bool
    """Whether it may still be decided."""
    act: str
    """What is asked for: group_open | group_join | group_solo | bargain_buy | card_buy"""
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
    why_not: WhyNot | None
    """For the owner, while it is open: why he could not approve it now, as far as the family and its wallet go."""
    now: datetime


class AskToPay(msgspec.Struct, kw_only=True):
    """A request that the owner pays himself; without ``pay`` (202) ask again."""

    ask: AskView
    order: OrderView
    pay: PayParams | None
    """What ``wx.requestPayment`` takes on his phone."""


class MemberOrder(msgspec.Struct, kw_only=True):
    """An order of the family that the caller is to pay, or has paid himself."""

    user_id: str
    """Whose order it is."""
    nickname: str
    """Masked."""
    order: OrderView


def ask_views(mid: MerchantId, fid: str, asks: Sequence[Ask], uid: str, language: Language) -> list[AskView]:
    """Requests of a family as ``uid`` sees them: his own, or its owner all."""
    now = clock.now()
    called = nicknames.seen(mid, (ask.uid for ask in asks))
    refused = _refused(mid, fid, [ask for ask in asks if ask.uid != uid and is_open(ask, now)], now)
    return [
        AskView(
            ask_id=ask.ask_id,
            user_id=ask.uid,
            nickname=called.get(ask.uid, mask.NOBODY),
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
            why_not=why_not(refused.get(ask.ask_id), language),
            now=now,
        )
        for ask in asks
    ]


def ask_to_pay(ask: Ask, order: Order, pay: dict[str, str] | None, uid: str, language: Language) -> AskToPay:
    """A request that ``uid`` pays himself."""
    (shown,) = ask_views(ask.mid, ask.fid, [ask], uid, language)
    payer = payers.shown([order], uid).get(order.oid)
    params = msgspec.convert(pay, PayParams) if pay else None
    return AskToPay(ask=shown, order=order_view(order, payer), pay=params)


def member_orders(mid: MerchantId, orders: Sequence[Order], uid: str) -> list[MemberOrder]:
    """Orders that ``uid`` pays."""
    called, paid_by = nicknames.seen(mid, (order.uid for order in orders)), payers.shown(orders, uid)
    return [
        MemberOrder(
            user_id=order.uid,
            nickname=called.get(order.uid, mask.NOBODY),
            order=order_view(order, paid_by.get(order.oid)),
        )
        for order in orders
    ]


def _refused(mid: MerchantId, fid: str, asks: Sequence[Ask], now: datetime) -> dict[str, RippleError]:
    """Which of these the owner could not approve, by one read of the family and of who asks."""
    if not asks:
        return {}
    home = family_key(mid, fid)
    whose = {ask.ask_id: member_key(mid, fid, ask.uid) for ask in asks}
    found, refused = read(home, *whose.values()), dict[str, RippleError]()
    for ask in asks:
        try:
            insist_may_approve(found.item(Family, home), found.item(Member, whose[ask.ask_id]), ask, now)
        except RippleError as why:
            refused[ask.ask_id] = why
    return refused
