"""How an attempt ends: by what WeChat says of its number, or by its surely knowing none. Each attempt ends once."""

from __future__ import annotations

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.campaigns.gifts import Currency
from chalicelib.cash import pausing
from chalicelib.cash.items import (
    CashDay,
    CashPause,
    CashYear,
    Transfer,
    day_key,
    ended_entry,
    pause_key,
    transfer_key,
    year_key,
)
from chalicelib.cash.numbers import MOST_TRIES, number
from chalicelib.core import clock, log
from chalicelib.core.decision import decided
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read, read_one
from chalicelib.core.transaction import Transaction
from chalicelib.orders import stuck
from chalicelib.orders.stuck import Reason
from chalicelib.rewards import cash as store
from chalicelib.rewards import give
from chalicelib.rewards.cash import Cash
from chalicelib.rewards.states import NOT_CLAIMED, ON_ITS_WAY, CashState
from chalicelib.wechat import transfer as wechat
from chalicelib.wechat.transfer import TransferState

TRANSFER = "wechat_transfer"
"""What the stuck list knows an attempt by that is in trouble."""


def settle(mid: MerchantId, uid: str, cash_id: str, n: int, told: wechat.Transfer) -> None:
    """WeChat has said how attempt ``n`` ended: SUCCESS is paid, FAIL and CANCELLED can be tried under the next number.

    Again is the same. What contradicts an end that was heard before is for a person.
    """
    key = store.cash_key(mid, uid, cash_id)

    def attempt() -> None:
        cash = read_one(Cash, key)
        if cash is None:
            raise LookupError(f"the cash of a transfer: {told.out_bill_no}")
        if cash.n != n or cash.state not in ON_ITS_WAY:
            if _contradicts(cash, n, told.state):
                facts: stuck.Facts = {"amount_fen": cash.amount, "state": told.state_name, "ours": cash.state.value}
                stuck.record(mid, Reason.TRANSFER_CONTRADICTS, told.out_bill_no, facts)
            return
        tx = Transaction()
        if told.state is TransferState.SUCCESS:
            _add_paid(tx, cash)
        else:
            _add_undone(tx, cash, n + 1, told.fail_reason or told.state_name)
        _add_row(tx, cash, told)
        stuck.add_end(tx, mid, TRANSFER, told.out_bill_no)
        tx.commit()
        log.info("transfer_ended", number=told.out_bill_no, state=told.state_name, reason=told.fail_reason)

    decided(attempt)


def settle_absent(cash: Cash) -> None:
    """WeChat surely knows nothing of the attempt: its number stays, and whatever is offered under it next is new."""
    tx = Transaction()
    _add_undone(tx, cash, cash.n, None)
    stuck.add_end(tx, cash.mid, TRANSFER, number(cash.uid, cash.cash_id, cash.n))
    tx.commit()
    log.info("transfer_unknown", cash=cash.cash_id, n=cash.n)


def _contradicts(cash: Cash, n: int, state: TransferState) -> bool:
    """Whether an end is another than that which was heard of the same attempt."""
    paid = cash.state is CashState.PAID and cash.n == n
    return paid != (state is TransferState.SUCCESS)


def _add_paid(tx: Transaction, cash: Cash) -> None:
    """It has reached him."""
    now = clock.now()
    actions: list[Action] = [
        Cash.state.set(CashState.PAID),
        Cash.legs.set(give.moved(store.account(cash.uid), store.transferred(cash.uid), Currency.CASH, cash.amount)),
        Cash.posted_at.set(now),
        Cash.ended_at.set(now),
        Cash.body.remove(),
        Cash.package.remove(),
        Cash.failed.remove(),
    ]
    when = {"attempt": Cash.n == cash.n, "on_its_way": Cash.state.is_in(*ON_ITS_WAY), "day": Cash.day == cash.day}
    tx.update("cash", cash, actions, when=when, due=None)
    store.add_moved(tx, cash, CashState.PAID)
    counted = [CashYear.paid.add(1), CashYear.paid_fen.add(cash.amount)]
    tx.update("year", year_key(cash.mid, cash.uid, _year(cash)), counted, when={})


