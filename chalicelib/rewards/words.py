"""What statements say, in both languages: why value moves, where it is, and why it waits or ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.rewards.states import (
    INVALIDATED,
    NONE_LEFT,
    NOT_APPROVED,
    NOT_CLAIMED,
    NOT_IN_TIME,
    ORDER_REFUNDED,
    TAKEN_BACK,
    TOO_LITTLE_PAID,
    CashState,
    PieceState,
    Why,
)
from chalicelib.sharing.verdict import WEIGHTS, Signal

if TYPE_CHECKING:
    # Storage stands behind it, and rules that speak load none.
    from chalicelib.rewards.cash import Cash

Both = tuple[str, str]
"""A sentence in Chinese and in English."""


class Standing(StrEnum):
    """Where what a line tells of is."""

    PROMISED = "promised"
    HELD = "held"
    REVIEW = "review"
    GRANTED = "granted"
    SPENT = "spent"
    EXPIRED = "expired"
    TAKEN_BACK = "taken_back"
    LAPSED = "lapsed"
    VOID = "void"


WHY: Mapping[Why, Both] = {
    Why.AFTER_ORDER: ("下单有礼", "A gift for an order."),
    Why.AFTER_ORDER_POINTS: ("下单返积分", "Points for an order."),
    Why.INVITE_ACCEPTED: ("邀请的好友接受了邀请", "A friend accepted the invitation."),
    Why.INVITE_FIRST_HELP: ("邀请的好友首次助力", "An invited friend helped for the first time."),
    Why.INVITE_FIRST_ORDER: ("邀请的好友完成首单", "An invited friend completed his first order."),
    Why.INVITE_THRESHOLD: ("邀请人数达标", "The number of invited friends was reached."),
    Why.INVITE_COMMISSION: ("好友下单的推荐奖励", "A commission of a friend's order."),
    Why.WELCOME: ("接受邀请的见面礼", "A welcome for having accepted an invitation."),
    Why.PACKET_NODE: ("拆红包达成", "A step of a packet was reached."),
    Why.PACKET_SHARE: ("领取好友的红包", "A share of a friend's packet."),
    Why.PACKET_OWN: ("好友领取了红包，您同享一份", "A friend claimed a share of the packet; this is the owner's part."),
    Why.GIFT: ("好友赠送", "A gift from a friend."),
    Why.RAIN: ("红包雨", "A packet of a burst."),
    Why.CODE: ("兑换码", "A code that was redeemed."),
    Why.CODE_UNDONE: ("兑换码（商家已撤销）", "A code whose redemption the shop undid."),
    Why.CODE_COUPON: ("兑换码或口令兑换的优惠券", "A coupon for a code or a word."),
    Why.WORD: ("口令", "A word that was typed."),
    Why.CLAIMED: ("领取的优惠券", "A coupon that was claimed."),
    Why.GIVEN: ("商家赠送的优惠券", "A coupon that the shop gave."),
    Why.POINTS_SPENT: ("积分兑换", "Points were spent."),
    Why.POINTS_EXPIRED: ("积分到期", "Points expired."),
    Why.ORDER_PAID: ("余额支付订单", "Balance paid for an order."),
    Why.ORDER_BACK: ("订单退款，余额退回", "Balance of an order came back."),
    Why.FAMILY_FILLED: ("充入家庭钱包", "Balance was put into the family's wallet."),
}
"""Why value moves."""

OF_FRIENDS = frozenset(
    {
        Why.INVITE_ACCEPTED,
        Why.INVITE_FIRST_HELP,
        Why.INVITE_FIRST_ORDER,
        Why.INVITE_THRESHOLD,
        Why.INVITE_COMMISSION,
    }
)
"""What is for something that a friend did: who he is, and which order of his it was, is for the merchant alone."""

STANDINGS: Mapping[Standing, Both] = {
    Standing.PROMISED: ("待达成", "It is reserved for something that has not happened yet."),
    Standing.HELD: ("等待期内，到期后发放", "It has happened; it is given when the time of waiting is over."),
    Standing.REVIEW: ("审核中", "It is being checked."),
    Standing.GRANTED: ("已到账", "It was given."),
    Standing.SPENT: ("已使用", "It was spent."),
    Standing.EXPIRED: ("已过期", "It expired."),
    Standing.TAKEN_BACK: ("已收回", "It was taken back, as far as it was there."),
    Standing.LAPSED: ("未在期限内达成", "What it was promised for did not happen in time."),
    Standing.VOID: ("未发放", "It was not given."),
}
"""Where what a line tells of is."""

PIECES: Mapping[PieceState, Both] = {
    PieceState.LATER: ("未到使用时间", "Its time has not come."),
    PieceState.AVAILABLE: ("可使用", "It can be used."),
    PieceState.LOCKED: ("订单占用中", "An order that is not paid yet holds it."),
    PieceState.USED: ("已使用", "It was used."),
    PieceState.EXPIRED: ("已过期", "It expired."),
    PieceState.INVALID: ("已失效", "It is no longer valid."),
}
"""Where a coupon's piece is."""

