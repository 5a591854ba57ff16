"""What holds of groups, seats and purchases alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from chalicelib.campaigns.items import Snapshot, StockShard
from chalicelib.campaigns.kinds.groupbuy import GroupBuyOffer
from chalicelib.core import clock
from chalicelib.core.outbox import OutboxEntry
from chalicelib.groupbuy.items import LIVE_STATES, PLAY, Group, Limit, Seat
from chalicelib.groupbuy.states import GroupState, SeatRole, SeatState
from chalicelib.orders.items import Order
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.states import Delivery, OrderState
from tests.breaking import Break, change, nothing
from tests.invariants import Books, invariant, settled
from tests.orders.promises import orders
from tests.town import Town

SITTING = (SeatState.PAID, SeatState.WON, SeatState.LOST, SeatState.REFUNDED)
TAKEN = (SeatState.HELD, SeatState.PAID, SeatState.WON)
DECIDED = (GroupState.SUCCEEDED, GroupState.FAILED)
BOUGHT = (OrderState.HELD, OrderState.CLOSING, OrderState.CONFIRMED)


def groups(books: Books) -> dict[str, Group]:
    """Every group by its partition."""
    return {group.pk: group for group in books.of(Group)}


def offers(books: Books) -> dict[str, GroupBuyOffer]:
    """The group-buy campaigns' documents, by campaign."""
    found = [(snapshot.pk.split("#", 1)[1], snapshot.offer) for snapshot in books.of(Snapshot)]
    return {cid: offer for cid, offer in found if isinstance(offer, GroupBuyOffer)}


def seats(books: Books) -> dict[str, list[Seat]]:
    """The seats of every group, by its partition."""
    found: dict[str, list[Seat]] = defaultdict(list)
    for seat in books.of(Seat):
        found[seat.pk].append(seat)
    return found


def alone(books: Books) -> list[Order]:
    """Purchases without a group that count now."""
    ours = [order for order in books.of(Order) if order.play == PLAY and order.role == SeatRole.SOLO]
    return [order for order in ours if order.state in BOUGHT]


def gone(books: Books) -> list[Order]:
    """Purchases without a group whose goods went out, and all of whose money went back."""
    ours = [order for order in books.of(Order) if order.play == PLAY and order.role == SeatRole.SOLO]
    sent = [order for order in ours if order.delivery not in (None, Delivery.WAITING)]
    return [order for order in sent if order.state is OrderState.REFUND]


def owns(seat: Seat) -> bool:
    """Whether units are his: those of one who was refunded only where they had been sent."""
    return seat.state in TAKEN or (seat.state is SeatState.REFUNDED and seat.units != [])


def seats_of(books: Books, group: Group) -> list[Seat]:
    """A group's seats."""
    return books.seen(seats)[group.pk]


@invariant("A group's paid, held and left seats add up to what it needs.")
def seats_add_up(books: Books) -> Iterator[str]:
    for group in books.of(Group):
        if group.paid + group.held + group.left != group.need or min(group.paid, group.held, group.left) < 0:
            yield f"{group.gid}: {group.paid} + {group.held} + {group.left} of {group.need}"


@invariant("A group counts exactly the seats that are stored.")
def seats_are_counted(books: Books) -> Iterator[str]:
    for group in books.of(Group):
        paid = sum(seat.state in SITTING for seat in seats_of(books, group))
        held = sum(seat.state is SeatState.HELD for seat in seats_of(books, group))
        if (group.paid, group.held) != (paid, held):
            yield f"{group.gid} counts {group.paid} paid, {group.held} held; there are {paid} and {held}"


@invariant("A group succeeds when all its seats are paid, unless its campaign honours the price, and never otherwise.")
def success_is_earned(books: Books) -> Iterator[str]:
    for group in books.of(Group):
        full = group.paid == group.need
        if full and group.status is not GroupState.SUCCEEDED:
            yield f"{group.gid} is full and {group.status}"
        if group.status is GroupState.SUCCEEDED and not full and not (group.honour and group.paid):
            yield f"{group.gid} succeeded with {group.paid} of {group.need}"


