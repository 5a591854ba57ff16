"""What holds of segments: everybody's sums are his orders', and he is listed where they say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from chalicelib.merchants.segments import FOLLOWER, SegmentSetup
from chalicelib.orders.items import Order, Payment
from chalicelib.orders.standing import Stands
from chalicelib.recall import rules
from chalicelib.recall.items import Buyer, Counted, listed
from chalicelib.recall.rules import Sums, Worth
from tests.breaking import Break, change
from tests.invariants import Books, invariant, settled
from tests.recall.shop import buys, sorts
from tests.town import Town


def _sums(buyer: Buyer) -> Sums:
    return Sums(buyer.last_at, buyer.orders, buyer.spent_fen)


@invariant("What somebody's orders come to is what each of them counts, and the latest of them.")
def buyers_add_up(books: Books) -> Iterator[str]:
    his: dict[tuple[str, str], list[Counted]] = defaultdict(list)
    for counted in books.of(Counted):
        his[counted.mid, counted.uid].append(counted)
    for buyer in books.of(Buyer):
        mine = his.pop((buyer.mid, buyer.uid), [])
        told = (sum(one.n for one in mine), sum(one.fen for one in mine), max((one.at for one in mine), default=None))
        if (buyer.orders, buyer.spent_fen, buyer.last_at) != told:
            yield f"{buyer.uid}: {_sums(buyer)}, his orders say {told}"
    yield from (f"nobody adds up what {uid} bought" for _, uid in his)


@invariant("Whoever has an order that counts is listed in his tier by his last order, and nobody else is.")
def buyers_are_listed(books: Books) -> Iterator[str]:
    said = {setup.mid: setup for setup in books.of(SegmentSetup)}
    for buyer in books.of(Buyer):
        there = (buyer.gsi1pk, buyer.gsi1sk) if buyer.gsi1pk else None
        setup = said[buyer.mid]
        tier = rules.tier(_sums(buyer), setup.terms) if setup.said_at <= buyer.written_at else buyer.tier
        place = listed(buyer.mid, buyer.uid, tier, buyer.last_at) if tier is not None else None
        if buyer.tier is not tier or there != place or (tier is None) != (buyer.orders < 1):
            yield f"{buyer.uid} with {_sums(buyer)} is {buyer.tier} at {there}"


@settled("What an order counts for its buyer's segment is what stays paid of it.")
def orders_are_counted(books: Books) -> Iterator[str]:
    counted = {(one.pk): Worth(one.n, one.fen) for one in books.of(Counted)}
    payments = {(payment.pk, payment.attempt): payment for payment in books.of(Payment)}
    for order in books.of(Order):
        if FOLLOWER in (order.follows or []) and order.confirmed_at is not None:
            stands = Stands(order, payments.get((order.pk, order.captured or 0)))
            if counted.pop(order.pk, None) != rules.worth(stands):
                yield f"{order.oid} is worth {rules.worth(stands)}"
    yield from (f"{pk} counts, and is no order that is followed" for pk in counted)


def situation(town: Town) -> None:
    """Somebody's order is counted; then no other is."""
    sorts(town)
    buys(town, town.campaign(), town.person("segmented"))
    town.stream()
    sorts(town, counting=False)


BREAKS: dict[str, Break] = {
    "buyers_add_up": change(Buyer, {"spent_fen": 1}),
    "buyers_are_listed": change(Buyer, {"gsi1pk": None}),
    "orders_are_counted": change(Counted, {"fen": 1}),
}
