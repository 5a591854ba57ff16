"""Cash whose time has come: what nobody asked for goes back, and what is on its way is asked about at WeChat."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.cash import offering, pausing, rules, settling
from chalicelib.cash.items import CashPause, pause_key
from chalicelib.cash.numbers import number
from chalicelib.cash.settling import TRANSFER
from chalicelib.core import chance, clock, log, rate
from chalicelib.core.rate import Rate
from chalicelib.core.store import read_one
from chalicelib.core.times import Time, span, timed
from chalicelib.core.transaction import Lost, Transaction, update_one
from chalicelib.merchants.service import pay_account
from chalicelib.orders import stuck
from chalicelib.orders.stuck import Reason
from chalicelib.rewards import telling
from chalicelib.rewards.cash import Cash
from chalicelib.rewards.states import NOT_APPROVED, NOT_CLAIMED, ON_ITS_WAY, CashState
from chalicelib.wechat import transfer
from chalicelib.wechat.http import Unknown, WechatError
from chalicelib.wechat.transfer import Transfer, TransferState

QUESTION, WITHDRAWAL = "wechat_transfer_question", "wechat_transfer_withdrawal"
QUESTIONS, WITHDRAWALS = Rate(normal=50, slow=50), Rate(normal=20, slow=20)
"""Questions and withdrawals a second: WeChat answers a hundred, and takes twenty."""

CROWD = 30.0
"""Over so many seconds those are spread that wait for the end of a pause."""

UNOFFERED = (TransferState.ACCEPTED, TransferState.PROCESSING)
"""WeChat has it and lacks something, money as a rule: the same offer again lets it look anew."""


@timed(
    Time(
        "its hold is over at `since`, where the merchant has a template for rewards that arrive",
        "its user is told that he may claim it",
        "he may claim it, told or not",
    ),
    Time(
        "nobody has asked for it by `until`",
        "it goes back to its campaign's budget; what a pause kept from its user he may ask for "
        f"{span(rules.LONGER)} longer",
        "past it nobody can ask for it",
    ),
    Time(
        f"the merchant has not looked at a doubtful user's cash for {span(rules.REVIEW)}",
        "it is not approved and goes back to its campaign's budget",
        "the merchant may still decide",
    ),
    Time(
        f"it is on its way: first after {span(rules.FIRST_LOOK)}, then after a quarter of the time that it has been, "
        f"at most every {span(rules.LONGEST_SENDING)}, or {span(rules.LONGEST_WAITING)} while its user has to confirm",
        "WeChat is asked what became of the transfer; one that WeChat does not have is offered again as it was",
        "no other attempt begins, so that nothing is paid twice",
    ),
    Time(
        f"{span(rules.SURELY_ABSENT)} after the latest offer of an attempt that is given up, where WeChat "
        "knows of none",
        "WeChat is asked once more; then the cash may be asked for anew, or goes back",
        "no other attempt begins",
    ),
    Time(
        f"{span(rules.SURE)} after it was asked for, where WeChat gives it no end",
        "the merchant finds it among stuck money; it is not offered any more, and asked about on",
        "the merchant hears later",
    ),
)
def cash_due(cash: Cash) -> None:
    """Do what is due of a user's cash (the due handler of `Cash`)."""
    if cash.state is CashState.CLAIMABLE:
        _over(cash)
    elif cash.state is CashState.REVIEW:
        settling.return_unasked(cash, NOT_APPROVED)
    elif cash.state in ON_ITS_WAY:
        _on_its_way(cash)


def _over(cash: Cash) -> None:
    """Its hold is over, or its time is, unless a pause keeps it from its user: then he has longer."""
    now, leased = clock.now(), {"leased": Cash.gsi2sk == cash.gsi2sk}
    if now <= cash.until:
        tx = Transaction()
        tx.update("item", cash, [], when=leased, due=cash.until + timedelta(milliseconds=1))
        if cash.since <= now < cash.until:
            telling.add_claimable(tx, "told", cash, now)
        tx.commit_lightly()
        return
    kept = pausing.kept_until(cash, _pause(cash), now)
    if kept is not None:
        longer = kept + rules.LONGER
        claimable = {**leased, "claimable": Cash.state == CashState.CLAIMABLE}
        update_one(cash, [Cash.until.set(longer)], when=claimable, due=longer + timedelta(milliseconds=1))
        return
    settling.return_unasked(cash, NOT_CLAIMED)


