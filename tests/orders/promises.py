"""What holds of orders and of the money that came in, whatever they pay for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from chalicelib.core import clock
from chalicelib.core.outbox import OutboxEntry
from chalicelib.orders.items import Order, Part, Payment, Receiver, Refund
from chalicelib.orders.states import Disposition, OrderState
from tests.breaking import Break, change, drop, nothing, the
from tests.invariants import Books, invariant, settled
from tests.orders.address import ADDRESS
from tests.orders.purse import Purse, purse
from tests.town import Town


def orders(books: Books) -> dict[str, Order]:
    """Every order by its id."""
    return {str(order.oid): order for order in books.of(Order)}


def order_of(books: Books, payment: Payment) -> Order:
    """Whose payment it is."""
    return books.seen(orders)[payment.pk.split("#", 1)[1]]


@invariant("An order that may still be paid has a time at which somebody will look after it.")
def orders_are_looked_after(books: Books) -> Iterator[str]:
    for order in books.of(Order):
        if order.state in (OrderState.HELD, OrderState.CLOSING) and not order.due:
            yield f"{order.oid} is {order.state}"


@invariant("Money that is owed back has an act that sends it.")
def debts_are_driven(books: Books) -> Iterator[str]:
    owed = {entry.number for entry in books.of(OutboxEntry)}
    for refund in books.of(Refund):
        if refund.state is Disposition.OWED and refund.number not in owed:
            yield refund.number


@invariant("All that was captured is live, owed or refunded, each fen of it once, and its refunds say which.")
def captures_add_up(books: Books) -> Iterator[str]:
    back: dict[tuple[str, int], dict[Disposition, int]] = defaultdict(lambda: defaultdict(int))
    for refund in books.of(Refund):
        back[refund.pk, refund.attempt][refund.state] += refund.amount_fen
    for payment in books.of(Payment):
        rows = back[payment.pk, payment.attempt]
        parts = payment.live_fen, payment.owed_fen, payment.refunded_fen
        told = rows[Disposition.OWED], rows[Disposition.REFUNDED]
        if sum(parts) != payment.total_fen or min(parts) < 0 or parts[1:] != told:
            yield f"{payment.pk} {payment.sk}: {parts} of {payment.total_fen}, its refunds {told}"


@invariant("A payment has at most fifty refunds, each under a number of its own.")
def refunds_are_few(books: Books) -> Iterator[str]:
    begun: dict[tuple[str, int], int] = defaultdict(int)
    for refund in books.of(Refund):
        begun[refund.pk, refund.attempt] += 1
    for payment in books.of(Payment):
        if payment.refunds != begun[payment.pk, payment.attempt] or payment.refunds > 50:
            yield f"{payment.pk} counts {payment.refunds}, there are {begun[payment.pk, payment.attempt]}"


@invariant("Live money pays for a live order, one capture an order; none only where something else pays.")
def money_pays_for_something(books: Books) -> Iterator[str]:
    captured: dict[str, int] = defaultdict(int)
    for payment in books.of(Payment):
        order = order_of(books, payment)
        if payment.disposition is Disposition.LIVE:
            captured[order.oid] += 1
            if order.state not in (OrderState.PAID, OrderState.CONFIRMED):
                yield f"{payment.pk} pays for an order that is {order.state}"
    for order in books.of(Order):
        wanted = {0, 1} if any(part.live_fen for part in order.paid_with) else {1}
        if not order.cash_fen:
            wanted = {0}
        if order.state in (OrderState.PAID, OrderState.CONFIRMED) and captured[order.oid] not in wanted:
            yield f"{order.oid} is {order.state} with {captured[order.oid]} captures"


def paid(order: Order) -> bool:
    """Whether what pays for an order was captured, be it that it went back later."""
    settled = order.captured is not None or not order.cash_fen
    return settled and order.state in (OrderState.PAID, OrderState.CONFIRMED, OrderState.REFUND)


@invariant("What pays beside money pays no more than the order costs, and what went back of it is written down.")
def parts_add_up(books: Books) -> Iterator[str]:
    back: dict[tuple[str, str, str], int] = defaultdict(int)
    for refund in books.of(Refund):
        for part in refund.back or ():
            back[str(refund.oid), part.tender, part.ref] += part.fen
    for order in books.of(Order):
        for part in order.paid_with:
            went = back.pop((str(order.oid), part.tender, part.ref), 0)
            if part.back_fen != went or not 0 <= went <= part.fen or (went and not paid(order)):
                yield f"{order.oid}: {part}, {went} went back, it is {order.state}"
            if order.state is OrderState.REFUND and paid(order) and part.live_fen:
                yield f"{order.oid} is over, {part} still pays"
        if order.cash_fen < 0:
            yield f"{order.oid} asks for {order.cash_fen} fen"
    if back:
        yield f"{dict(back)} went back of no part"


@invariant("A purse holds what orders that may be paid hold of it, and has spent what paid ones still use.")
def purses_agree(books: Books) -> Iterator[str]:
    held: dict[str, int] = defaultdict(int)
    spent: dict[str, int] = defaultdict(int)
    for order in books.of(Order):
        for part in order.paid_with:
            waits = order.state in (OrderState.HELD, OrderState.CLOSING)
            held[part.ref] += part.fen if waits else 0
            spent[part.ref] += part.live_fen if paid(order) else 0
    for own in books.of(Purse):
        wanted = held[own.ref], spent[own.ref]
        if (own.held, own.spent) != wanted or own.left < 0:
            yield f"{own.ref} has {own.left}, {own.held} held, {own.spent} spent; orders say {wanted}"


WHOLE_PHONE = re.compile(r"(?<![0-9A-Za-z+/])1[3-9][0-9]{9}(?![0-9A-Za-z+/])")
"""A mobile number that stands by itself; within an id or a sealed text eleven digits are no number."""


@invariant("A receiver is sealed: nothing stored shows a whole phone number.")
def receivers_are_sealed(books: Books) -> Iterator[str]:
    for item in books.items:
        shown = [value for value in item.attribute_values.values() if isinstance(value, str) and "1" in value]
        if any(WHOLE_PHONE.search(value) for value in shown):
            yield f"{type(item).__name__} {item.pk} {item.sk}"


@settled("Every order is at its end.")
def orders_end(books: Books) -> Iterator[str]:
    for order in books.of(Order):
        if order.state not in (OrderState.RELEASED, OrderState.CONFIRMED, OrderState.REFUND):
            yield f"order {order.oid} is {order.state}"


@settled("No money is owed any more.")
def debts_are_paid(books: Books) -> Iterator[str]:
    for payment in books.of(Payment):
        if payment.disposition is Disposition.OWED:
            yield payment.pk


@settled("WeChat's books are ours: each fen it took pays for a confirmed order, or went back once.")
def wechat_agrees(books: Books) -> Iterator[str]:
    if books.wechat is None:
        return
    ours = {f"{order_of(books, p).oid}-{p.sk.split('#')[1]}": p for p in books.of(Payment)}
    for (_, number), trade in books.wechat.orders.items():
        back = sum(refund.amount for refund in trade.refunds)
        if not trade.paid_at:
            continue
        if number not in ours:
            yield f"{number} was paid, and we do not know"
            continue
        confirmed = order_of(books, ours[number]).state is OrderState.CONFIRMED
        live = ours[number].live_fen
        if (live and not confirmed) or live + back != trade.total:
            yield f"{number}: {trade.total} fen taken, {back} sent back, {live} pay for something"


@settled("WeChat takes no more money for an order at its end: each attempt is paid, closed, or past its time.")
def nothing_more_is_taken(books: Books) -> Iterator[str]:
    if books.wechat is None:
        return
    for (_, number), trade in books.wechat.orders.items():
        if trade.state(clock.now()) == "NOTPAY" and (books.quiet or clock.now()) <= trade.payable_until:
            yield f"{number} may still be paid"


def situation(town: Town) -> None:
    """An order whose goods somebody gets, and one that a purse paid."""
    path = f"/v1/campaigns/{town.campaign()}/groups"
    town.person().api.call("POST", path, {"receiver": ADDRESS}).expect(201)
    owner = town.person()
    town.person(owner.name).api.call("POST", path, {"pay_with": [purse(town, owner, 10_000)]}).expect(201)


def reopen(books: Books) -> None:
    """An attempt that may be paid again."""
    assert books.wechat is not None
    trade = next(iter(books.wechat.orders.values()))
    trade.paid_at, trade.closed, trade.payable_until = None, False, clock.now()


def _owed_by_nobody(books: Books) -> None:
    """Money that is owed back, and all acts are done."""
    the(books, Refund, state=Disposition.REFUNDED).state = Disposition.OWED
    drop(OutboxEntry)(books)


def unpaid(books: Books) -> None:
    """Money that alone paid for an order pays for nothing any more."""
    live = (payment for payment in books.of(Payment) if payment.disposition is Disposition.LIVE)
    payment = next(payment for payment in live if not order_of(books, payment).paid_with)
    payment.live_fen, payment.owed_fen = 0, 1


BREAKS: dict[str, Break] = {
    "nothing_more_is_taken": reopen,
    "orders_are_looked_after": change(Order, {"gsi2pk": None, "gsi2sk": None}, state=OrderState.HELD),
    "debts_are_driven": _owed_by_nobody,
    "captures_add_up": change(Payment, {"refunded_fen": 1}, disposition=Disposition.LIVE),
    "refunds_are_few": change(Payment, {"refunds": 51}, disposition=Disposition.LIVE),
    "money_pays_for_something": unpaid,
    "parts_add_up": change(Order, {"parts": [Part("purse", "nobodys", 100_000)]}, state=OrderState.PAID),
    "purses_agree": change(Purse, {"spent": 1}),
    "receivers_are_sealed": change(Receiver, {"phone": "13812341234"}),
    "orders_end": nothing,
    "debts_are_paid": change(Payment, {"live_fen": 0, "owed_fen": 1}, disposition=Disposition.LIVE),
    "wechat_agrees": drop(Payment),
}