def _add_undone(tx: Transaction, cash: Cash, n: int, failed: str | None) -> None:
    """The attempt came to nothing: he may ask again in time, else it is its campaign's; its limits are free again."""
    now, pause, day = clock.now(), pause_key(cash.mid, cash.cid), day_key(cash.mid, cash.uid, cash.day or "")
    found = read(pause, day)
    same: dict[str, Condition] = {
        "attempt": Cash.n == cash.n,
        "on_its_way": Cash.state.is_in(*ON_ITS_WAY),
        "day": Cash.day == cash.day,
        "intent": Cash.intent_at == cash.intent_at,
    }
    why = Cash.failed.set(failed) if failed else Cash.failed.remove()
    kept = now <= cash.until or pausing.kept_until(cash, found.item(CashPause, pause), now) is not None
    if kept and n <= MOST_TRIES:
        actions: list[Action] = [Cash.state.set(CashState.CLAIMABLE), Cash.n.set(n), why, *store.gone()]
        tx.update("cash", cash, actions, when=same, due=max(cash.until, now))
        store.add_moved(tx, cash, CashState.CLAIMABLE)
    else:
        legs = give.moved(store.account(cash.uid), give.campaign(cash.cid), Currency.CASH, cash.amount)
        also: list[Action] = [Cash.legs.set(legs), Cash.posted_at.set(now), why]
        store.add_returned(tx, cash, NOT_CLAIMED, also, same)
    _add_limits_back(tx, cash, found.item(CashDay, day))


def _add_limits_back(tx: Transaction, cash: Cash, day: CashDay | None) -> None:
    """What the attempt took of its own day and year is free; a day that is long over may be gone."""
    if day is not None:
        less = [CashDay.times.add(-1), CashDay.fen.add(-cash.amount)]
        tx.update("day", day, less, when={"counted": CashDay.fen >= cash.amount})
    fewer = [CashYear.times.add(-1), CashYear.fen.add(-cash.amount)]
    year = year_key(cash.mid, cash.uid, _year(cash))
    tx.update("year", year, fewer, when={"counted": CashYear.fen >= cash.amount})


def _add_row(tx: Transaction, cash: Cash, told: wechat.Transfer) -> None:
    """Write down how the attempt ended, where the day finds it on which that was heard."""
    at = told.update_time or clock.now()
    key = transfer_key(cash.mid, cash.uid, cash.cash_id, cash.n)
    pk, sk = ended_entry(cash.mid, key, clock.now())
    actions: list[Action] = [
        Transfer.number.set(told.out_bill_no),
        Transfer.amount.set(cash.amount),
        Transfer.cid.set(cash.cid),
        Transfer.state.set(told.state),
        Transfer.bill_no.set(told.transfer_bill_no),
        Transfer.ended_at.set(at),
        Transfer.gsi1pk.set(pk),
        Transfer.gsi1sk.set(sk),
    ]
    if told.fail_reason:
        actions.append(Transfer.reason.set(told.fail_reason))
    tx.upsert("transfer", key, actions)


def return_unasked(cash: Cash, note: str) -> None:
    """Nobody asked for it in time, or its merchant does not let him have it: it is its campaign's again."""
    tx = Transaction()
    add_unasked(tx, cash, note)
    tx.commit()
    log.info("cash_returned", cash=cash.cash_id, why=note)


def add_unasked(tx: Transaction, cash: Cash, note: str) -> None:
    """`return_unasked`, in somebody's transaction."""
    legs = give.moved(store.account(cash.uid), give.campaign(cash.cid), Currency.CASH, cash.amount)
    store.add_returned(tx, cash, note, [Cash.legs.set(legs), Cash.posted_at.set(clock.now())])


def _year(cash: Cash) -> str:
    """The year that it counts in."""
    return (cash.day or "")[:4]
