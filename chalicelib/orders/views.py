"""What a client sees of an order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from chalicelib.core import clock
from chalicelib.core.errors import Language
from chalicelib.orders.items import Line, Order, Payment
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.prepay import LAST_CALL
from chalicelib.orders.states import Disposition, OrderState


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
    goods_fen: int
    freight_fen: int
    total_fen: int
    """What is paid: goods and freight."""
    created_at: datetime
    pay_until: datetime
    payable: bool
    """Whether a prepay would be tried now."""
    now: datetime


class Back(msgspec.Struct, kw_only=True):
    """Why a payment goes back, in the client's language."""

    code: str
    """play_failed | too_late | paid_twice"""
    detail: str


class Paid(msgspec.Struct, kw_only=True):
    """A captured payment of an order, and where its money is now."""

    amount_fen: int
    paid_at: datetime
    money: str
    """live: it pays for the order | owed: it is on its way back | refunded"""
    why: Back | None
    refunded_at: datetime | None


class OrderShown(OrderView, kw_only=True):
    """An order as its owner sees it, with every payment that was captured for it."""

    payments: list[Paid]


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


BACK = {
    "play_failed": {"zh": "未成团，按原路退款", "en": "It did not succeed; the payment goes back the way it came."},
    "too_late": {
        "zh": "支付到账时名额已释放，按原路退款",
        "en": "The payment came when the place was gone; it goes back.",
    },
    "paid_twice": {"zh": "重复支付，多付的款项按原路退款", "en": "It was paid twice; the second payment goes back."},
}
"""Why money goes back, by code and language."""


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
        lines=[line_view(line) for line in order.lines],
        goods_fen=order.goods_fen,
        freight_fen=order.freight_fen or 0,
        total_fen=order.total_fen,
        created_at=order.created_at,
        pay_until=order.deadline,
        payable=order.state == OrderState.HELD and now <= order.deadline - LAST_CALL,
        now=now,
    )


def order_shown(order: Order, payments: Sequence[Payment], language: Language) -> OrderShown:
    """The order with its payments as its owner sees them now."""
    told = [paid(order, payment, language) for payment in payments]
    return OrderShown(**msgspec.structs.asdict(order_view(order)), payments=told)


def paid(order: Order, payment: Payment, language: Language) -> Paid:
    """One payment and where its money is."""
    why = None if payment.disposition is Disposition.LIVE else _why(order, payment)
    return Paid(
        amount_fen=payment.total_fen,
        paid_at=payment.paid_at,
        money=payment.disposition.value,
        why=Back(code=why, detail=BACK[why][language]) if why else None,
        refunded_at=payment.refunded_at,
    )


def _why(order: Order, payment: Payment) -> str:
    """Why it goes back: it paid for a promise that failed, or for none since the place was gone or already paid for."""
    if order.captured == payment.attempt:
        return "play_failed"
    return "too_late" if order.captured is None else "paid_twice"


def payable(order: Order, pay: dict[str, str] | None) -> Payable:
    """The order with its payment parameters."""
    return Payable(order=order_view(order), pay=msgspec.convert(pay, PayParams) if pay else None)


def line_view(line: Line) -> OrderLine:
    """One line as it is shown."""
    return OrderLine(sku_id=line.sku_id, title=line.title, quantity=line.quantity, price_fen=line.price_fen)
