"""What holds of what orders bring and of rains, and of what they hold of their campaigns' budgets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from chalicelib.campaigns.gifts import Hold
from chalicelib.campaigns.items import Campaign, StockShard
from chalicelib.campaigns.kinds.rain import RainOffer, escrow
from chalicelib.campaigns.offer import Offer
from chalicelib.core import clock
from chalicelib.orders.items import Order, Payment, Refund
from chalicelib.orders.states import OrderState
from chalicelib.redpacket.rain import RAIN
from chalicelib.redpacket.rain_items import RainLimit
from chalicelib.rewards.items import Grant
from chalicelib.rewards.states import ENDED, GrantState, Why
from chalicelib.rewards.thanks import THANKS
from tests.breaking import Break, change, the
from tests.campaigns.rewards import POINTS
from tests.invariants import Books, invariant, settled
from tests.orders.promises import orders
from tests.thanks.shop import (
    GROWN,
    LOOKED,
    claim_key,
    claims,
    giving,
    handle,
    key_of,
    raining,
    tell,
    ticket,
    wait_for,
)
from tests.thanks.shop import orders as orders_made
from tests.town import Town

GIVEN = (GrantState.GRANTED, GrantState.CLAWING, GrantState.CLAWED)


def documents(books: Books) -> dict[str, Offer]:
    """What was published, by campaign."""
    return {str(campaign.cid): campaign.draft for campaign in books.of(Campaign) if campaign.version}


def rains(books: Books) -> dict[str, RainOffer]:
    """The rains."""
    return {cid: offer for cid, offer in books.seen(documents).items() if isinstance(offer, RainOffer)}


def thanks(books: Books) -> list[Grant]:
    """What orders brought."""
    return [grant for grant in books.of(Grant) if grant.source == THANKS]


def claimed(books: Books) -> list[Grant]:
    """What was claimed of bursts."""
    return [grant for grant in books.of(Grant) if grant.source == RAIN]


def taken(books: Books) -> dict[tuple[str, str], int]:
    """What is taken of each escrow."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for shard in books.of(StockShard):
        found[shard.cid, shard.pk.split("#")[3]] += shard.taken
    return found


def money_fen(books: Books, order: Order, grant: Grant) -> tuple[int, int]:
    """What money paid of an order when a grant was given: the least and the most, of what went back at that instant."""
    paid = sum(p.total_fen for p in books.of(Payment) if p.oid == order.oid and p.attempt == order.captured)
    backs = [row for row in books.of(Refund) if row.oid == order.oid and row.attempt == order.captured]
    until = grant.posted_at or clock.now()
    least = paid - sum(row.amount_fen for row in backs if row.owed_at <= until)
    return least, paid - sum(row.amount_fen for row in backs if row.owed_at < until)


@invariant("Nothing that waits for an order's after-sale is given before it is over.")
def thanks_wait(books: Books) -> Iterator[str]:
    for grant in books.seen(thanks):
        after = books.seen(documents)[grant.cid].after_order
        at_once = grant.why is Why.AFTER_ORDER and after is not None and after.hold is Hold.NONE
        until = books.seen(orders)[grant.subject].ask_until
        if grant.state in GIVEN and not at_once and (until is None or (grant.posted_at or until) <= until):
            yield f"{grant.ref} was given at {grant.posted_at}, and its buyer may ask until {until}"


