"""What a merchant sees of orders and their money, explained in his language."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from chalicelib.core.errors import Language, localised
from chalicelib.orders.day import DayBill
from chalicelib.orders.items import Order, Payment
from chalicelib.orders.meanings import MEANINGS
from chalicelib.orders.numbers import order_of
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.stuck import StuckMoney
from chalicelib.orders.views import Money, OrderLine, line_view, money


class DayPayment(msgspec.Struct, kw_only=True):
    """A payment of a day, with what it was for."""

    order_id: str
    user_id: str
    play: str
    campaign_id: str
    role: str
    state: str
    """The order's state now."""
    lines: list[OrderLine]
    payment: Money


class Stuck(msgspec.Struct, kw_only=True):
    """Money that needs the merchant, or that only seems to."""

    stuck_id: str
    reason: str
    detail: str
    """What happened, in the client's language."""
    next: str
    """What to do."""
    number: str
    """WeChat's ``out_trade_no``, ``out_refund_no`` or ``out_bill_no``, to be looked up on the merchant platform."""
    order_id: str | None
    """Of what is about no order, null."""
    facts: dict[str, str | int | None]
    since: datetime
    retryable: bool


class ComparedDay(msgspec.Struct, kw_only=True):
    """A day's comparison with WeChat's bill; the sums are WeChat's."""

    day: date
    payments: int
    paid_fen: int
    refunds: int
    refunded_fen: int
    differences: int
    """Each is listed as stuck money."""
    compared_at: datetime | None
    """None as long as it was only asked for."""


def day_payment(order: Order, payment: Payment) -> DayPayment:
    """One payment of a day."""
    return DayPayment(
        order_id=order.oid,
        user_id=order.uid,
        play=order.play,
        campaign_id=PaymentRef.of(order).cid,
        role=order.role,
        state=order.state.value,
        lines=[line_view(line) for line in order.lines],
        payment=money(payment),
    )


def stuck_view(row: StuckMoney, language: Language) -> Stuck:
    """A row of stuck money, explained."""
    zh, en, zh_next, en_next = MEANINGS[row.why]
    return Stuck(
        stuck_id=row.pk.split("#", 1)[1],
        reason=row.reason,
        detail=localised((zh, en), language),
        next=localised((zh_next, en_next), language),
        number=row.number,
        order_id=order_of(row.number),
        facts=row.facts,
        since=row.recorded_at,
        retryable=row.driver is not None,
    )


def compared_day(bill: DayBill) -> ComparedDay:
    """How a day's comparison ended."""
    return ComparedDay(
        day=bill.day,
        payments=bill.payments,
        paid_fen=bill.paid_fen,
        refunds=bill.refunds,
        refunded_fen=bill.refunded_fen,
        differences=bill.differences,
        compared_at=bill.compared_at,
    )
