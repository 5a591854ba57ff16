"""One day's books beside WeChat's bill of it: line by line, both ways, and as far as time reaches."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from pynamodb.expressions.update import Action

from chalicelib.core import clock, log
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.metrics import count
from chalicelib.core.store import query, read, read_all, read_one
from chalicelib.core.table import Item, Key
from chalicelib.core.transaction import update_one, upsert_one
from chalicelib.merchants.service import pay_account
from chalicelib.orders import payment, stuck
from chalicelib.orders.day import DayBill, bill_index, bill_key
from chalicelib.orders.items import (
    PAYMENT_SHARDS,
    Order,
    Payment,
    Refund,
    order_key,
    paid_on,
    payment_key,
    refund_key,
    refunded_on,
)
from chalicelib.orders.numbers import parse_refund_number, parse_trade_number, refund_number, trade_number
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.states import Disposition
from chalicelib.orders.stuck import Difference, Facts, Reason
from chalicelib.wechat import bill, pay
from chalicelib.wechat.account import PayAccount
from chalicelib.wechat.bill import Bill, Line
from chalicelib.wechat.trade import Trade

AT_ONCE = 100
"""Lines whose payments are read in one round."""
PAGE = 1000
PAID = "SUCCESS"
"""What a bill calls a payment that was made and stands, refunded or not."""
UNDER_WAY_OR_BACK = frozenset({"PROCESSING", "SUCCESS"})
"""What a bill may call a refund that we know to be back: it is older than what we know."""

SLICE_SECONDS = 5.0
"""How long one turn compares; a day that takes longer goes on in the next, where it stopped."""


def compare(mid: MerchantId, day: date, in_time: Callable[[], bool] | None = None) -> int | None:
    """Compare a day in China with WeChat's bill of it, both ways; returns how many differences there are.

    None where time ran out (`in_time` says that there is some): what was compared is kept with the day, and the next
    call goes on there, unless the bill is another by then. Ours are looked up before the bill is asked for: what we
    know by then WeChat must have booked. Raises `Unknown` while the bill cannot be had.
    """
    account = pay_account(mid)
    paid, returned = set(_ours(mid, day)), set(_returned(mid, day))
    told = bill.trade_bill(account, day)
    digest = hashlib.sha1(told.content).hexdigest()
    before = read_one(DayBill, bill_key(mid, day))
    goes_on = before is not None and before.line is not None and before.digest == digest
    done, differences = (before.line, before.differences) if before and goes_on else (0, 0)
    in_time = in_time or clock.for_seconds(SLICE_SECONDS)
    lines = told.lines()
    for line in islice(lines, done):
        (returned if line.refund_number else paid).discard(line.refund_number or line.number)
    while part := list(islice(lines, AT_ONCE)):
        differences += stuck.record_all(mid, day, _compared(account, mid, day, part, paid, returned))
        done += len(part)
        if not in_time():
            _keep(mid, day, told, differences, [DayBill.line.set(done), DayBill.digest.set(digest)])
            log.info("bill_compared_in_part", mid=mid, day=day.isoformat(), lines=done, differences=differences)
            return None
    differences += stuck.record_all(mid, day, _missing(mid, paid, returned))
    ended = [DayBill.compared_at.set(clock.now()), DayBill.line.remove(), DayBill.digest.remove()]
    _keep(mid, day, told, differences, ended)
    log.info("bill_compared", mid=mid, day=day.isoformat(), lines=done, differences=differences)
    return differences


def _keep(mid: MerchantId, day: date, told: Bill, differences: int, more: Sequence[Action]) -> None:
    """How far a day is; the sums are WeChat's."""
    actions = [
        DayBill.payments.set(told.payments),
        DayBill.paid_fen.set(told.paid),
        DayBill.refunds.set(told.refunds),
        DayBill.refunded_fen.set(told.refunded),
        DayBill.differences.set(differences),
        DayBill.gsi1pk.set(bill_index(mid)),
        DayBill.gsi1sk.set(day.isoformat()),
        *more,
    ]
    upsert_one(bill_key(mid, day), actions, when={})


def _compared(
    account: PayAccount, mid: MerchantId, day: date, part: Sequence[Line], missing: set[str], unreturned: set[str]
) -> Iterator[Difference]:
    """What differs in one round of lines; what they have is missed no more."""
    payments, refunds = _known(mid, part)
    for line in part:
        said: Facts = {"transaction": line.transaction_id, "bill_fen": line.refund or line.total}
        if line.refund_number:
            row = refunds.get(line.refund_number)
            reasons = _refund_differs(line, row)
            if row is not None and line.refund_number not in unreturned:
                _billed(row, day)
            unreturned.discard(line.refund_number)
            said["bill_status"] = line.refund_status
        else:
            missing.discard(line.number)
            reasons = _payment_differs(account, mid, line, payments.get(line.number))
            said["bill_status"] = line.status
        for reason in reasons:
            yield reason, line.refund_number or line.number, said