@invariant("An outcome waits for every held seat.")
def outcomes_wait(books: Books) -> Iterator[str]:
    for group in books.of(Group):
        if group.status in DECIDED and group.held:
            yield f"{group.gid} is {group.status} with {group.held} held"


@invariant("A group that is not decided, or not drained, has a time at which somebody will look after it.")
def nothing_is_forgotten(books: Books) -> Iterator[str]:
    for group in books.of(Group):
        draining = group.status in DECIDED and any(seat.state is SeatState.PAID for seat in seats_of(books, group))
        if (group.status in LIVE_STATES or draining) and not group.due:
            yield f"{group.gid} is {group.status}"


@invariant("Strangers find open groups and no others.")
def open_groups_are_listed(books: Books) -> Iterator[str]:
    for group in books.of(Group):
        if (group.gsi1pk is not None) != (group.status is GroupState.OPEN):
            yield f"{group.gid} is {group.status}"


@invariant("A held seat belongs to an order that may still be paid, a paid seat to one that was.")
def seats_and_orders_agree(books: Books) -> Iterator[str]:
    fits = {
        SeatState.HELD: (OrderState.HELD, OrderState.CLOSING),
        SeatState.PAID: (OrderState.PAID,),
        SeatState.WON: (OrderState.CONFIRMED,),
        SeatState.LOST: (OrderState.REFUND,),
        SeatState.REFUNDED: (OrderState.REFUND,),
        SeatState.RELEASED: (OrderState.RELEASED, OrderState.REFUND),
    }
    known = books.seen(orders)
    for seat in books.of(Seat):
        if seat.order in known and known[seat.order].state not in fits[seat.state]:
            yield f"{seat.sk} is {seat.state}, its order {known[seat.order].state}"


@invariant("Units taken from stock are exactly those that groups, seats and purchases alone own.")
def stock_is_owned(books: Books) -> Iterator[str]:
    taken: dict[str, int] = defaultdict(int)
    owned: dict[str, int] = defaultdict(int)
    for shard in books.of(StockShard):
        if shard.cid in books.seen(offers) and shard.budget is None:
            taken[shard.cid] += shard.taken
    for group in books.of(Group):
        units = sum(drawn.units for drawn in group.units)
        sitting = sum(owns(seat) for seat in seats_of(books, group))
        owned[group.cid] += units if group.sku else sitting * group.each
        back = sum(seat.state is SeatState.REFUNDED and not owns(seat) for seat in seats_of(books, group))
        wanted = {GroupState.SUCCEEDED: group.paid - back, **dict.fromkeys(LIVE_STATES, group.need)}.get(group.status)
        if group.sku and wanted is not None and units != wanted * group.each:
            yield f"{group.gid} is {group.status} and owns {units} units, not {wanted} times {group.each}"
    for order in (*books.seen(alone), *books.seen(gone)):
        owned[PaymentRef.of(order).cid] += sum(drawn.units for drawn in order.units)
    for cid, units in taken.items():
        if units != owned[cid]:
            yield f"{cid}: {units} taken, {owned[cid]} owned"


@invariant("A user's limit counts the seats and units he holds or has, and no more opening than there is.")
def limits_are_counted(books: Books) -> Iterator[str]:
    parts: dict[tuple[str, str], int] = defaultdict(int)
    units: dict[tuple[str, str], int] = defaultdict(int)
    pending: dict[tuple[str, str], str] = {}
    for group in books.of(Group):
        for seat in seats_of(books, group):
            whose = str(seat.uid), str(group.cid)
            parts[whose] += seat.state in TAKEN
            units[whose] += group.each * (seat.state in TAKEN)
            if group.status is GroupState.PENDING:
                pending[whose] = group.gid
    for order in books.seen(alone):
        units[order.uid, PaymentRef.of(order).cid] += order.lines[0].quantity
    for limit in books.of(Limit):
        whose = limit.pk.split("#", 1)[1], limit.sk.split("#", 1)[1]
        if ((limit.parts or 0), (limit.units or 0)) != (parts[whose], units[whose]):
            yield f"{limit.pk} counts {limit.parts}, {limit.units}; there are {parts[whose]}, {units[whose]}"
        if limit.pending != pending.get(whose):
            yield f"{limit.pk} opens {limit.pending}, there is {pending.get(whose)}"


