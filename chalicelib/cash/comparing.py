"""One day of the operations account beside our transfers: number by number, both ways, and as far as time reaches.

Money leaves when it is locked, maybe a day before its user confirms, and comes back when the transfer ends without
payment, maybe after midnight. So what each day's bill says is kept with the attempt that it says it of, and all of it
together is compared: of a payment with the bill of the day on which we heard of it, of what came to nothing with the
bill of the day after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from pynamodb.expressions.update import Action

from chalicelib.cash import numbers
from chalicelib.cash.days import FlowDay, day_key, days_index
from chalicelib.cash.items import DAY_SHARDS, Transfer, ended_partition, transfer_key
from chalicelib.cash.moved import Moved, moved
from chalicelib.cash.numbers import Attempt
from chalicelib.core import clock, log
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import query, read, read_all, read_one
from chalicelib.core.table import Key
from chalicelib.core.transaction import Lost, update_one, upsert_one
from chalicelib.merchants.cash import CashSetup, setup_key
from chalicelib.merchants.service import pay_account
from chalicelib.orders import stuck
from chalicelib.orders.stuck import Difference, Facts, Reason
from chalicelib.rewards.cash import Cash, cash_key
from chalicelib.rewards.states import ON_ITS_WAY, CashState
from chalicelib.wechat import fundflow
from chalicelib.wechat.transfer import TransferState

AT_ONCE = 50
"""Attempts that are compared in one round: of each, its cash and what became of it are read."""
PAGE = 1000
SLICE_SECONDS = 5.0
"""How long one turn compares; a day that takes longer goes on in the next, where it stopped."""

DAY = timedelta(days=1)
OFFERED = (*ON_ITS_WAY, CashState.PAID)
"""Where cash is whose attempt may stand in WeChat's books."""


class Ended(NamedTuple):
    """A transfer whose end was heard on a day in China."""

    key: Key
    on: date


def compare(mid: MerchantId, day: date, in_time: Callable[[], bool] | None = None) -> int | None:
    """Compare a day in China with the operations account's bill of it; returns how many differences there are.

    None where time ran out (`in_time` says that there is some): what was compared is kept with the day, and the next
    call goes on there, unless the bill is another by then. What ended is looked up before the bill is asked for. The
    days before it must have been compared. Raises `Unknown` while the bill cannot be had, and `WechatError`.
    """
    ended = list(_ended(mid, day))
    bill = moved(fundflow.operations_flow(pay_account(mid), day))
    before = read_one(FlowDay, day_key(mid, day))
    goes_on = before is not None and before.done is not None and before.digest == bill.digest
    done, differences = (before.done or 0, before.differences) if before and goes_on else (0, 0)
    in_time = in_time or clock.for_seconds(SLICE_SECONDS)
    todo: list[str | Ended] = [*bill.transfers, *ended]
    while part := todo[done : done + AT_ONCE]:
        told = [name for name in part if isinstance(name, str)]
        differences += stuck.record_all(mid, day, _compared(mid, day, bill, told))
        differences += stuck.record_all(mid, day, _lacking(day, bill, [one for one in part if isinstance(one, Ended)]))
        done += len(part)
        if not in_time():
            _keep(mid, day, bill, differences, [FlowDay.done.set(done), FlowDay.digest.set(bill.digest)])
            log.info("flow_compared_in_part", mid=mid, day=day.isoformat(), done=done, differences=differences)
            return None
    over = [FlowDay.compared_at.set(clock.now()), FlowDay.done.remove(), FlowDay.digest.remove()]
    _keep(mid, day, bill, differences, over)
    _seen(mid, bill)
    log.info("flow_compared", mid=mid, day=day.isoformat(), transfers=len(bill.transfers), differences=differences)
    return differences


def _keep(mid: MerchantId, day: date, bill: Moved, differences: int, more: Sequence[Action]) -> None:
    """How far a day is; the sums are WeChat's."""
    sums, last = bill.sums, bill.last
    actions = [
        FlowDay.transfers.set(sums.transfers),
        FlowDay.transferred_fen.set(sums.transferred),
        FlowDay.returns.set(sums.returns),
        FlowDay.returned_fen.set(sums.returned),
        FlowDay.other_came_fen.set(sums.other_came),
        FlowDay.other_went_fen.set(sums.other_went),
        FlowDay.balance_fen.set(last.balance) if last is not None else FlowDay.balance_fen.remove(),
        FlowDay.differences.set(differences),
        FlowDay.gsi1pk.set(days_index(mid)),
        FlowDay.gsi1sk.set(day.isoformat()),
        *more,
    ]
    upsert_one(day_key(mid, day), actions, when={})


