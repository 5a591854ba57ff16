"""What holds of segments and recalls: sums are the orders', and whoever is told has a coupon, once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

from chalicelib.core.ids import UserId
from chalicelib.core.outbox import OutboxEntry
from chalicelib.merchants.segments import FOLLOWER, SegmentSetup
from chalicelib.notices.items import Notice
from chalicelib.notices.moments import Moment
from chalicelib.notices.telling import MESSAGE
from chalicelib.orders.items import Order, Payment
from chalicelib.orders.standing import Stands
from chalicelib.recall import rules
from chalicelib.recall.items import Buyer, Called, Counted, Recall, listed
from chalicelib.recall.rules import APART, Sums, Worth
from chalicelib.recall.states import RecallState
from chalicelib.rewards.items import Coupon
from chalicelib.rewards.states import Why
from tests.breaking import Break, change
from tests.coupons.shop import template
from tests.invariants import Books, invariant, settled
from tests.notices import shop as notices
from tests.recall.shop import buys, key_of, recalls, sorts
from tests.thanks.shop import handle
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


def given(books: Books) -> dict[tuple[str, str], list[Coupon]]:
    """The coupons of every recall, by its merchant and id."""
    found: dict[tuple[str, str], list[Coupon]] = {(recall.mid, recall.rid): [] for recall in books.of(Recall)}
    for coupon in books.of(Coupon):
        if (coupon.mid, coupon.subject or "") in found:
            found[coupon.mid, coupon.subject or ""].append(coupon)
    return found


@invariant("A recall has told just those who have a coupon of its template by it, one each.")
def recalls_give_once(books: Books) -> Iterator[str]:
    for recall in books.of(Recall):
        coupons = books.seen(given)[recall.mid, recall.rid]
        people = {coupon.uid for coupon in coupons if coupon.cid == recall.cid and coupon.why is Why.GIVEN}
        if not recall.told == len(coupons) == len(people):
            yield f"{recall.rid} has told {recall.told}, {len(coupons)} coupons, {len(people)} people"


@invariant("Whoever has a coupon by a recall is owed its message, or that was decided; nobody else is told by one.")
def recalls_tell(books: Books) -> Iterator[str]:
    moments = {(str(recall.mid), recall.rid): recall.moment for recall in books.of(Recall)}
    told = {(str(notice.mid), notice.uid, notice.moment, notice.object) for notice in books.of(Notice)}
    for entry in books.of(OutboxEntry):
        if entry.effect == MESSAGE:
            said = entry.payload
            told.add((entry.mid, UserId(said["uid"]), Moment(said["moment"]), said["ident"]))
    mine = {one for one in told if moments.get((one[0], one[3])) is one[2]}
    wanted = {
        (mid, coupon.uid, moments[mid, rid], rid)
        for (mid, rid), coupons in books.seen(given).items()
        for coupon in coupons
    }
    yield from (f"{uid} is told, or is not, by {rid}" for _, uid, _, rid in mine ^ wanted)


@invariant("Nobody is told something by recalls twice within thirty days, all of them together.")
def recalls_are_rare(books: Books) -> Iterator[str]:
    his: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for coupons in books.seen(given).values():
        for coupon in coupons:
            his[coupon.mid, coupon.uid].append(coupon.created_at)
    last = {(str(called.mid), called.pk.split("#", 1)[1]): called.at for called in books.of(Called)}
    for who, times in his.items():
        times.sort()
        if any(later - earlier < APART for earlier, later in pairwise(times)) or last.get(who) != times[-1]:
            yield f"{who[1]} was told at {times}, at {last.get(who)} last"
    yield from (f"{uid} was told nothing" for mid, uid in last.keys() - his.keys())


@invariant("A recall that runs has a time at which it goes on, and no other has; an end has a time and a reason.")
def recalls_go_on(books: Books) -> Iterator[str]:
    for recall in books.of(Recall):
        runs = recall.state is RecallState.RUNNING
        ends = (recall.ended_at is not None, recall.why is not None)
        if (recall.due is not None) != runs or ends != (not runs, recall.state is RecallState.STOPPED):
            yield f"{recall.rid} is {recall.state}, due {recall.due}, ended {recall.ended_at} for {recall.why}"


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
    """Somebody's order is counted; then no other is. He is told something, with a coupon."""
    sorts(town)
    notices.says(town, Moment.RECALL, quiet_from="00:00", quiet_until="00:00")
    somebody = town.person("segmented")
    buys(town, town.campaign(), somebody)
    notices.consents(town, somebody, Moment.RECALL)
    town.stream()
    rid = recalls(town, template(town), "new")
    handle(key_of(town, rid))
    sorts(town, counting=False)


BREAKS: dict[str, Break] = {
    "buyers_add_up": change(Buyer, {"spent_fen": 1}),
    "buyers_are_listed": change(Buyer, {"gsi1pk": None}),
    "recalls_give_once": change(Recall, {"told": 2}),
    "recalls_tell": change(Recall, {"moment": Moment.THANKS}),
    "recalls_are_rare": change(Called, {"at": datetime(2026, 1, 1, tzinfo=UTC)}),
    "recalls_go_on": change(Recall, {"state": RecallState.RUNNING}),
    "orders_are_counted": change(Counted, {"fen": 1}),
}
