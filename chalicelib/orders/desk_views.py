"""What a merchant sees of orders and their money, explained in his language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from chalicelib.core.errors import Language, localised
from chalicelib.orders.items import (
    DayBill,
    Order,
    Payment,
    Receiver,
    StuckMoney,
    parse_refund_number,
    parse_trade_number,
)
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.views import OrderLine, OrderShown, Paid, line_view, order_shown, paid


class OrderRecord(OrderShown, kw_only=True):
    """An order as its merchant sees it."""

    user_id: str


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
    payment: Paid


class Stuck(msgspec.Struct, kw_only=True):
    """Money that needs the merchant, or that only seems to."""

    stuck_id: str
    reason: str
    detail: str
    """What happened, in the client's language."""
    next: str
    """What to do."""
    number: str
    """WeChat's ``out_trade_no`` or ``out_refund_no``, to be looked up on the merchant platform."""
    order_id: str | None
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
    compared_at: datetime


def order_record(
    order: Order, payments: Sequence[Payment], receiver: Receiver | None, language: Language
) -> OrderRecord:
    """The order with its payments as its merchant sees them now."""
    shown = msgspec.structs.asdict(order_shown(order, payments, receiver, language))
    return OrderRecord(**shown, user_id=order.uid)


def day_payment(order: Order, payment: Payment, language: Language) -> DayPayment:
    """One payment of a day."""
    return DayPayment(
        order_id=order.oid,
        user_id=order.uid,
        play=order.play,
        campaign_id=PaymentRef.of(order).cid,
        role=order.role,
        state=order.state.value,
        lines=[line_view(line) for line in order.lines],
        payment=paid(order, payment, language),
    )


REFUSED = (
    "微信暂时不能退这笔款，系统会自动重试",
    "WeChat cannot send it back yet; it is tried again by itself.",
    "检查商户号余额与微信返回的原因，然后重试",
    "Check the account's balance and WeChat's reason, then retry.",
)
MEANINGS = {
    "payment_differs": (
        "收到的付款与订单的金额、付款人或账户不一致",
        "A payment differs from its order in amount, payer or account.",
        "在微信商户平台核对并退款，然后标记为已解决",
        "Compare and refund it on WeChat's merchant platform, then resolve it.",
    ),
    "payment_of_no_order": (
        "收到的付款不属于任何订单",
        "A payment belongs to no order.",
        "查明同一商户号下的其他系统，然后标记为已解决",
        "Find the other system that uses this account, then resolve it.",
    ),
    "second_transaction_of_one_number": (
        "同一订单号下出现两笔付款",
        "There are two payments under one number.",
        "在微信商户平台核对两笔付款，然后标记为已解决",
        "Compare both on WeChat's merchant platform, then resolve it.",
    ),
    "refund_of_no_debt": (
        "有一笔退款不是系统发起的",
        "Money was refunded that was not owed.",
        "确认是否仍需发货，然后标记为已解决",
        "Decide whether the goods are still due, then resolve it.",
    ),
    "bill_payment_unknown": (
        "微信账单中有一笔付款，系统中没有",
        "WeChat's bill has a payment that we do not know.",
        "在微信商户平台查明来源，然后标记为已解决",
        "Find where it comes from on WeChat's merchant platform, then resolve it.",
    ),
    "bill_payment_differs": (
        "微信账单中的付款与系统记录不一致",
        "A payment in WeChat's bill differs from ours.",
        "在微信商户平台核对金额与交易号，然后标记为已解决",
        "Compare amount and transaction on WeChat's merchant platform, then resolve it.",
    ),
    "bill_lacks_payment": (
        "系统中有一笔付款，微信账单中没有",
        "WeChat's bill lacks a payment that we know.",
        "在微信商户平台核对该订单号，然后标记为已解决",
        "Look the number up on WeChat's merchant platform, then resolve it.",
    ),
    "bill_refund_unknown": (
        "微信账单中有一笔退款，不是系统发起的",
        "WeChat's bill has a refund that we did not ask for.",
        "确认是否为人工退款、是否仍需发货，然后标记为已解决",
        "See whether it was made by hand and whether the goods are still due, then resolve it.",
    ),
    "bill_refund_differs": (
        "微信账单中的退款金额与系统记录不一致",
        "A refund in WeChat's bill has another amount than ours.",
        "在微信商户平台核对退款金额，然后标记为已解决",
        "Compare the amount on WeChat's merchant platform, then resolve it.",
    ),
    "refund_abnormal": (
        "退款异常：付款人的账户无法收款",
        "The payer's account cannot take the refund.",
        "在微信商户平台改为退到其他账户",
        "Choose another way on WeChat's merchant platform.",
    ),
}
"""What stuck money means and what to do, by reason; a refund's other reasons are WeChat's codes."""


def stuck_view(row: StuckMoney, language: Language, *, refund: bool) -> Stuck:
    """A row of stuck money, explained."""
    zh, en, zh_next, en_next = MEANINGS.get(row.reason, REFUSED)
    known = parse_refund_number(row.number) or parse_trade_number(row.number)
    return Stuck(
        stuck_id=row.pk.split("#", 1)[1],
        reason=row.reason,
        detail=localised((zh, en), language),
        next=localised((zh_next, en_next), language),
        number=row.number,
        order_id=known[0] if known else None,
        facts=row.facts,
        since=row.recorded_at,
        retryable=refund,
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
