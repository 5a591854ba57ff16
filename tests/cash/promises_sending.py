"""What holds of cash on its way: nobody is paid twice, nothing is forgotten, and WeChat's books are ours."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib.cash.items import CashDay, CashPause, CashYear, Transfer, transfer_key
from chalicelib.cash.numbers import number, parse
from chalicelib.cash.rules import PAUSE
from chalicelib.core import clock
from chalicelib.merchants.cash import CashSetup
from chalicelib.rewards.cash import Cash
from chalicelib.rewards.states import ON_ITS_WAY, CashState
from chalicelib.wechat.transfer import TransferState
from infra.local.wechat_sim.operations import Transfer as AtWechat
from tests.breaking import Break, change, drop
from tests.cash.offers import CHANGED, UNINTENDED
from tests.invariants import Books, invariant, settled

DEAD = ("FAIL", "CANCELLED")
"""States in which a transfer pays nobody, and never will."""

COUNTED = (*ON_ITS_WAY, CashState.PAID)
"""Cash that uses its user's limits up."""

Place = tuple[str, str]
"""A user's partition, and the id of his cash."""


class Alive(NamedTuple):
    """A transfer that may pay somebody, or has."""

    n: int
    state: str
    amount: int


def alive(books: Books) -> dict[Place, list[Alive]]:
    """What of each cash is alive or paid at WeChat."""
    found = defaultdict[Place, list[Alive]](list)
    for transfer in books.wechat.transfers.values() if books.wechat else ():
        attempt = parse(transfer.out_bill_no)
        if attempt is not None and transfer.state not in DEAD:
            one = Alive(attempt.n, transfer.state, transfer.amount)
            found[f"U#{attempt.uid}", attempt.cash_id].append(one)
    return found


def of(cash: Cash, books: Books) -> list[Alive]:
    """What of this cash is alive or paid at WeChat."""
    return books.seen(alive).get((cash.pk.split("|")[1], cash.cash_id), [])


@invariant("Of one cash at most one transfer is alive or paid at WeChat.")
def cash_is_sent_once(books: Books) -> Iterator[str]:
    for place, those in books.seen(alive).items():
        if len(those) > 1:
            yield f"{place}: {those}"


@invariant("What is alive at WeChat is the attempt that its cash is at, and that is on its way, or paid.")
def cash_knows_what_is_alive(books: Books) -> Iterator[str]:
    for cash in books.of(Cash):
        for one in of(cash, books):
            if cash.state not in COUNTED or one.n != cash.n or one.amount != cash.amount:
                yield f"{cash.pk} {cash.sk} is {cash.state}, attempt {cash.n}, {cash.amount} fen; at WeChat {one}"


@invariant("Cash that is paid was paid by WeChat.")
def paid_cash_is_paid(books: Books) -> Iterator[str]:
    for cash in books.of(Cash):
        if books.wechat is None or cash.state is not CashState.PAID:
            continue
        if not any(one.state == "SUCCESS" and one.n == cash.n for one in of(cash, books)):
            yield f"{cash.pk} {cash.sk} is paid, at WeChat there is {of(cash, books)}"


@invariant("No number is offered twice with different words.")
def offers_are_the_same(books: Books) -> Iterator[str]:
    yield from _wrong(books, CHANGED)


@invariant("Whatever is offered to WeChat was intended at most a minute before.")
def offers_are_intended(books: Books) -> Iterator[str]:
    yield from _wrong(books, UNINTENDED)


def _wrong(books: Books, what: str) -> Iterator[str]:
    return (f"{name} was {kind}" for kind, name in (books.wechat.wrong if books.wechat else ()) if kind == what)


@invariant("Cash on its way has an attempt that began, a body and the day that it counts on; cash that waits has none.")
def attempts_are_whole(books: Books) -> Iterator[str]:
    for cash in books.of(Cash):
        of_attempt = (cash.tapped_at, cash.intent_at, cash.body, cash.day)
        known = [part is not None for part in of_attempt]
        if cash.state in ON_ITS_WAY and not all(known):
            yield f"{cash.pk} {cash.sk} is {cash.state} and has {known}"
        if cash.state not in COUNTED and any([*known, cash.package, cash.asked_at]):
            yield f"{cash.pk} {cash.sk} is {cash.state} and has {known}, {cash.package}, {cash.asked_at}"
        if cash.state is CashState.WAITING and (cash.package is None or cash.asked_at is None):
            yield f"{cash.pk} {cash.sk} waits for its user, who has no page"