@invariant("Points are so many for each whole yuan that money paid of their order when they were given.")
def points_are_for_money(books: Books) -> Iterator[str]:
    for grant in books.seen(thanks):
        after = books.seen(documents)[grant.cid].after_order
        if grant.why is not Why.AFTER_ORDER_POINTS or grant.state not in GIVEN or after is None:
            continue
        least, most = money_fen(books, books.seen(orders)[grant.subject], grant)
        points = [after.points_per_yuan * (fen // 100) for fen in (least, most)]
        if not points[0] <= grant.gift.amount <= points[1]:
            yield f"{grant.ref} is {grant.gift.amount} points, for {points}"


@invariant("Of a burst exactly so many units are taken as somebody has claimed, and everybody got the same.")
def claims_are_units(books: Books) -> Iterator[str]:
    there: dict[tuple[str, str], int] = defaultdict(int)
    for grant in books.seen(claimed):
        burst = int(grant.subject)
        there[grant.cid, escrow(burst)] += sum(drawn.units for drawn in grant.drawn)
        wanted = 0 if grant.state in ENDED else 1
        if sum(drawn.units for drawn in grant.drawn) != wanted:
            yield f"{grant.ref} is {grant.state} and holds {grant.drawn}"
        if grant.gift != books.seen(rains)[grant.cid].gift(burst):
            yield f"{grant.ref} is {grant.gift}"
    for cid, offer in books.seen(rains).items():
        for place in (escrow(n) for n in range(1, len(offer.bursts) + 1)):
            if books.seen(taken)[cid, place] != there[cid, place]:
                yield f"{cid} {place}: {books.seen(taken)[cid, place]} taken, {there[cid, place]} claimed"


@invariant("Nobody claims of a burst before it begins or after it is over.")
def claims_are_in_time(books: Books) -> Iterator[str]:
    for grant in books.seen(claimed):
        burst = books.seen(rains)[grant.cid].bursts[int(grant.subject) - 1]
        if not burst.at <= grant.created_at <= burst.until:
            yield f"{grant.ref} was claimed at {grant.created_at}"


@invariant("Where one may claim of so many bursts only, his claims are counted, and are not more.")
def bursts_each_are_counted(books: Books) -> Iterator[str]:
    mine: dict[tuple[str, str], int] = defaultdict(int)
    for grant in books.seen(claimed):
        mine[grant.uid, grant.cid] += 1
    counts = {(limit.pk.split("#")[1], limit.sk.split("#")[1]): limit.claims for limit in books.of(RainLimit)}
    for (uid, cid), number in mine.items():
        most = books.seen(rains)[cid].bursts_each
        if most is not None and not number == counts.get((uid, cid), 0) <= most:
            yield f"{uid} has claimed {number} times of {cid}, {counts.get((uid, cid))} counted, {most} allowed"


@settled("What an order brought is with its buyer only where so much of it stays paid as its campaign asks for.")
def thanks_follow_their_orders(books: Books) -> Iterator[str]:
    for grant in books.seen(thanks):
        order, after = books.seen(orders)[grant.subject], books.seen(documents)[grant.cid].after_order
        live = sum(p.live_fen for p in books.of(Payment) if p.oid == order.oid) + sum(
            p.live_fen for p in order.paid_with
        )
        stands = order.state is OrderState.CONFIRMED and after is not None and live >= after.least_paid_fen
        if not stands and grant.state not in (*ENDED, GrantState.CLAWED):
            yield f"{grant.ref} is {grant.state}, its order {order.state} with {live} fen"


def situation(town: Town) -> None:
    """An order whose coupon was given at once and whose points are awaited, and a claim of a burst; no day passes."""
    bought = orders_made(town, giving(town, hold="none"), "thea")
    tell(town, bought)
    handle(key_of(town, bought, "gift"))
    ann = town.person("rainy ann")
    clock.advance(GROWN)
    rain = raining(town, bursts_each=1, form=POINTS)
    wait_for(town.admin.get(f"/v1/admin/campaigns/{rain}/bursts"), 1)
    mine = ticket(ann, rain)
    clock.advance(LOOKED)
    claims(ann, rain, 1, mine).expect(201)
    handle(claim_key(town, ann, rain, 1))


def _paid_back(books: Books) -> None:
    """The order of something that was given goes back."""
    grant = the(books, Grant, source=THANKS, state=GrantState.GRANTED)
    next(order for order in books.of(Order) if order.oid == grant.subject).state = OrderState.REFUND


BREAKS: dict[str, Break] = {
    "thanks_wait": change(Grant, {"state": GrantState.GRANTED}, source=THANKS, state=GrantState.HELD),
    "points_are_for_money": change(
        Grant, {"why": Why.AFTER_ORDER_POINTS}, why=Why.AFTER_ORDER, state=GrantState.GRANTED
    ),
    "claims_are_units": change(Grant, {"drawn": []}, source=RAIN),
    "claims_are_in_time": change(Grant, {"subject": "2"}, source=RAIN),
    "bursts_each_are_counted": change(RainLimit, {"claims": 2}),
    "thanks_follow_their_orders": _paid_back,
}
