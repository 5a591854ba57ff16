"""What holds of bargains, of the helps for them, and of what they hold of stock and budget."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from chalicelib.bargain import rules
from chalicelib.bargain.items import LIVE_STATES, PLAY, Bargain, Help, Limit
from chalicelib.bargain.rules import MOST_EARLY, price_after, price_of
from chalicelib.bargain.states import BargainState, HelpState
from chalicelib.campaigns.items import Campaign, StockShard
from chalicelib.campaigns.kinds.bargain import BUDGET, BargainOffer, BargainSku
from chalicelib.campaigns.offer import sku_of
from chalicelib.orders.items import Order
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.states import Delivery, OrderState
from tests.bargain.shop import befriend, buys, grown, helps, offer, started
from tests.breaking import Break, change, nothing
from tests.invariants import Books, invariant, settled
from tests.orders.promises import orders
from tests.town import Town

PAYABLE = (OrderState.HELD, OrderState.CLOSING)
PAST = (BargainState.FLOOR, BargainState.BOUGHT, BargainState.MISSED, BargainState.CANCELLED, BargainState.CLOSED)
"""Where a bargain needs no more helps; so does one that is ordered at its floor."""


def offers(books: Books) -> dict[str, BargainOffer]:
    """The bargain campaigns' documents, by campaign."""
    found = [(str(campaign.cid), campaign.draft) for campaign in books.of(Campaign) if campaign.version]
    return {cid: document for cid, document in found if isinstance(document, BargainOffer)}


def bargains(books: Books) -> dict[str, Bargain]:
    """Every bargain by its partition."""
    return {bargain.pk: bargain for bargain in books.of(Bargain)}


def given(books: Books) -> dict[str, list[Help]]:
    """The helps for every bargain, by its partition."""
    found: dict[str, list[Help]] = defaultdict(list)
    for one in books.of(Help):
        found[one.pk].append(one)
    return found


def ordered(books: Books) -> list[Order]:
    """The orders of bargains."""
    return [order for order in books.of(Order) if order.play == PLAY]


def sku_of_bargain(books: Books, bargain: Bargain) -> BargainSku:
    """What is bargained for."""
    return sku_of(books.seen(offers)[bargain.cid].skus, bargain.sku)


def is_sold(books: Books, bargain: Bargain) -> bool:
    """Whether it was bought and its money has not gone back."""
    order = books.seen(orders).get(bargain.order or "")
    return bargain.status is BargainState.BOUGHT and order is not None and order.state is OrderState.CONFIRMED


@invariant("A bargain's parts are a fen at least each, and add up to the way from its start price to its floor.")
def cuts_add_up(books: Books) -> Iterator[str]:
    for bargain in books.of(Bargain):
        cut = sku_of_bargain(books, bargain).cut_fen
        if sum(bargain.slots) != cut or min(bargain.slots) < 1:
            yield f"{bargain.bid}: {bargain.slots} of {cut}"


@invariant("A bargain counts exactly the helps that are stored, those that wait apart, and never more than its parts.")
def helps_are_counted(books: Books) -> Iterator[str]:
    for bargain in books.of(Bargain):
        states = Counter(one.state for one in books.seen(given)[bargain.pk])
        there = bargain.own + states[HelpState.COUNTED], states[HelpState.HELD]
        if (bargain.helps, bargain.held) != there or bargain.helps > len(bargain.slots):
            yield f"{bargain.bid} counts {bargain.helps} and {bargain.held}; there are {there}"


@invariant("The next help takes the next part, and each part cuts what was said, whoever took it.")
def slots_are_fixed(books: Books) -> Iterator[str]:
    for bargain in books.of(Bargain):
        counted = [one for one in books.seen(given)[bargain.pk] if one.state is HelpState.COUNTED]
        taken = sorted((one.slot or 0, one.cut_fen or 0) for one in counted)
        if taken != list(enumerate(bargain.slots))[bargain.own : bargain.helps]:
            yield f"{bargain.bid}: {taken}"


@invariant("Nobody pays less than the floor price or more than the start price, but what the parts taken have left.")
def prices_are_kept(books: Books) -> Iterator[str]:
    for order in books.seen(ordered):
        bargain, price = books.seen(bargains)[f"{order.mid}|B#{order.object_id}"], order.lines[0].price_fen
        bounds = price_after(bargain, len(bargain.slots)) <= price <= bargain.start_fen
        live = order.state in (*PAYABLE, OrderState.CONFIRMED)
        if not bounds or (live and price != price_of(bargain)):
            yield f"{order.oid} is {order.state} and costs {price}, its bargain {price_of(bargain)}"


