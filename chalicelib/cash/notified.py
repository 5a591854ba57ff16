"""WeChat tells how a transfer ended: believed where it is signed, and only of what we know."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.accounts.items import User, user_key
from chalicelib.cash import settling
from chalicelib.cash.numbers import Attempt, parse
from chalicelib.core import clock, log
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read
from chalicelib.merchants.service import pay_account
from chalicelib.orders import stuck
from chalicelib.orders.genuine import genuine
from chalicelib.orders.problems import NOTIFICATION_MISPLACED
from chalicelib.orders.stuck import Reason
from chalicelib.rewards.cash import Cash, cash_key
from chalicelib.wechat import notification
from chalicelib.wechat.transfer import Transfer

EVENT = "MCHTRANSFER.BILL.FINISHED"


def notified(mid: MerchantId, headers: Mapping[str, str], raw: bytes) -> None:
    """Take a notification of a transfer. Returning is the acknowledgement; what is refused is a 4xx.

    Raises `NOTIFICATION_REFUSED` for what is not genuine, `NOTIFICATION_MISPLACED` for a genuine one that fits nothing
    of ours (recorded once as stuck money).
    """
    account = pay_account(mid)
    with genuine():
        event = notification.read(account, headers, raw, clock.now())
        if event.event_type != EVENT:
            log.warning("notification_of_unknown_kind", kind=event.event_type)
            return
        told = notification.transfer(event)
    if not told.over:
        log.warning("transfer_told_of_no_end", number=told.out_bill_no, state=told.state_name)
        return
    attempt = parse(told.out_bill_no)
    if attempt is None or told.mchid != account.mchid:
        raise _misplaced(mid, Reason.TRANSFER_UNKNOWN, told)
    _insist_ours(mid, attempt, told)
    settling.settle(mid, attempt.uid, attempt.cash_id, attempt.n, told)


def _insist_ours(mid: MerchantId, attempt: Attempt, told: Transfer) -> None:
    """Raise `NOTIFICATION_MISPLACED` for a transfer that we did not make, or of another amount, or to somebody else.

    A user who is gone has no openid to compare with.
    """
    key, his = cash_key(mid, attempt.uid, attempt.cash_id), user_key(mid, attempt.uid)
    found = read(key, his)
    cash, user = found.item(Cash, key), found.item(User, his)
    if cash is None or attempt.n > cash.n:
        raise _misplaced(mid, Reason.TRANSFER_UNKNOWN, told)
    if told.amount != cash.amount or (user is not None and told.openid != user.openid):
        raise _misplaced(mid, Reason.TRANSFER_DIFFERS, told)


def _misplaced(mid: MerchantId, reason: Reason, told: Transfer) -> RippleError:
    facts: stuck.Facts = {"amount_fen": told.amount, "state": told.state_name, "transfer": told.transfer_bill_no}
    stuck.record(mid, reason, told.out_bill_no, facts)
    return RippleError(NOTIFICATION_MISPLACED)