def counted(books: Books) -> Counter[tuple[str, str, str]]:
    """By user and day or year: how often and how much he was promised to be sent, and was sent."""
    found = Counter[tuple[str, str, str]]()
    for cash in books.of(Cash):
        if cash.state not in COUNTED or cash.day is None:
            continue
        for span in (cash.day, cash.day[:4]):
            found[cash.pk, span, "times"] += 1
            found[cash.pk, span, "fen"] += cash.amount
            if cash.state is CashState.PAID:
                found[cash.pk, span, "paid"] += 1
                found[cash.pk, span, "paid_fen"] += cash.amount
    return found


@invariant("A user's day counts what of his cash is on its way or paid and was asked for on that day.")
def cash_days_count(books: Books) -> Iterator[str]:
    there = {(pk, day, what): n for (pk, day, what), n in books.seen(counted).items() if len(day) > 4}
    for item in books.of(CashDay):
        for what, n in (("times", item.times), ("fen", item.fen)):
            if there.pop((item.pk, item.sk.removeprefix(CashDay.prefix), what), 0) != n:
                yield f"{item.pk} {item.sk} counts {n} {what}"
    yield from (f"{key}: {n} count nowhere" for key, n in there.items() if key[2] in ("times", "fen"))


@invariant(
    "A user's year counts what of his cash is on its way or paid and was asked for in that year, and what is paid."
)
def cash_years_count(books: Books) -> Iterator[str]:
    there = {(pk, year, what): n for (pk, year, what), n in books.seen(counted).items() if len(year) == 4}
    for item in books.of(CashYear):
        said = {"times": item.times, "fen": item.fen, "paid": item.paid or 0, "paid_fen": item.paid_fen or 0}
        for what, n in said.items():
            if there.pop((item.pk, item.sk.removeprefix(CashYear.prefix), what), 0) != n:
                yield f"{item.pk} {item.sk} counts {n} {what}"
    yield from (f"{key}: {n} count nowhere" for key, n in there.items())


@invariant("Nobody is sent cash more often, or more of it, than his merchant allows on a day or in a year.")
def cash_limits_hold(books: Books) -> Iterator[str]:
    allowed = {setup.mid: setup.terms.limits for setup in books.of(CashSetup)}
    for day in books.of(CashDay):
        limits = allowed[day.mid]
        if not 0 <= day.times <= limits.times_a_day or not 0 <= day.fen <= limits.fen_a_day:
            yield f"{day.pk} {day.sk}: {day.times} times, {day.fen} fen of {limits}"
    for year in books.of(CashYear):
        if not 0 <= year.fen <= allowed[year.mid].fen_a_year:
            yield f"{year.pk} {year.sk}: {year.fen} fen of {allowed[year.mid]}"


@invariant("Each attempt that ended is written down as it ended, and no other is.")
def ended_attempts_are_written_down(books: Books) -> Iterator[str]:
    rows = {(row.pk, row.sk): row for row in books.of(Transfer) if row.state is not None}
    for cash in books.of(Cash):
        for n in range(1, cash.n + 1):
            row = rows.pop(transfer_key(cash.mid, cash.uid, cash.cash_id, n), None)
            name, last = number(cash.uid, cash.cash_id, n), n == cash.n
            if last and cash.state is not CashState.PAID:
                ended = cash.state is CashState.RETURNED and row is not None
                states: tuple[TransferState | None, ...] = DEAD_ROWS if ended else (None,)
            else:
                states = (TransferState.SUCCESS,) if last else DEAD_ROWS
            if (row.state if row else None) not in states:
                yield f"{cash.pk} {cash.sk}, attempt {n}: {row.state if row else None}"
            if row is not None and (row.number, row.amount, row.cid) != (name, cash.amount, cash.cid):
                yield f"{row.pk} {row.sk} is of {row.number}, {row.amount} fen, {row.cid}"
    yield from (f"{pk} {sk} is of no attempt" for pk, sk in rows)


DEAD_ROWS = (TransferState.FAIL, TransferState.CANCELLED)


def ours(books: Books) -> dict[str, Counter[str]]:
    """By merchant: fen that are on their way, and that were paid."""
    found = defaultdict[str, Counter[str]](Counter)
    for cash in books.of(Cash):
        if cash.state in COUNTED:
            found[cash.mid]["paid" if cash.state is CashState.PAID else "on its way"] += cash.amount
    return found