@invariant("A bargain is at its floor when all of its parts are taken, and only then.")
def floors_are_full(books: Books) -> Iterator[str]:
    for bargain in books.of(Bargain):
        full = bargain.helps == len(bargain.slots)
        open_ = bargain.status in (BargainState.ACTIVE, BargainState.SETTLING, BargainState.EXPIRED)
        at_floor = bargain.status in (BargainState.FLOOR, BargainState.MISSED)
        if (full and open_) or (at_floor and not full):
            yield f"{bargain.bid} is {bargain.status} with {bargain.helps} of {len(bargain.slots)}"


@invariant("A help that waits is neither counted nor lost: it has its time, its merchant sees it, and no other.")
def held_helps_wait(books: Books) -> Iterator[str]:
    for one in books.of(Help):
        held, bargain = one.state is HelpState.HELD, books.seen(bargains)[one.pk]
        if (
            held != bool(one.due)
            or held != bool(one.gsi3pk)
            or (one.slot is not None) != (one.state is HelpState.COUNTED)
        ):
            yield f"{one.sk} is {one.state}: due {one.due}, listed {one.gsi3pk}, slot {one.slot}"
        if held and bargain.status is BargainState.EXPIRED:
            yield f"{one.sk} waits, its bargain is expired"
        past = bargain.status in PAST or (bargain.status is BargainState.ORDERING and not rules.is_frozen(bargain))
        if one.state is HelpState.MOOT and not past:
            yield f"{one.sk} was not needed by a bargain that is {bargain.status}"


@invariant("A bargain that is not over has a time at which somebody will look after it, its own or its order's.")
def bargains_are_looked_after(books: Books) -> Iterator[str]:
    for bargain in books.of(Bargain):
        waits = bargain.status in LIVE_STATES and bargain.status is not BargainState.ORDERING
        if waits != bool(bargain.due):
            yield f"{bargain.bid} is {bargain.status}, due {bargain.due}"


@invariant("A bargain has one order that may be paid exactly while it is being ordered, and is bought by that one.")
def bargains_and_orders_agree(books: Books) -> Iterator[str]:
    live: dict[str, list[str]] = defaultdict(list)
    for order in books.seen(ordered):
        if order.state in (*PAYABLE, OrderState.CONFIRMED):
            live[f"{order.mid}|B#{order.object_id}"].append(order.oid)
    for bargain in books.of(Bargain):
        wanted = [bargain.order] if bargain.status is BargainState.ORDERING or is_sold(books, bargain) else []
        if live[bargain.pk] != wanted:
            yield f"{bargain.bid} is {bargain.status}, its order {bargain.order}, live are {live[bargain.pk]}"


@invariant(
    "A budget is what is left, what bargains reserve while they are not over, and what was cut where one was bought."
)
def budgets_add_up(books: Books) -> Iterator[str]:
    there: dict[str, int] = defaultdict(int)
    for shard in books.of(StockShard):
        if shard.pk.split("#")[3] == BUDGET:
            there[shard.cid] += shard.left
    for bargain in books.of(Bargain):
        if books.seen(offers)[bargain.cid].budget_fen is None:
            continue
        holds = sum(drawn.units for drawn in bargain.escrow)
        there[bargain.cid] += holds
        wanted = sum(bargain.slots) if bargain.status in LIVE_STATES else 0
        if is_sold(books, bargain):
            wanted = bargain.start_fen - price_of(bargain)
        if holds != wanted:
            yield f"{bargain.bid} is {bargain.status} and holds {holds} fen, not {wanted}"
    for cid, document in books.seen(offers).items():
        if there[cid] != (document.budget_fen or 0):
            yield f"{cid}: {there[cid]} of {document.budget_fen}"


@invariant("Units taken from a bargain campaign's stock are exactly those that its bargains and their orders own.")
def bargained_stock_is_owned(books: Books) -> Iterator[str]:
    taken: dict[str, int] = defaultdict(int)
    for shard in books.of(StockShard):
        if shard.cid in books.seen(offers) and not shard.pk.split("#")[3].startswith("~"):
            taken[shard.cid] += shard.taken
    for bargain in books.of(Bargain):
        taken[bargain.cid] -= sum(drawn.units for drawn in bargain.units)
    for order in books.seen(ordered):
        sent = order.state is OrderState.REFUND and order.delivery not in (None, Delivery.WAITING)
        if order.state in (*PAYABLE, OrderState.CONFIRMED) or sent:
            taken[PaymentRef.of(order).cid] -= sum(drawn.units for drawn in order.units or [])
    for cid, units in taken.items():
        if units:
            yield f"{cid}: {units} more taken than owned"


