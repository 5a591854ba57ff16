"""What a client sees of an order."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.core import clock
from chalicelib.orders.items import Line, Order
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.prepay import LAST_CALL
from chalicelib.orders.states import OrderState


class OrderLine(msgspec.Struct, kw_only=True):
    """One line of an order."""

    sku_id: str
    title: str
    quantity: int
    price_fen: int


class PayParams(msgspec.Struct, kw_only=True, rename="camel"):
    """The arguments of ``wx.requestPayment``, to be passed on unchanged. Its success is a hint: ask for the order."""

    time_stamp: str
    nonce_str: str
    package: str
    sign_type: str
    pay_sign: str


class OrderView(msgspec.Struct, kw_only=True):
    """An order as its owner sees it."""

    order_id: str
    play: str
    campaign_id: str
    object_id: str
    """What it pays for: a group."""
    role: str
    """What its owner is there: leader | member | solo"""
    state: str
    """held | closing | released | paid | confirmed | refund"""
    lines: list[OrderLine]
    total_fen: int
    created_at: datetime
    pay_until: datetime
    payable: bool
    """Whether a prepay would be tried now."""
    now: datetime


class OrderHeld(msgspec.Struct, kw_only=True):
    """A new order and what ``wx.requestPayment`` takes; without ``pay`` (202) ask the order for prepay."""

    order_id: str
    state: str
    total_fen: int
    pay_until: datetime
    pay: PayParams | None
    now: datetime


class Payable(msgspec.Struct, kw_only=True):
    """An order and, when WeChat Pay answered, what ``wx.requestPayment`` takes; otherwise ask for prepay again."""

    order: OrderView
    pay: PayParams | None


def order_view(order: Order) -> OrderView:
    """The order as its owner sees it now."""
    now = clock.now()
    return OrderView(
        order_id=order.oid,
        play=order.play,
        campaign_id=PaymentRef.of(order).cid,
        object_id=order.object_id,
        role=order.role,
        state=order.state.value,
        lines=[_line(line) for line in order.lines],
        total_fen=order.total_fen,
        created_at=order.created_at,
        pay_until=order.deadline,
        payable=order.state == OrderState.HELD and now <= order.deadline - LAST_CALL,
        now=now,
    )


def payable(order: Order, pay: dict[str, str] | None) -> Payable:
    """The order with its payment parameters."""
    return Payable(order=order_view(order), pay=msgspec.convert(pay, PayParams) if pay else None)


def _line(line: Line) -> OrderLine:
    return OrderLine(sku_id=line.sku_id, title=line.title, quantity=line.quantity, price_fen=line.price_fen)
