"""What holds of requests to the owner of a family, and of orders that another than their buyer pays."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from chalicelib.accounts.items import User
from chalicelib.core import clock
from chalicelib.family.ask_rules import MOST_OPEN, is_open
from chalicelib.family.items import Ask
from chalicelib.family.states import AskState
from chalicelib.family.tender import NAME
from chalicelib.orders.items import Order, Payment
from chalicelib.orders.numbers import trade_number
from chalicelib.orders.states import OrderState
from tests.breaking import Break, change, nothing, the
from tests.family.asks_shop import asked, buys, decides, pays_for
from tests.family.shop import household
from tests.invariants import Books, invariant, settled
from tests.orders.promises import order_of, orders
from tests.town import Town

ORDERED = (AskState.APPROVED, AskState.TAKEN)


def users(books: Books) -> dict[str, User]:
    """Every user by his id."""
    return {str(user.uid): user for user in books.of(User)}


@invariant("A request that was approved or taken has one order, of whoever asked, at what he asked for; no other has.")
def requests_are_ordered_once(books: Books) -> Iterator[str]:
    named = Counter(ask.oid for ask in books.of(Ask) if ask.oid)
    for ask in books.of(Ask):
        ordered = ask.state in ORDERED
        if (ask.oid is not None) != ordered or (ordered and ask.decided_at is None):
            yield f"{ask.ask_id} is {ask.state}, its order {ask.oid}, decided {ask.decided_at}"
        order = books.seen(orders).get(ask.oid or "")
        fits = order is not None and (order.uid, order.total_fen) == (ask.uid, ask.total_fen)
        if ask.oid is not None and (not fits or named[ask.oid] > 1):
            yield f"{ask.ask_id} of {ask.uid} costs {ask.total_fen}; its order is {order}"


@invariant("What the owner approves is paid by the wallet alone, what he takes by him, and nothing else says so.")
def requests_are_paid_as_decided(books: Books) -> Iterator[str]:
    by_order = {ask.oid: ask for ask in books.of(Ask) if ask.oid}
    for order in books.of(Order):
        approved = [part.ref for part in order.paid_with if part.tender == NAME and "." in part.ref]
        ask = by_order.get(order.oid)
        if approved != ([f"{ask.fid}.{ask.ask_id}"] if ask and ask.state is AskState.APPROVED else []):
            yield f"{order.oid} is paid with {approved}, its request {ask and ask.state}"
        if approved and order.cash_fen:
            yield f"{order.oid} was approved and asks for {order.cash_fen}"
        if ask and ask.state is AskState.TAKEN and (order.payer is None or order.paid_with):
            yield f"{order.oid} was taken and is paid by {order.payer} with {order.paid_with}"


@invariant("An open request ends in time, and nobody has more of them than he may.")
def open_requests_are_few(books: Books) -> Iterator[str]:
    lasting: dict[tuple[str, str], int] = defaultdict(int)
    for ask in books.of(Ask):
        if (ask.state is AskState.OPEN) != (ask.due is not None):
            yield f"{ask.ask_id} is {ask.state}, due {ask.due}"
        lasting[ask.pk, ask.uid] += is_open(ask, clock.now())
    yield from (f"{whose} has {n} open" for whose, n in lasting.items() if n > MOST_OPEN)


@settled("No request stays open.")
def requests_end(books: Books) -> Iterator[str]:
    yield from (f"{ask.ask_id} is open" for ask in books.of(Ask) if ask.state is AskState.OPEN)


@invariant("Who pays an order of another's pays money of it, and WeChat took that from him; else from its buyer.")
def payers_pay(books: Books) -> Iterator[str]:
    for order in books.of(Order):
        if order.payer is not None and (order.payer == order.uid or not order.cash_fen):
            yield f"{order.oid} of {order.uid} is paid by {order.payer}: {order.cash_fen}"
    trades = {} if books.wechat is None else {number: trade for (_, number), trade in books.wechat.orders.items()}
    for payment in books.of(Payment):
        order, number = order_of(books, payment), trade_number(payment.oid, payment.attempt)
        payer = books.seen(users).get(order.payer or order.uid)
        if number in trades and payer is not None and trades[number].openid != payer.openid:
            yield f"{number} was paid by another than {payer.uid}"


def situation(town: Town) -> None:
    """Requests in every state, one of which the owner has paid for; and an order that waits for him."""
    mum, ann = town.person(), town.person()
    fid = household(town, mum, ann, granted=50_000)
    campaign = town.campaign()
    refused, withdrawn, approved, taken = (asked(ann, fid, campaign) for _ in range(4))
    decides(mum, fid, refused, "refuse").expect(200)
    decides(ann, fid, withdrawn, "withdraw").expect(200)
    decides(mum, fid, approved, "approve").expect(200)
    mum.pay(decides(mum, fid, taken, "pay").expect(200)).expect(200)
    town.hear()
    buys(ann, campaign, fid).expect(201)
    waiting = buys(ann, campaign, fid).expect(201)
    mum.pay(pays_for(mum, waiting["order_id"]).expect(200)).expect(200)
    town.hear()
    asked(ann, fid, campaign)


def paid_by_another(books: Books) -> None:
    """Its buyer's own money paid for it after all, as is stored."""
    next(order for order in books.of(Order) if order.payer and order.state is OrderState.CONFIRMED).payer = None


def forgotten(books: Books) -> None:
    """An open request that nobody looks after."""
    ask = the(books, Ask, state=AskState.OPEN)
    ask.gsi2pk = ask.gsi2sk = None


BREAKS: dict[str, Break] = {
    "requests_are_ordered_once": change(Ask, {"total_fen": 1}, state=AskState.APPROVED),
    "requests_are_paid_as_decided": change(Ask, {"state": AskState.TAKEN}, state=AskState.APPROVED),
    "open_requests_are_few": forgotten,
    "requests_end": nothing,
    "payers_pay": paid_by_another,
}