@invariant("Nobody has opened, joined, takes part in or has bought more than his campaign allows.")
def limits_hold(books: Books) -> Iterator[str]:
    allowed = {cid: offer.limits for cid, offer in books.seen(offers).items()}
    for limit in books.of(Limit):
        most = allowed.get(limit.sk.split("#", 1)[1])
        has = limit.opens or 0, limit.joins or 0, limit.parts or 0, limit.units or 0
        if most and any(a > b for a, b in zip(has, (most.open, most.join, most.take_part, most.units), strict=True)):
            yield f"{limit.pk} has {has}, allowed is {most}"


@invariant("An order is confirmed only when its group succeeded, and refunded by its group only when it failed.")
def outcomes_are_kept(books: Books) -> Iterator[str]:
    for order in books.of(Order):
        grouped = order.play == PLAY and order.role != SeatRole.SOLO
        if grouped and order.state is OrderState.CONFIRMED:
            group = books.seen(groups)[f"{order.mid}|G#{order.object_id}"]
            if group.status is not GroupState.SUCCEEDED:
                yield f"{order.oid} is confirmed, its group {group.status}"
    for group in books.of(Group):
        if group.status is GroupState.SUCCEEDED and any(s.state is SeatState.LOST for s in seats_of(books, group)):
            yield f"{group.gid} succeeded and a seat is lost"


@settled("Every group is decided.")
def everything_ends(books: Books) -> Iterator[str]:
    for group in books.of(Group):
        if group.status not in DECIDED:
            yield f"group {group.gid} is {group.status}"


def situation(town: Town) -> None:
    """Groups that succeeded, failed and owe their refunds, one open with a held seat, and one who bought alone."""
    campaign = town.campaign(size=2, group_seconds=3600)
    _, failing = town.opened(campaign)
    clock.advance(3600)
    town.minute()
    town.stream()
    town.hear()
    assert town.refunds(failing["order_id"])
    _, winning = town.opened(campaign)
    town.joined(winning["group_id"])
    town.minute()
    _, owing = town.opened(campaign)
    clock.advance(3600)
    town.minute()
    _, running = town.opened(campaign)
    town.person().join(running["group_id"]).expect(201)
    town.person().buy(campaign).expect(201)
    assert any(isinstance(item, OutboxEntry) for item in town.items()), owing


def lose_units(books: Books) -> None:
    """Take units of goods that nobody owns."""
    goods = (shard for shard in books.of(StockShard) if not shard.pk.split("#")[3].startswith("~"))
    next(shard for shard in goods if shard.cid in books.seen(offers)).taken = 100


BREAKS: dict[str, Break] = {
    "seats_add_up": change(Group, {"left": 1}, status=GroupState.SUCCEEDED),
    "seats_are_counted": change(Seat, {"state": SeatState.RELEASED}, state=SeatState.HELD),
    "success_is_earned": change(Group, {"status": GroupState.SUCCEEDED}, status=GroupState.FAILED),
    "outcomes_wait": change(Group, {"held": 1}, status=GroupState.FAILED),
    "nothing_is_forgotten": change(Group, {"gsi2pk": None, "gsi2sk": None}, status=GroupState.OPEN),
    "open_groups_are_listed": change(Group, {"gsi1pk": None}, status=GroupState.OPEN),
    "seats_and_orders_agree": change(Order, {"state": OrderState.PAID}, state=OrderState.HELD, role=SeatRole.MEMBER),
    "stock_is_owned": lose_units,
    "limits_are_counted": change(Limit, {"units": 7}),
    "limits_hold": change(Limit, {"opens": 10_000}),
    "outcomes_are_kept": change(Seat, {"state": SeatState.LOST}, state=SeatState.WON),
    "everything_ends": nothing,
}
