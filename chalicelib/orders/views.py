"""What a client sees of an order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from chalicelib.core import clock
from chalicelib.core.errors import Language, localised
from chalicelib.orders.items import Line, Order, Part, Payment, Receiver, Refund
from chalicelib.orders.payers import PayerShown
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.prepay import LAST_CALL
from chalicelib.orders.receiver import Address
from chalicelib.orders.states import Cause, OrderState


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


class PartShown(msgspec.Struct, kw_only=True):
    """What something else than money pays."""

    tender: str
    ref: str
    amount_fen: int
    back_fen: int
    """Of it, what went back."""


class OrderView(msgspec.Struct, kw_only=True):
    """An order as its owner sees it."""

    order_id: str
    play: str
    campaign_id: str
    object_id: str
    """What it pays for: a group, a bargain, a code."""
    role: str
    """What its owner is there: leader | member | solo | buyer | holder | filler"""
    state: str
    """held | closing | released | paid | confirmed | refund"""
    lines: list[OrderLine]
    goods_fen: int
    freight_fen: int
    total_fen: int
    """What is paid: goods and freight."""
    parts: list[PartShown]
    """What pays beside money."""
    cash_fen: int
    """What is left for WeChat Pay; an order of which nothing is left is paid as soon as it is made."""
    payer: PayerShown | None
    """Who pays that, where it is not its owner; then he alone gets payment parameters."""
    created_at: datetime
    pay_until: datetime
    payable: bool
    """Whether a prepay would be tried now for whoever asks."""
    now: datetime


class Returned(msgspec.Struct, kw_only=True):
    """What goes back at once, and why, in the client's language."""

    amount_fen: int
    """Of the money."""
    parts: list[PartShown]
    """Of what else was paid with, which is back by now."""
    why: str
    """play_failed | too_late | paid_twice | after_sale | merchant"""
    detail: str
    owed_at: datetime
    refunded_at: datetime | None
    """When WeChat said that it is back."""


class Money(msgspec.Struct, kw_only=True):
    """A captured payment, and where its money is now: ``amount = live + owed + refunded``."""

    amount_fen: int
    paid_at: datetime
    live_fen: int
    """Pays for the order."""
    owed_fen: int
    """Is on its way back."""
    refunded_fen: int


class Paid(Money, kw_only=True):
    """A captured payment with every refund of it."""

    refunds: list[Returned]


class ReceiverShown(msgspec.Struct, kw_only=True):
    """Who gets the goods, name and phone masked."""

    name: str
    phone: str
    province: str
    city: str


class ReceiverOpened(msgspec.Struct, kw_only=True):
    """Who gets the goods, whole."""

    address: Address
    updated_at: datetime


class OrderHeld(msgspec.Struct, kw_only=True):
    """A new order and what ``wx.requestPayment`` takes; without ``pay`` (202) ask the order for prepay.

    One that the family's owner pays for has none (201): the order tells him.
    """

    order_id: str
    state: str
    total_fen: int
    cash_fen: int
    """What WeChat Pay is to collect; where it is 0 the order is paid already."""
    pay_until: datetime
    pay: PayParams | None
    now: datetime


class Payable(msgspec.Struct, kw_only=True):
    """An order and, when WeChat Pay answered, what ``wx.requestPayment`` takes; otherwise ask for prepay again."""

    order: OrderView
    pay: PayParams | None


WHY: dict[Cause, tuple[str, str]] = {
    Cause.PLAY_FAILED: ("未成团，按原路退款", "It did not succeed; the payment goes back the way it came."),
    Cause.TOO_LATE: (
        "支付到账时名额已释放，按原路退款",
        "The payment came when the place was gone; it goes back.",
    ),
    Cause.PAID_TWICE: ("重复支付，多付的款项按原路退款", "It was paid twice; the second payment goes back."),
    Cause.AFTER_SALE: ("售后退款，按原路退回", "Refunded after sale; it goes back the way it came."),
    Cause.MERCHANT: ("商家主动退款，按原路退回", "The merchant gave it back; it goes back the way it came."),
}
"""Why money goes back, in both languages."""


def order_view(order: Order, payer: PayerShown | None = None) -> OrderView:
    """The order as its owner, or its ``payer``, sees it now."""
    now = clock.now()
    asked = order.payer is None or (payer is not None and payer.mine)
    free = order.paid_at is None and order.state in (OrderState.RELEASED, OrderState.REFUND)
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
        parts=[part_shown(part, free=free) for part in order.paid_with],
        cash_fen=order.cash_fen,
        payer=payer,
        created_at=order.created_at,
        pay_until=order.deadline,
        payable=asked and order.state == OrderState.HELD and now <= order.deadline - LAST_CALL,
        now=now,
    )


def paid(payments: Sequence[Payment], refunds: Sequence[Refund], language: Language) -> list[Paid]:
    """Every payment of an order, first attempt first, and where its money is."""
    return [
        Paid(
            **msgspec.structs.asdict(money(payment)),
            refunds=returned(payment.attempt, refunds, language),
        )
        for payment in payments
    ]


def returned(attempt: int, refunds: Sequence[Refund], language: Language) -> list[Returned]:
    """What went back with money of an attempt's payment, or without any (0)."""
    return [_returned(row, language) for row in refunds if row.attempt == attempt]


def part_shown(part: Part, *, free: bool = False) -> PartShown:
    """What pays beside money, as both sides see it; ``free`` where its order is over and never used it."""
    back = part.fen if free else part.back_fen
    return PartShown(tender=part.tender, ref=part.ref, amount_fen=part.fen, back_fen=back)


def receiver_shown(receiver: Receiver | None) -> ReceiverShown | None:
    """Who gets the goods, as far as it is shown; None for what was erased."""
    if receiver is None or receiver.sealed is None:
        return None
    return ReceiverShown(name=receiver.name, phone=receiver.phone, province=receiver.province, city=receiver.city)


def receiver_opened(receiver: Receiver, address: Address) -> ReceiverOpened:
    """Who gets the goods, whole."""
    return ReceiverOpened(address=address, updated_at=receiver.updated_at)


def money(payment: Payment) -> Money:
    """Where the money of a payment is."""
    return Money(
        amount_fen=payment.total_fen,
        paid_at=payment.paid_at,
        live_fen=payment.live_fen,
        owed_fen=payment.owed_fen,
        refunded_fen=payment.refunded_fen,
    )


def _returned(row: Refund, language: Language) -> Returned:
    return Returned(
        amount_fen=row.amount_fen,
        parts=[part_shown(part) for part in row.back or ()],
        why=row.why.value,
        detail=localised(WHY[row.why], language),
        owed_at=row.owed_at,
        refunded_at=row.refunded_at,
    )


def payable(order: Order, pay: dict[str, str] | None, payer: PayerShown | None = None) -> Payable:
    """The order with its payment parameters."""
    return Payable(order=order_view(order, payer), pay=msgspec.convert(pay, PayParams) if pay else None)


def line_view(line: Line) -> OrderLine:
    """One line as it is shown."""
    return OrderLine(sku_id=line.sku_id, title=line.title, quantity=line.quantity, price_fen=line.price_fen)
