"""What a user reads of his cash, in both languages: where it is, and why the attempt before came to nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from chalicelib.cash import rules
from chalicelib.rewards import words
from chalicelib.rewards.cash import Cash
from chalicelib.rewards.states import CashState
from chalicelib.rewards.words import Both

TOO_LATE: Both = ("确认时间已过，稍后可重新领取", "The time to confirm is over; soon you can claim it again.")
"""Of cash that WeChat still waits for after the time in which it can be confirmed."""


class Failure(NamedTuple):
    """Why an attempt came to nothing, as its user is told: a code of ours, what happened, what he can do."""

    code: str
    said: Both
    then: Both


NAME_WRONG = Failure(
    "name_wrong",
    ("姓名与微信实名信息不一致", "The name is not the one that WeChat knows."),
    ("核对姓名后重新领取", "Check the name and claim it again."),
)
NOT_VERIFIED = Failure(
    "not_verified",
    ("微信支付账户尚未实名认证", "Your WeChat Pay account is not verified."),
    ("在微信支付中完成实名认证后重新领取", "Verify it in WeChat Pay and claim this again."),
)
ACCOUNT_BARRED = Failure(
    "account_barred",
    ("您的微信账户暂时无法收款", "Your WeChat account cannot receive money now."),
    ("在微信支付中查看账户状态后重新领取", "Look at your account in WeChat Pay, then claim it again."),
)
DAY_RECEIVED = Failure(
    "day_received",
    ("您今日的微信收款次数或额度已满", "Your WeChat account has received all that it may today."),
    ("明天重新领取", "Claim it again tomorrow."),
)
QUOTA_RECEIVED = Failure(
    "quota_received",
    ("您的微信账户收款额度已满", "Your WeChat account has received all that it may."),
    ("在微信支付中查看额度后重新领取", "Look at its limits in WeChat Pay, then claim this again."),
)
NOT_CONFIRMED = Failure(
    "not_confirmed",
    ("24 小时内未确认收款，本次转账已关闭", "It was not confirmed within 24 hours."),
    ("重新领取并及时确认", "Claim it again and confirm in time."),
)
WITHDRAWN = Failure(
    "withdrawn", ("本次转账已撤销", "It was withdrawn."), ("需要时可重新领取", "Claim it again when you want it.")
)
NOT_PAID = Failure(
    "not_paid",
    ("本次转账未成功", "It could not be paid."),
    ("稍后重新领取，仍不成功请联系商家", "Claim it again later; ask the shop if that does not help."),
)
"""Whatever else WeChat says: what it thinks of anybody, and what is the shop's trouble, is not his to read."""


def _each(failure: Failure, reasons: str) -> Iterable[tuple[str, Failure]]:
    return ((reason, failure) for reason in reasons.split())


FAILURES: dict[str, Failure] = {
    **dict(_each(NAME_WRONG, "NAME_NOT_CORRECT ID_CARD_NOT_CORRECT")),
    **dict(_each(NOT_VERIFIED, "REAL_NAME_CHECK_FAIL")),
    **dict(_each(ACCOUNT_BARRED, "ACCOUNT_FROZEN ACCOUNT_NOT_EXIST OPENID_INVALID PAYEE_ACCOUNT_ABNORMAL")),
    **dict(_each(DAY_RECEIVED, "DAY_RECEIVED_COUNT_EXCEED DAY_RECEIVED_QUOTA_EXCEED")),
    **dict(_each(QUOTA_RECEIVED, "REALNAME_ACCOUNT_RECEIVED_QUOTA_EXCEED")),
    **dict(_each(NOT_CONFIRMED, "OVERDUE_CLOSE")),
    **dict(_each(WITHDRAWN, "MCH_CANCEL CANCELLED")),
}
"""By WeChat's word; a word that is not here is `NOT_PAID`."""


def failure(cash: Cash) -> Failure | None:
    """Why the attempt before came to nothing, if there was one."""
    return FAILURES.get(cash.failed, NOT_PAID) if cash.failed else None


def confirm_until(cash: Cash) -> datetime | None:
    """Until when he can confirm what WeChat waits for."""
    waits = cash.state is CashState.WAITING and cash.asked_at is not None
    return cash.asked_at + rules.CONFIRM_TIME if waits and cash.asked_at else None


def where(cash: Cash, now: datetime) -> Both:
    """Where it is."""
    until = confirm_until(cash)
    return TOO_LATE if until is not None and now >= until else words.of_cash(cash, now)