CASH: Mapping[CashState, Both] = {
    CashState.CLAIMABLE: ("可领取", "You can claim it."),
    CashState.REVIEW: ("审核中", "It is being checked."),
    CashState.SENDING: ("处理中，请稍候", "It is being sent."),
    CashState.WAITING: ("待您在微信中确认收款", "WeChat waits for you to confirm."),
    CashState.CANCELLING: ("撤销中，请稍候", "It is being withdrawn."),
    CashState.PAID: ("已存入微信零钱", "It was paid to your WeChat balance."),
    CashState.RETURNED: ("已失效，未领取", "It was not claimed and is over."),
}
"""Where cash is."""

CASH_LATER: Both = ("等待期内，到期后可领取", "You can claim it when the time of waiting is over.")
CASH_LATE: Both = ("已过领取期限", "The time for claiming it is over.")
"""Of cash that nobody has claimed: before and after the time in which it can be."""

CASH_BACK: Both = ("对应的奖励已取消，现金已收回", "What it was given for was undone: it was taken back.")
"""Of cash whose gift was undone."""


REASONS: Mapping[str, Both] = {
    ORDER_REFUNDED: ("关联订单已退款", "Its order was refunded."),
    TOO_LITTLE_PAID: ("关联订单的实付金额不足", "Too little of its order stays paid."),
    NOT_IN_TIME: ("未在期限内达成", "It did not happen in time."),
    INVALIDATED: ("商家已将该券作废", "The shop has made the coupon invalid."),
    NONE_LEFT: ("达成时活动预算已用完", "Nothing of the budget was left when it was earned."),
}
"""What a user reads of `OPEN_NOTES`; every other reason is neutral to him."""

NEUTRAL: Both = ("未通过审核", "It did not pass the check.")
"""What a user reads of every other reason: who games the rules learns nothing of them."""

INTERNAL: Mapping[str, Both] = {
    NOT_APPROVED: ("商家未在期限内处理", "Nobody decided about it in time."),
    "refused": ("商家已拒绝", "The merchant refused it."),
    NOT_CLAIMED: ("未在期限内领取", "Nobody claimed it in time."),
    **{signal.value: (weight.zh, weight.en) for signal, weight in WEIGHTS.items()},
}
"""Reasons that only the merchant reads."""


def of_cash(cash: Cash, now: datetime) -> Both:
    """Where cash is, by its time and by why it was returned."""
    if cash.state is CashState.CLAIMABLE and now < cash.since:
        return CASH_LATER
    if cash.state is CashState.CLAIMABLE and now > cash.until:
        return CASH_LATE
    if cash.state is CashState.RETURNED and cash.note != NOT_CLAIMED:
        return CASH_BACK if cash.note == TAKEN_BACK else NEUTRAL
    return CASH[cash.state]


def told_user(reason: str | None) -> Both | None:
    """What a user reads of a reason."""
    return REASONS.get(reason, NEUTRAL) if reason else None


def told_merchant(code: str) -> Both:
    """What a merchant reads of one code of a reason: the code itself, where nobody has explained it."""
    return REASONS.get(code) or INTERNAL.get(code) or (code, code)


def signals(note: str | None) -> list[Signal]:
    """Those codes of a note that are signals of the risk rules."""
    known = set(Signal)
    return [Signal(code) for code in codes(note) if code in known]


def noted(signals: Iterable[Signal]) -> str:
    """The note that `codes` takes apart again."""
    return ",".join(signal.value for signal in signals)


def codes(note: str | None) -> list[str]:
    """Every code of a note."""
    return note.split(",") if note else []