def operations(books: Books) -> tuple[int, int]:
    """What of all operations accounts is locked, and what was paid."""
    accounts = books.wechat.operations.values() if books.wechat else ()
    return sum(account.locked for account in accounts), sum(account.paid for account in accounts)


def totals(books: Books) -> tuple[int, int]:
    """What is on its way, and what was paid, by us."""
    those = books.seen(ours).values()
    return sum(each["on its way"] for each in those), sum(each["paid"] for each in those)


@invariant("WeChat has locked and paid no more than is on its way and paid here, and paid no less than is paid here.")
def operations_are_ours(books: Books) -> Iterator[str]:
    (locked, sent), (on_its_way, paid) = operations(books), totals(books)
    if books.wechat is not None and not (paid <= sent and locked + sent <= on_its_way + paid):
        yield f"WeChat has locked {locked} and paid {sent}; on its way are {on_its_way}, paid {paid}"


@invariant("No campaign's cash waits longer than five minutes from now before it is tried again.")
def pauses_end(books: Books) -> Iterator[str]:
    for pause in books.of(CashPause):
        if pause.until > clock.now() + PAUSE or pause.since > clock.now():
            yield f"{pause.pk} waits from {pause.since} until {pause.until}"


@settled("WeChat has paid what is paid here, each fen of it once, and has locked nothing for us.")
def transfers_are_settled(books: Books) -> Iterator[str]:
    if books.wechat is None:
        return
    locked, sent = operations(books)
    _, paid = totals(books)
    if locked or sent != paid:
        yield f"WeChat has locked {locked} and paid {sent}; paid here are {paid}"
    for place, those in books.seen(alive).items():
        if any(one.state != "SUCCESS" for one in those):
            yield f"{place}: {those}"


LONG_AGO = timedelta(days=400)


def again(books: Books) -> None:
    """A second transfer of the cash that was paid is alive."""
    assert books.wechat is not None
    at = _paid_at_wechat(books)
    attempt = parse(at.out_bill_no)
    assert attempt is not None
    name = number(attempt.uid, attempt.cash_id, attempt.n + 1)
    more = AtWechat(**{**vars(at), "out_bill_no": name, "state": "WAIT_USER_CONFIRM"})
    books.wechat.transfers[at.mchid, name] = more


def failed_there(books: Books) -> None:
    """WeChat says FAIL of what was paid."""
    _paid_at_wechat(books).state = "FAIL"


def of_another_amount(books: Books) -> None:
    """WeChat has paid another amount."""
    _paid_at_wechat(books).body["transfer_amount"] = 1


def offered_wrongly(kind: str) -> Break:
    """Somebody saw that offer."""

    def act(books: Books) -> None:
        assert books.wechat is not None
        books.wechat.wrong.append((kind, "a number"))

    return act


def paid_more(books: Books) -> None:
    """WeChat has paid a fen that we know nothing of."""
    assert books.wechat is not None
    next(iter(books.wechat.operations.values())).paid += 10_000


def locked_less(books: Books) -> None:
    """WeChat has still locked something."""
    assert books.wechat is not None
    next(iter(books.wechat.operations.values())).locked += 1


def _paid_at_wechat(books: Books) -> AtWechat:
    assert books.wechat is not None
    return next(t for t in books.wechat.transfers.values() if t.state == "SUCCESS")


FAR = datetime(2099, 1, 1, tzinfo=clock.BEIJING)

BREAKS: dict[str, Break] = {
    "cash_is_sent_once": again,
    "cash_knows_what_is_alive": of_another_amount,
    "paid_cash_is_paid": failed_there,
    "offers_are_the_same": offered_wrongly(CHANGED),
    "offers_are_intended": offered_wrongly(UNINTENDED),
    "attempts_are_whole": change(Cash, {"body": None}, state=CashState.WAITING),
    "cash_days_count": change(CashDay, {"fen": 7}),
    "cash_years_count": change(CashYear, {"paid": 7}),
    "cash_limits_hold": change(CashYear, {"fen": 1_000_000_000}),
    "ended_attempts_are_written_down": drop(Transfer),
    "operations_are_ours": paid_more,
    "pauses_end": change(CashPause, {"until": FAR}),
    "transfers_are_settled": locked_less,
}