def _seen(mid: MerchantId, bill: Moved) -> None:
    """What the account has is known as of the latest line of any bill."""
    if bill.last is None:
        return
    newer = {"newer": CashSetup.seen_at.does_not_exist() | (CashSetup.seen_at < bill.last.at)}
    seen = [CashSetup.seen_fen.set(int(bill.last.balance)), CashSetup.seen_at.set(bill.last.at)]
    try:
        update_one(setup_key(mid), seen, when=newer)
    except Lost:
        log.info("balance_known_already", mid=mid, at=bill.last.at.isoformat())


def _ended(mid: MerchantId, day: date) -> Iterator[Ended]:
    """The transfers of whose end we heard on a day or on the one before it."""
    for on in (day - DAY, day):
        for shard in range(DAY_SHARDS):
            after = None
            while True:
                page = query(ended_partition(mid, on, shard), index="gsi1", limit=PAGE, after=after)
                yield from (Ended(key, on) for key in page.keys)
                after = page.after
                if after is None:
                    break


def _compared(mid: MerchantId, day: date, bill: Moved, names: Sequence[str]) -> Iterator[Difference]:
    """What the bill has and we know otherwise; what it says of an attempt of ours is kept with that."""
    attempts = {name: attempt for name in names if (attempt := numbers.parse(name)) is not None}
    keys = [key for attempt in attempts.values() for key in _keys(mid, attempt)]
    found = read(*keys) if keys else {}
    for name in names:
        said = bill.transfers[name]
        facts: Facts = {"transaction": said.transfer_bill_no, "bill_fen": max(map(abs, said.amounts))}
        if (attempt := attempts.get(name)) is None:
            yield Reason.FLOW_UNKNOWN, name, facts
            continue
        facts |= {"user_id": attempt.uid, "cash_id": attempt.cash_id}
        cash, transfer = (found[key] for key in _keys(mid, attempt))
        known = transfer if isinstance(transfer, Transfer) else None
        if not isinstance(cash, Cash) or not _offered(cash, known, attempt):
            yield Reason.FLOW_UNKNOWN, name, facts
            continue
        about = [Transfer.number.set(name), Transfer.amount.set(cash.amount), Transfer.cid.set(cash.cid)]
        _book(transfer_key(mid, *attempt), known.booked if known else None, day, said.net, about)
        if said.differs(cash.amount):
            yield Reason.FLOW_DIFFERS, name, {**facts, "amount_fen": cash.amount}


def _keys(mid: MerchantId, attempt: Attempt) -> tuple[Key, Key]:
    """Where an attempt's cash stands, and where what became of it."""
    return cash_key(mid, attempt.uid, attempt.cash_id), transfer_key(mid, *attempt)


def _offered(cash: Cash, known: Transfer | None, attempt: Attempt) -> bool:
    """Whether we ever offered it: it is on its way, or it has ended.

    A strong batch can show half of the transaction that ends it: the cash, and not yet how its attempt ended.
    """
    if cash.n == attempt.n and cash.state in OFFERED:
        return True
    if known is None or known.state is None:
        known = read_one(Transfer, transfer_key(cash.mid, *attempt))
    return known is not None and known.state is not None


def _book(key: Key, before: dict[str, int] | None, day: date, net: int | None, more: Sequence[Action] = ()) -> None:
    """Keep what a day's bill says of an attempt instead of what it said before; nothing where it has no line of it."""
    after = {**(before or {}), day.isoformat(): net}
    kept = {on: fen for on, fen in sorted(after.items()) if fen is not None}
    if kept == (before or {}):
        return
    as_seen = Transfer.booked == before if before is not None else Transfer.booked.does_not_exist()
    upsert_one(key, [Transfer.booked.set(kept), *more], when={"as_seen": as_seen})


def _lacking(day: date, bill: Moved, ended: Sequence[Ended]) -> Iterator[Difference]:
    """Of what has ended, that which all bills so far have otherwise; a line of another amount was told already."""
    heard = {one.key: one.on for one in ended}
    for row in read_all(heard):
        if not isinstance(row, Transfer) or (wanted := _wanted(row, heard[row.key], day)) is None:
            continue
        said = bill.transfers.get(row.number)
        if said is None:
            _book(row.key, row.booked, day, None)
        booked = sum(fen for on, fen in (row.booked or {}).items() if said is not None or on != day.isoformat())
        if booked == wanted or (said is not None and said.differs(row.amount)):
            continue
        reason = Reason.FLOW_DIFFERS
        if wanted and not booked:
            reason = Reason.FLOW_LACKS_TRANSFER
        elif not wanted and booked == -row.amount:
            reason = Reason.FLOW_LACKS_RETURN
        facts: Facts = {"user_id": row.uid, "transaction": row.bill_no, "amount_fen": row.amount, "booked_fen": booked}
        yield reason, row.number, facts


def _wanted(row: Transfer, heard: date, day: date) -> int | None:
    """What all bills must come to by that day's; None where it is not yet, or no longer, to be asked."""
    if row.state is TransferState.SUCCESS:
        return -row.amount if heard == day else None
    return 0 if heard == day - DAY else None