def _on_its_way(cash: Cash) -> None:
    """Ask WeChat what became of the attempt; the time of asking counts, not that of the answer.

    Only an offer tells what opens WeChat's page; the money is locked then, so that no pause is in its way.
    """
    rate.insist_turn(cash, QUESTION, QUESTIONS)
    asked_at = clock.now()
    if rules.is_old(cash, asked_at):
        _tell(cash, Reason.TRANSFER_SLOW)
    try:
        told = transfer.query(pay_account(cash.mid), number(cash.uid, cash.cash_id, cash.n))
    except WechatError as refused:
        log.error("transfer_question_refused", cash=cash.cash_id, wechat_code=refused.code)
        raise Unknown(refused.code) from refused
    if told is None:
        _absent(cash, asked_at)
    elif told.over:
        settling.settle(cash.mid, cash.uid, cash.cash_id, cash.n, told)
    elif cash.state is CashState.CANCELLING:
        _withdraw(cash, told)
    elif told.state is TransferState.WAIT_USER_CONFIRM and cash.package is None:
        offering.offer_again(cash, None)
    elif told.state in UNOFFERED:
        if cash.tapped_at is not None and asked_at >= cash.tapped_at + rules.UNFUNDED:
            pausing.ring(cash.mid, cash.cid, told.state_name)
        _offer_again(cash)
    else:
        _wait(cash)


def _absent(cash: Cash, asked_at: datetime) -> None:
    """WeChat knows of no such number: it counts only if no offer can be on its way, and while it would remember.

    Whoever asked in time does not lose by waiting for his merchant, who paused or whose account is refused: given up is
    what was offered after its time and is not kept from him.
    """
    offered_late = cash.intent_at is not None and cash.intent_at > cash.until + rules.GIVE_UP
    late = offered_late and pausing.kept_until(cash, _pause(cash), asked_at) is None
    over = late or cash.state is CashState.CANCELLING or rules.is_old(cash, asked_at)
    if rules.is_forgotten(cash, asked_at):
        _wait(cash)
    elif not over:
        _offer_again(cash)
    elif cash.intent_at is not None and asked_at < cash.intent_at + rules.SURELY_ABSENT:
        update_one(cash, [], when={"leased": Cash.gsi2sk == cash.gsi2sk}, due=cash.intent_at + rules.SURELY_ABSENT)
    else:
        settling.settle_absent(cash)


def _offer_again(cash: Cash) -> None:
    """Offer it once more as it was, unless the campaign's cash waits or the attempt is too old to be offered."""
    now, pause = clock.now(), _pause(cash)
    stopped = pausing.stopped_until(cash.mid, pause, now)
    if rules.is_old(cash, now):
        _wait(cash)
    elif stopped is not None:
        _stand_by(cash, stopped)
    else:
        try:
            offering.offer_again(cash, pause)
        except Lost as lost:
            if not lost.has("pause"):
                raise
            _stand_by(cash, now + rules.PAUSE)


def _stand_by(cash: Cash, until: datetime) -> None:
    """Nothing is offered before then, unless another is the one that is tried."""
    later = until + timedelta(seconds=chance.uniform(0, CROWD))
    update_one(cash, [], when={"leased": Cash.gsi2sk == cash.gsi2sk}, due=later)


def _withdraw(cash: Cash, told: Transfer) -> None:
    """Withdraw it at WeChat, unless that is under way; it may be too late, which the next question tells."""
    if told.state is not TransferState.CANCELING and rate.take(cash.mid, WITHDRAWAL, WITHDRAWALS):
        try:
            answer = transfer.cancel(pay_account(cash.mid), told.out_bill_no)
        except WechatError as refused:
            log.info("transfer_not_withdrawn", cash=cash.cash_id, wechat_code=refused.code)
        else:
            if answer is not None and answer.over:
                settling.settle(cash.mid, cash.uid, cash.cash_id, cash.n, answer)
                return
    _wait(cash)


def _pause(cash: Cash) -> CashPause | None:
    return read_one(CashPause, pause_key(cash.mid, cash.cid))


def _wait(cash: Cash) -> None:
    update_one(cash, [], when={"leased": Cash.gsi2sk == cash.gsi2sk}, due=rules.look_again(cash, clock.now()))


def _tell(cash: Cash, why: Reason) -> None:
    facts: stuck.Facts = {"amount_fen": cash.amount, "user": cash.uid}
    stuck.record(cash.mid, why, number(cash.uid, cash.cash_id, cash.n), facts, effect=TRANSFER)
