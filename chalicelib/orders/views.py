"""What a client sees of an order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from chalicelib.core import clock
from chalicelib.core.errors import Language, localised
from chalicelib.orders.items import Line, Order, Payment, StuckMoney, parse_refund_number, parse_trade_number
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
    total_fen: int
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
        lines=[_line(line) for line in order.lines],
        total_fen=order.total_fen,
        created_at=order.created_at,
        pay_until=order.deadline,
        payable=order.state == OrderState.HELD and now <= order.deadline - LAST_CALL,
        now=now,
    )


def order_shown(order: Order, payments: Sequence[Payment], language: Language) -> OrderShown:
    """The order with its payments as its owner sees them now."""
    told = [_paid(order, payment, language) for payment in payments]
    return OrderShown(**msgspec.structs.asdict(order_view(order)), payments=told)


def _paid(order: Order, payment: Payment, language: Language) -> Paid:
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


def order_record(order: Order, payments: Sequence[Payment], language: Language) -> OrderRecord:
    """The order with its payments as its merchant sees them now."""
    told = [_paid(order, payment, language) for payment in payments]
    return OrderRecord(**msgspec.structs.asdict(order_view(order)), payments=told, user_id=order.uid)


def day_payment(order: Order, payment: Payment, language: Language) -> DayPayment:
    """One payment of a day."""
    return DayPayment(
        order_id=order.oid,
        user_id=order.uid,
        play=order.play,
        campaign_id=PaymentRef.of(order).cid,
        role=order.role,
        state=order.state.value,
        lines=[_line(line) for line in order.lines],
        payment=_paid(order, payment, language),
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


def payable(order: Order, pay: dict[str, str] | None) -> Payable:
    """The order with its payment parameters."""
    return Payable(order=order_view(order), pay=msgspec.convert(pay, PayParams) if pay else None)


def _line(line: Line) -> OrderLine:
    return OrderLine(sku_id=line.sku_id, title=line.title, quantity=line.quantity, price_fen=line.price_fen)