def _missing(mid: MerchantId, paid: set[str], returned: set[str]) -> Iterator[Difference]:
    """What we know and no line had."""
    for number, total_fen in _captured(mid, sorted(paid)):
        yield Reason.BILL_LACKS_PAYMENT, number, {"total_fen": total_fen}
    for number, refund_fen in _unbilled(mid, sorted(returned)):
        yield Reason.BILL_LACKS_REFUND, number, {"refund_fen": refund_fen}


def _ours(mid: MerchantId, day: date) -> Iterator[str]:
    """The numbers of the attempts that were paid on a day, as we know it."""
    for position in _positions(paid_on(mid, day, shard) for shard in range(PAYMENT_SHARDS)):
        _, oid, attempt = position.split("#")
        yield trade_number(oid, int(attempt))


def _returned(mid: MerchantId, day: date) -> Iterator[str]:
    """The numbers of the refunds that arrived on a day, as we know it."""
    for position in _positions(refunded_on(mid, day, shard) for shard in range(PAYMENT_SHARDS)):
        _, oid, which = position.split("#")
        attempt, cause = which.split("-")
        yield refund_number(oid, int(attempt), int(cause))


def _positions(partitions: Iterable[str]) -> Iterator[str]:
    for partition in partitions:
        after = None
        while True:
            page = query(partition, index="gsi1", limit=PAGE, after=after)
            yield from page.positions
            after = page.after
            if after is None:
                break


def _known(mid: MerchantId, lines: Sequence[Line]) -> tuple[dict[str, Payment], dict[str, Refund]]:
    """Our payments and refunds that lines are about, by the number that a line has."""
    keys: dict[str, Key] = {}
    for line in lines:
        if line.refund_number:
            if (refund := parse_refund_number(line.refund_number)) is not None:
                keys[line.refund_number] = refund_key(mid, *refund)
        elif (trade := parse_trade_number(line.number)) is not None:
            keys[line.number] = payment_key(mid, *trade)
    found = read(*keys.values()) if keys else {}
    rows = {number: found[key] for number, key in keys.items()}
    payments = {number: row for number, row in rows.items() if isinstance(row, Payment)}
    return payments, {number: row for number, row in rows.items() if isinstance(row, Refund)}


def _billed(row: Refund, day: date) -> None:
    """Remember that this day's bill has a refund that arrives on another day, whose bill need not have it."""
    update_one(row, [Refund.billed.set(day.isoformat())], when={})


def _captured(mid: MerchantId, numbers: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Those payments of ours, with how much was paid."""
    known = [parsed for number in numbers if (parsed := parse_trade_number(number))]
    for row in _items(payment_key(mid, *each) for each in known):
        if isinstance(row, Payment):
            yield trade_number(row.oid, row.attempt), row.total_fen


def _unbilled(mid: MerchantId, numbers: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Those of our refunds that no bill has had so far, with how much went back."""
    known = [parsed for number in numbers if (parsed := parse_refund_number(number))]
    for row in _items(refund_key(mid, *each) for each in known):
        if isinstance(row, Refund) and row.billed is None:
            yield row.number, row.amount_fen


def _items(keys: Iterator[Key]) -> Iterator[Item]:
    """The items of ``keys``, of which no more than one round are held."""
    while part := list(islice(keys, AT_ONCE)):
        yield from read_all(part)


def _payment_differs(account: PayAccount, mid: MerchantId, line: Line, row: Payment | None) -> list[Reason]:
    """In what the bill's payment is another than ours; one that we do not know is taken first, if it can be."""
    reasons = []
    ours: tuple[str | None, int | None]
    if row is not None:
        ours = row.transaction_id, row.total_fen
    else:
        taken = _taken(account, mid, line)
        if isinstance(taken, Reason):
            return [taken]
        ours = taken.transaction_id, taken.total
    if ours != (line.transaction_id, line.total):
        reasons.append(Reason.BILL_PAYMENT_DIFFERS)
    if line.status != PAID:
        reasons.append(Reason.BILL_PAYMENT_STATUS)
    return reasons


def _refund_differs(line: Line, row: Refund | None) -> list[Reason]:
    if row is None:
        return [Reason.BILL_REFUND_UNKNOWN]
    reasons = []
    if row.amount_fen != line.refund:
        reasons.append(Reason.BILL_REFUND_DIFFERS)
    if row.state == Disposition.REFUNDED and line.refund_status not in UNDER_WAY_OR_BACK:
        reasons.append(Reason.BILL_REFUND_STATUS)
    return reasons


def _taken(account: PayAccount, mid: MerchantId, line: Line) -> Trade | Reason:
    """Take a payment of which only the bill tells, on WeChat's signed word: its notifications were all lost."""
    number = parse_trade_number(line.number)
    if number is None or read_one(Order, order_key(mid, number[0])) is None:
        return Reason.BILL_PAYMENT_UNKNOWN
    trade = pay.query(account, line.number)
    ref = PaymentRef.parse(mid, trade.attach) if trade else None
    if trade is None or ref is None or not trade.captured:
        return Reason.BILL_PAYMENT_UNKNOWN
    count("FoundByBill")
    try:
        payment.take(ref, trade)
    except RippleError as refused:
        log.warning("bill_payment_refused", number=line.number, raised=refused)
        return Reason.PAYMENT_DIFFERS
    return trade
