"""Every day's books compared with WeChat's: what it booked and we do not know, and what we know and it did not book.

The merchant's own due entry asks each morning for the day before. A payment that only the bill tells of is taken as if
it had been notified; whatever else differs is stuck money, which a person sees. A day may be compared once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any

from chalicelib.core import clock, log
from chalicelib.core.decision import decided
from chalicelib.core.errors import INVALID_FIELD, RippleError, Unknown
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId
from chalicelib.core.metrics import count
from chalicelib.core.store import query, read, read_all, read_one
from chalicelib.core.table import Item, Key
from chalicelib.core.transaction import Transaction, due_moves, update_one, upsert_one
from chalicelib.merchants import audit
from chalicelib.merchants.items import Merchant
from chalicelib.merchants.service import bill_due_at, pay_account
from chalicelib.orders import payment, stuck
from chalicelib.orders.items import (
    PAYMENT_SHARDS,
    DayBill,
    Order,
    Payment,
    Refund,
    bill_index,
    bill_key,
    order_key,
    paid_on,
    payment_key,
    refund_key,
    refunded_on,
)
from chalicelib.orders.numbers import parse_refund_number, parse_trade_number, refund_number, trade_number
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.states import Disposition
from chalicelib.orders.stuck import Facts, Reason
from chalicelib.wechat import bill, pay
from chalicelib.wechat.account import PayAccount
from chalicelib.wechat.bill import Line
from chalicelib.wechat.http import WechatError
from chalicelib.wechat.trade import Trade

KEPT = timedelta(days=90)
"""WeChat keeps bills for three months."""
AT_ONCE = 100
"""Lines whose payments are read in one round."""
PAGE = 1000
PAID = "SUCCESS"
"""What a bill calls a payment that was made and stands, refunded or not."""
UNDER_WAY_OR_BACK = frozenset({"PROCESSING", "SUCCESS"})
"""What a bill may call a refund that we know to be back: it is older than what we know."""


def merchant_due(merchant: Merchant) -> None:
    """Compare the merchant's next day, and come back for the one after it (the due handler of `Merchant`).

    What is stuck is reported first, whether or not WeChat has a bill.
    """
    day = date.fromisoformat(merchant.bill_day or "")
    leased = {"leased": Merchant.gsi2sk == merchant.gsi2sk}
    if clock.now() < bill_due_at(day):
        update_one(merchant, [], when=leased, due=bill_due_at(day))
        return
    stuck.report(merchant.mid)
    if clock.now().astimezone(clock.BEIJING).date() - day <= KEPT:
        compare(merchant.mid, day)
    else:
        log.error("bill_too_old", mid=merchant.mid, day=day.isoformat())
    after = day + timedelta(days=1)
    update_one(merchant, [Merchant.bill_day.set(after.isoformat())], when=leased, due=bill_due_at(after))


def compare(mid: MerchantId, day: date) -> int:
    """Compare a day in China with WeChat's bill of it, both ways; returns how many differences there are.

    Ours are looked up before the bill is asked for: what we know by then WeChat must have booked. Raises `Unknown`
    while the bill cannot be had.
    """
    account = pay_account(mid)
    paid, returned = set(_ours(mid, day)), set(_returned(mid, day))
    told = bill.trade_bill(account, day)
    differences = 0
    for reason, number, facts in _differences(account, mid, day, told.lines(), paid, returned):
        stuck.record(mid, reason, number, {"day": day.isoformat(), **facts})
        differences += 1
    pk, sk = bill_index(mid), day.isoformat()
    actions = [
        DayBill.payments.set(told.payments),
        DayBill.paid_fen.set(told.paid),
        DayBill.refunds.set(told.refunds),
        DayBill.refunded_fen.set(told.refunded),
        DayBill.differences.set(differences),
        DayBill.compared_at.set(clock.now()),
        DayBill.gsi1pk.set(pk),
        DayBill.gsi1sk.set(sk),
    ]
    upsert_one(bill_key(mid, day), actions, when={})
    lines = told.payments + told.refunds
    log.info("bill_compared", mid=mid, day=day.isoformat(), lines=lines, differences=differences)
    return differences


def ask(intent: Intent, day: date) -> None:
    """Somebody wants a day compared, again or before the morning. Raises INVALID_FIELD for one that has no bill."""
    mid = intent.mid
    ago = clock.now().astimezone(clock.BEIJING).date() - day
    if not timedelta(0) <= ago <= KEPT:
        raise RippleError(
            INVALID_FIELD, "/day", reason=("只能核对近 90 天内的账单", "WeChat has bills of the last 90 days")
        )

    def attempt() -> None:
        key = record_key(intent)
        if recorded(intent, read(key)[key]) is not None:
            return
        tx, (pk, sk) = Transaction(), (bill_index(mid), day.isoformat())
        sums = (DayBill.payments, DayBill.paid_fen, DayBill.refunds, DayBill.refunded_fen, DayBill.differences)
        begun = [number.set(number | 0) for number in sums]
        listed = [DayBill.gsi1pk.set(pk), DayBill.gsi1sk.set(sk), *due_moves(bill_key(mid, day), clock.now())]
        tx.upsert("bill", bill_key(mid, day), [*begun, *listed])
        add_record(tx, intent)
        audit.add(tx, mid, intent.actor, "bill.compare", day.isoformat())
        tx.commit()

    decided(attempt)


def bill_due(asked: DayBill) -> None:
    """Compare a day that somebody asked for (the due handler of `DayBill`); one that has no bill yet waits for it."""
    leased = {"leased": DayBill.gsi2sk == asked.gsi2sk}
    try:
        compare(asked.mid, asked.day)
    except (Unknown, WechatError):
        if clock.now() >= bill_due_at(asked.day):
            raise
        update_one(asked, [], when=leased, due=bill_due_at(asked.day))
        return
    update_one(asked, [], when=leased, due=None)


def compared(mid: MerchantId, limit: int, after: dict[str, Any] | None) -> tuple[list[DayBill], dict[str, Any] | None]:
    """A page of the days that were compared, latest first."""
    page = query(bill_index(mid), index="gsi1", limit=limit, forward=False, after=after)
    return [item for item in read_all(page.keys) if isinstance(item, DayBill)], page.after


Difference = tuple[Reason, str, Facts]
"""Why, of which number, and what else WeChat says of it."""


def _differences(
    account: PayAccount, mid: MerchantId, day: date, lines: Iterator[Line], missing: set[str], unreturned: set[str]
) -> Iterator[Difference]:
    while part := list(islice(lines, AT_ONCE)):
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
    for number, total_fen in _captured(mid, sorted(missing)):
        yield Reason.BILL_LACKS_PAYMENT, number, {"total_fen": total_fen}
    for number, refund_fen in _unbilled(mid, sorted(unreturned)):
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
