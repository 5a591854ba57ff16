"""What a merchant sees of orders and their money, explained in his language."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from chalicelib.core.errors import Language, localised
from chalicelib.orders.day import DayBill
from chalicelib.orders.items import Order, Payment
from chalicelib.orders.numbers import order_of
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.stuck import Reason, StuckMoney
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


Meaning = tuple[str, str, str, str]

MEANINGS: dict[Reason, Meaning] = {
    Reason.PAYMENT_DIFFERS: (
        "收到的付款与订单的金额、付款人或账户不一致",
        "A payment differs from its order in amount, payer or account.",
        "在微信商户平台核对并退款，然后标记为已解决",
        "Compare and refund it on WeChat's merchant platform, then resolve it.",
    ),
    Reason.PAYMENT_OF_NO_ORDER: (
        "收到的付款不属于任何订单",
        "A payment belongs to no order.",
        "查明同一商户号下的其他系统，然后标记为已解决",
        "Find the other system that uses this account, then resolve it.",
    ),
    Reason.SECOND_TRANSACTION: (
        "同一订单号下出现两笔付款",
        "There are two payments under one number.",
        "在微信商户平台核对两笔付款，然后标记为已解决",
        "Compare both on WeChat's merchant platform, then resolve it.",
    ),
    Reason.REFUND_OF_NO_DEBT: (
        "有一笔退款不是系统发起的",
        "Money was refunded that was not owed.",
        "确认是否仍需发货，然后标记为已解决",
        "Decide whether the goods are still due, then resolve it.",
    ),
    Reason.BILL_PAYMENT_UNKNOWN: (
        "微信账单中有一笔付款，系统中没有",
        "WeChat's bill has a payment that we do not know.",
        "在微信商户平台查明来源，然后标记为已解决",
        "Find where it comes from on WeChat's merchant platform, then resolve it.",
    ),
    Reason.BILL_PAYMENT_DIFFERS: (
        "微信账单中的付款与系统记录不一致",
        "A payment in WeChat's bill differs from ours.",
        "在微信商户平台核对金额与交易号，然后标记为已解决",
        "Compare amount and transaction on WeChat's merchant platform, then resolve it.",
    ),
    Reason.BILL_LACKS_PAYMENT: (
        "系统中有一笔付款，微信账单中没有",
        "WeChat's bill lacks a payment that we know.",
        "在微信商户平台核对该订单号，然后标记为已解决",
        "Look the number up on WeChat's merchant platform, then resolve it.",
    ),
    Reason.BILL_REFUND_UNKNOWN: (
        "微信账单中有一笔退款，不是系统发起的",
        "WeChat's bill has a refund that we did not ask for.",
        "确认是否为人工退款、是否仍需发货，然后标记为已解决",
        "See whether it was made by hand and whether the goods are still due, then resolve it.",
    ),
    Reason.BILL_REFUND_DIFFERS: (
        "微信账单中的退款金额与系统记录不一致",
        "A refund in WeChat's bill has another amount than ours.",
        "在微信商户平台核对退款金额，然后标记为已解决",
        "Compare the amount on WeChat's merchant platform, then resolve it.",
    ),
    Reason.BILL_LACKS_REFUND: (
        "系统中有一笔退款，微信账单中没有",
        "No bill of WeChat's has a refund that we know to be back.",
        "在微信商户平台核对该退款单号，然后标记为已解决",
        "Look the number up on WeChat's merchant platform, then resolve it.",
    ),
    Reason.REFUND_ABNORMAL: (
        "退款异常：付款人的账户无法收款",
        "The payer's account cannot take the refund.",
        "在微信商户平台改为退到其他账户",
        "Choose another way on WeChat's merchant platform.",
    ),
    Reason.CLOSING_SLOW: (
        "订单已过期，微信数小时未答复是否付款，可能有未知的付款",
        "The order is over, and for hours WeChat has not said whether it was paid; money may have come unseen.",
        "系统会继续询问；可立即重试，或在微信商户平台查询该订单号",
        "It is asked on by itself; retry it now, or look the number up on WeChat's merchant platform.",
    ),
    Reason.REFUND_REFUSED: (
        "微信暂时不能退这笔款，系统会自动重试",
        "WeChat cannot send it back yet; it is tried again by itself.",
        "检查商户号余额与微信返回的原因，然后重试",
        "Check the account's balance and WeChat's reason, then retry.",
    ),
    Reason.REFUND_CLOSED: (
        "微信已关闭这笔退款，款项没有退回",
        "WeChat has closed the refund; the money is not back.",
        "在微信商户平台查明原因，通过平台退款或转账给付款人",
        "Find the reason on WeChat's merchant platform, and refund or transfer it there.",
    ),
    Reason.REFUND_SLOW: (
        "退款超过三天仍未到账：微信仍在处理，或没有答复",
        "The refund is not back after three days: WeChat is still at it, or does not answer.",
        "可立即重试；若仍未到账，凭退款单号联系微信支付客服",
        "Retry it now; if it stays, ask WeChat Pay's support about the number.",
    ),
    Reason.BILL_PAYMENT_STATUS: (
        "我们记录为已付款，微信账单中的交易状态不是支付成功",
        "We know a payment as made that WeChat's bill has in another state.",
        "在微信商户平台核对交易状态，确认是否仍需发货，然后标记为已解决",
        "Look its state up on WeChat's merchant platform, decide whether the goods are due, then resolve it.",
    ),
    Reason.BILL_REFUND_STATUS: (
        "我们记录为已退款，微信账单中的退款状态不是成功",
        "We know a refund as back that WeChat's bill has as failed.",
        "在微信商户平台核对退款去向，必要时转账给付款人，然后标记为已解决",
        "See on WeChat's merchant platform where it went, transfer it if need be, then resolve it.",
    ),
    Reason.NOT_SHIPPED: (
        "已付款的订单超过承诺时间仍未发货",
        "Paid goods were not sent in the time that was promised.",
        "尽快发货，或退款给买家",
        "Send them, or give the money back.",
    ),
    Reason.CASE_UNANSWERED: (
        "买家的售后申请超过时限仍未处理",
        "A buyer asked for his money and has had no answer in time.",
        "同意或拒绝该申请；已寄回的，请确认收货",
        "Grant or refuse it; where goods came back, say that they arrived.",
    ),
    Reason.UPLOAD_REFUSED: (
        "微信不接受这笔订单的发货信息，可能延迟结算",
        "WeChat does not take how the goods went out; it may hold the money.",
        "按微信返回的原因更正发货信息，或在微信后台录入，然后重试或标记为已解决",
        "Correct it by WeChat's reason or enter it at WeChat, then retry or resolve it.",
    ),
    Reason.UPLOAD_SLOW: (
        "发货信息超过一天未能告知微信，可能延迟结算",
        "For a day WeChat could not be told that the goods went out; it may hold the money.",
        "系统会继续重试；可立即重试，或在微信后台录入",
        "It is tried on by itself; retry it now, or enter it at WeChat.",
    ),
    Reason.PRESALE_REFUSED: (
        "微信不接受这笔订单的预售报备，逾期未发货可能被处罚",
        "WeChat does not take the order as a presale; it may count the goods as late.",
        "按微信返回的原因处理后重试，或尽快发货",
        "Act on WeChat's reason and retry, or send the goods soon.",
    ),
}
"""What stuck money means and what to do, by reason, each in Chinese and English."""


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