@invariant("A user's limit in a bargain campaign counts what he started, what of it is not over, and whom he helped.")
def bargainers_limits_are_counted(books: Books) -> Iterator[str]:
    mine: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for bargain in books.of(Bargain):
        mine[bargain.uid, bargain.cid].update(starts=1, active=bargain.status in LIVE_STATES)
    for one in books.of(Help):
        if one.state is not HelpState.MOOT:
            mine[one.uid, one.cid].update({"helps": 1, one.day: 1})
    for limit in books.of(Limit):
        has = mine.pop((limit.pk.split("#", 1)[1], limit.sk.split("#", 1)[1]), Counter())
        told = limit.starts or 0, limit.active or 0, limit.helps or 0, limit.today or 0
        if told != (has["starts"], has["active"], has["helps"], has[limit.day or ""]):
            yield f"{limit.pk} {limit.sk} counts {told}, there is {dict(has)}"
    yield from (f"nobody counts {uid} in {cid}" for uid, cid in mine)


@invariant("Nobody has started or helped more than his campaign allows, at once, on a day or altogether.")
def bargainers_limits_hold(books: Books) -> Iterator[str]:
    days = Counter((one.uid, one.cid, one.day) for one in books.of(Help) if one.state is not HelpState.MOOT)
    for (uid, cid, day), number in days.items():
        if number > books.seen(offers)[cid].limits.helps_a_day:
            yield f"{uid} has helped {number} times on {day}"
    for limit in books.of(Limit):
        most = books.seen(offers)[limit.sk.split("#", 1)[1]].limits
        has = limit.starts or 0, limit.active or 0, limit.helps or 0
        if any(a > b for a, b in zip(has, (most.starts, most.active, most.helps), strict=True)):
            yield f"{limit.pk} {limit.sk} has {has}"


@invariant("No bargain is kept alive by ordering it early more than three times.")
def early_orders_are_few(books: Books) -> Iterator[str]:
    for bargain in books.of(Bargain):
        if bargain.buys > MOST_EARLY:
            yield f"{bargain.bid}: {bargain.buys}"


@settled("Every bargain is over.")
def bargains_end(books: Books) -> Iterator[str]:
    for bargain in books.of(Bargain):
        if bargain.status in LIVE_STATES:
            yield f"{bargain.bid} is {bargain.status}"


@settled("Every help is decided.")
def helps_are_decided(books: Books) -> Iterator[str]:
    for one in books.of(Help):
        if one.state is HelpState.HELD:
            yield f"{one.pk} {one.sk}"


def situation(town: Town) -> None:
    """A bargain at its floor, one that is being paid for, one with a help that waits, and those of the friends."""
    ann, ben, cat, dan = grown(town, "ann", "ben", "cat", "dan")
    campaign = town.campaign(offer(cuts=2))
    befriend(ann, campaign, ben)
    first, second = started(ann, campaign), started(ann, campaign)
    for friend in (cat, dan):
        helps(friend, first).expect(201)
    helps(ben, second).expect(201)
    helps(cat, second).expect(201)
    buys(dan, started(dan, campaign)).expect(201)


BREAKS: dict[str, Break] = {
    "cuts_add_up": change(Bargain, {"slots": [1500, 1499]}),
    "helps_are_counted": change(Bargain, {"held": 7}),
    "slots_are_fixed": change(Help, {"cut_fen": 1}, state=HelpState.COUNTED),
    "prices_are_kept": change(Bargain, {"helps": 1, "slots": [3000]}, status=BargainState.ORDERING),
    "floors_are_full": change(Bargain, {"helps": 1}, status=BargainState.FLOOR),
    "held_helps_wait": change(Help, {"gsi3pk": None}, state=HelpState.HELD),
    "bargains_are_looked_after": change(Bargain, {"gsi2pk": None, "gsi2sk": None}, status=BargainState.ACTIVE),
    "bargains_and_orders_agree": change(Bargain, {"status": BargainState.ORDERING}, status=BargainState.FLOOR),
    "budgets_add_up": change(Bargain, {"escrow": []}, status=BargainState.FLOOR),
    "bargained_stock_is_owned": change(Bargain, {"units": []}, status=BargainState.FLOOR),
    "bargainers_limits_are_counted": change(Limit, {"helps": 99}),
    "bargainers_limits_hold": change(Limit, {"starts": 11}),
    "early_orders_are_few": change(Bargain, {"buys": 4}),
    "bargains_end": nothing,
    "helps_are_decided": nothing,
}
