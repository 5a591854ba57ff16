"""What must hold of everything that is stored, as one registry: each promise has a name, a sentence, and a mutant.

A play adds its own with `invariant`, which hold at any moment, and `settled`, which hold when nothing is due any more.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from chalicelib.campaigns.items import Campaign, Snapshot, StockShard
from chalicelib.core.outbox import OutboxEntry
from chalicelib.core.table import Item
from chalicelib.groupbuy.items import Group, Limit, Seat
from chalicelib.groupbuy.states import GroupState, SeatState
from chalicelib.merchants.items import ApiKey, Merchant, Role
from chalicelib.orders.items import Order, Payment
from chalicelib.orders.states import Disposition, OrderState
from infra.local.wechat_sim.world import World

SITTING = (SeatState.PAID, SeatState.WON, SeatState.LOST)
TAKEN = (SeatState.HELD, SeatState.PAID, SeatState.WON)
LIVE = (GroupState.OPEN, GroupState.SETTLING)
DECIDED = (GroupState.SUCCEEDED, GroupState.FAILED)


@dataclass
class Books:
    """Everything that is stored, by kind, and what WeChat knows (only where nothing is under way any more)."""

    items: list[Item]
    wechat: World | None = None
    groups: dict[str, Group] = field(default_factory=dict)
    seats: dict[str, list[Seat]] = field(default_factory=lambda: defaultdict(list))
    orders: dict[str, Order] = field(default_factory=dict)
    payments: list[Payment] = field(default_factory=list)
    owed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for item in self.items:
            if isinstance(item, Group):
                self.groups[item.pk] = item
            elif isinstance(item, Seat):
                self.seats[item.pk].append(item)
            elif isinstance(item, Order):
                self.orders[str(item.oid)] = item
            elif isinstance(item, Payment):
                self.payments.append(item)
            elif isinstance(item, OutboxEntry):
                self.owed.add(item.number)

    def order(self, payment: Payment) -> Order:
        """Whose payment it is."""
        return self.orders[payment.pk.split("#", 1)[1]]

    def group(self, order: Order) -> Group:
        """What the order is a part of."""
        return self.groups[f"{order.pk.split('|')[0]}|G#{order.gid}"]


Look = Callable[[Books], Iterator[str]]
"""Yields a line for everything that breaks the promise."""


@dataclass(frozen=True)
class Invariant:
    """A promise: its sentence, and how to find what breaks it."""

    name: str
    sentence: str
    look: Look


class BrokenPromise(AssertionError):
    """What is stored breaks a promise."""


ONLY = os.environ.get("RIPPLE_ONLY_INVARIANT")
"""The one promise that is looked at, where one is named: to show that it needs no other's help."""

ALWAYS: dict[str, Invariant] = {}
"""Holds at any moment, between any two writes."""
AT_REST: dict[str, Invariant] = {}
"""Holds when nothing is due any more."""


def invariant(sentence: str) -> Callable[[Look], Look]:
    """Register what holds at any moment."""
    return lambda look: _add(ALWAYS, sentence, look)


def settled(sentence: str) -> Callable[[Look], Look]:
    """Register what holds when nothing is due any more."""
    return lambda look: _add(AT_REST, sentence, look)


def _add(registry: dict[str, Invariant], sentence: str, look: Look) -> Look:
    name = look.__name__
    assert name not in ALWAYS, name
    assert name not in AT_REST, name
    registry[name] = Invariant(name, sentence, look)
    return look


def check(items: list[Item]) -> None:
    """Raise `BrokenPromise` naming every promise that is broken now."""
    _insist(Books(items), list(ALWAYS.values()))


def at_rest(items: list[Item], wechat: World | None = None) -> None:
    """After everything that is due was done: nothing is undecided, nothing is owed, and WeChat's books are ours."""
    _insist(Books(items, wechat), [*ALWAYS.values(), *AT_REST.values()])


def _insist(books: Books, promises: list[Invariant]) -> None:
    looked_at = [p for p in promises if ONLY in (None, p.name)]
    broken = [f"broken: {p.name}: {p.sentence} But: {line}" for p in looked_at for line in p.look(books)]
    if broken:
        raise BrokenPromise("\n".join(broken))


@invariant("A group's paid, held and left seats add up to what it needs.")
def seats_add_up(books: Books) -> Iterator[str]:
    for group in books.groups.values():
        if group.paid + group.held + group.left != group.need or min(group.paid, group.held, group.left) < 0:
            yield f"{group.gid}: {group.paid} + {group.held} + {group.left} of {group.need}"


@invariant("A group counts exactly the seats that are stored.")
def seats_are_counted(books: Books) -> Iterator[str]:
    for pk, group in books.groups.items():
        paid = sum(seat.state in SITTING for seat in books.seats[pk])
        held = sum(seat.state is SeatState.HELD for seat in books.seats[pk])
        if (group.paid, group.held) != (paid, held):
            yield f"{group.gid} counts {group.paid} paid, {group.held} held; there are {paid} and {held}"


@invariant("A group succeeds when all its seats are paid, unless its campaign honours the price, and never otherwise.")
def success_is_earned(books: Books) -> Iterator[str]:
    for group in books.groups.values():
        full = group.paid == group.need
        if full and group.status is not GroupState.SUCCEEDED:
            yield f"{group.gid} is full and {group.status}"
        if group.status is GroupState.SUCCEEDED and not full and not (group.honour and group.paid):
            yield f"{group.gid} succeeded with {group.paid} of {group.need}"


@invariant("An outcome waits for every held seat.")
def outcomes_wait(books: Books) -> Iterator[str]:
    for group in books.groups.values():
        if group.status in DECIDED and group.held:
            yield f"{group.gid} is {group.status} with {group.held} held"


@invariant("Whatever is not at its end has a time at which somebody will look after it.")
def nothing_is_forgotten(books: Books) -> Iterator[str]:
    for order in books.orders.values():
        if order.state in (OrderState.HELD, OrderState.CLOSING) and not order.due:
            yield f"order {order.oid} is {order.state}"
    for pk, group in books.groups.items():
        draining = group.status in DECIDED and any(seat.state is SeatState.PAID for seat in books.seats[pk])
        if (group.status in LIVE or draining) and not group.due:
            yield f"group {group.gid} is {group.status}"
    for item in books.items:
        if isinstance(item, OutboxEntry) and not item.due:
            yield f"act {item.number}"


@invariant("Strangers find open groups and no others.")
def open_groups_are_listed(books: Books) -> Iterator[str]:
    for group in books.groups.values():
        if (group.gsi1pk is not None) != (group.status is GroupState.OPEN):
            yield f"{group.gid} is {group.status}"


@invariant("A held seat belongs to an order that may still be paid, a paid seat to one that was.")
def seats_and_orders_agree(books: Books) -> Iterator[str]:
    fits = {
        SeatState.HELD: (OrderState.HELD, OrderState.CLOSING),
        SeatState.PAID: (OrderState.PAID,),
        SeatState.WON: (OrderState.CONFIRMED,),
        SeatState.LOST: (OrderState.REFUND,),
        SeatState.RELEASED: (OrderState.RELEASED, OrderState.REFUND),
    }
    for seats in books.seats.values():
        for seat in seats:
            if seat.order in books.orders and books.orders[seat.order].state not in fits[seat.state]:
                yield f"{seat.sk} is {seat.state}, its order {books.orders[seat.order].state}"


@invariant("No stock shard falls below nothing.")
def stock_is_there(books: Books) -> Iterator[str]:
    for item in books.items:
        if isinstance(item, StockShard) and (item.left < 0 or item.taken < 0):
            yield f"{item.pk} {item.sk}: {item.left} left, {item.taken} taken"


@invariant("Units taken from stock are exactly those that groups and seats own.")
def stock_is_owned(books: Books) -> Iterator[str]:
    taken: dict[str, int] = defaultdict(int)
    owned: dict[str, int] = defaultdict(int)
    for item in books.items:
        if isinstance(item, StockShard):
            taken[item.cid] += item.taken
    for pk, group in books.groups.items():
        units = sum(drawn.units for drawn in group.units)
        owned[group.cid] += units if group.sku else sum(seat.state in TAKEN for seat in books.seats[pk])
        wanted = {GroupState.SUCCEEDED: group.paid, **dict.fromkeys(LIVE, group.need)}.get(group.status)
        if group.sku and wanted is not None and units != wanted:
            yield f"{group.gid} is {group.status} and owns {units} units, not {wanted}"
    for cid, units in taken.items():
        if units != owned[cid]:
            yield f"{cid}: {units} taken, {owned[cid]} owned"


@invariant("A user's limit counts the seats he holds or has, and no more opening than there is.")
def limits_are_counted(books: Books) -> Iterator[str]:
    parts: dict[tuple[str, str], int] = defaultdict(int)
    pending: dict[tuple[str, str], str] = {}
    for pk, seats in books.seats.items():
        for seat in seats:
            cid = seat.pk.split("#", 1)[1].split("-", 1)[0]
            parts[seat.uid, cid] += seat.state in TAKEN
            if pk in books.groups and books.groups[pk].status is GroupState.PENDING:
                pending[seat.uid, cid] = books.groups[pk].gid
    for item in books.items:
        if isinstance(item, Limit):
            whose = item.pk.split("#", 1)[1], item.sk.split("#", 1)[1]
            if (item.parts or 0) != parts[whose]:
                yield f"{item.pk} counts {item.parts}, there are {parts[whose]}"
            if item.pending != pending.get(whose):
                yield f"{item.pk} opens {item.pending}, there is {pending.get(whose)}"


@invariant("Money that is owed back has an act that sends it.")
def debts_are_driven(books: Books) -> Iterator[str]:
    for payment in books.payments:
        if payment.disposition is Disposition.OWED and payment.refund_number not in books.owed:
            yield f"{payment.pk} {payment.refund_number}"


@invariant("Live money pays for a live order, one capture an order.")
def money_pays_for_something(books: Books) -> Iterator[str]:
    captured: dict[str, int] = defaultdict(int)
    for payment in books.payments:
        order = books.order(payment)
        if payment.disposition is Disposition.LIVE:
            captured[order.oid] += 1
            if order.state not in (OrderState.PAID, OrderState.CONFIRMED):
                yield f"{payment.pk} pays for an order that is {order.state}"
    for oid, order in books.orders.items():
        if order.state in (OrderState.PAID, OrderState.CONFIRMED) and captured[oid] != 1:
            yield f"{oid} is {order.state} with {captured[oid]} captures"


@invariant("An order is confirmed only when its group succeeded, and refunded by its group only when it failed.")
def outcomes_are_kept(books: Books) -> Iterator[str]:
    for order in books.orders.values():
        if order.state is OrderState.CONFIRMED and books.group(order).status is not GroupState.SUCCEEDED:
            yield f"{order.oid} is confirmed, its group {books.group(order).status}"
    for pk, group in books.groups.items():
        if group.status is GroupState.SUCCEEDED and any(s.state is SeatState.LOST for s in books.seats[pk]):
            yield f"{group.gid} succeeded and a seat is lost"


@invariant("Every merchant has an owner key that is not revoked.")
def somebody_owns_it(books: Books) -> Iterator[str]:
    owned = {item.pk for item in books.items if isinstance(item, ApiKey) and is_live_owner(item)}
    for item in books.items:
        if isinstance(item, Merchant) and item.pk not in owned:
            yield item.pk


def is_live_owner(key: ApiKey) -> bool:
    """Whether somebody can do everything with it."""
    return key.role is Role.OWNER and key.revoked_at is None


@invariant("A campaign that left its draft has a snapshot of what it says, and as much stock as that says.")
def publications_are_whole(books: Books) -> Iterator[str]:
    snapshots = {item.pk: item for item in books.items if isinstance(item, Snapshot)}
    stock: dict[tuple[str, str], int] = defaultdict(int)
    for item in books.items:
        if isinstance(item, StockShard):
            stock[item.cid, item.pk.split("#")[3]] += item.left + item.taken
    for item in books.items:
        if isinstance(item, Campaign) and item.version:
            snapshot = snapshots.get(item.pk)
            if snapshot is None or snapshot.offer != item.draft:
                yield f"{item.cid} is {item.status} and its snapshot says something else"
            for sku in item.draft.skus:
                if stock[item.cid, sku.sku_id] != sku.stock:
                    yield f"{item.cid}: {stock[item.cid, sku.sku_id]} of {sku.sku_id}, not {sku.stock}"


@settled("Every group is decided and every order at its end.")
def everything_ends(books: Books) -> Iterator[str]:
    for group in books.groups.values():
        if group.status not in DECIDED:
            yield f"group {group.gid} is {group.status}"
    for order in books.orders.values():
        if order.state not in (OrderState.RELEASED, OrderState.CONFIRMED, OrderState.REFUND):
            yield f"order {order.oid} is {order.state}"


@settled("Nothing is owed any more.")
def debts_are_paid(books: Books) -> Iterator[str]:
    for payment in books.payments:
        if payment.disposition is Disposition.OWED:
            yield payment.pk
    yield from books.owed


@settled("No entry is dead.")
def nothing_is_dead(books: Books) -> Iterator[str]:
    for item in books.items:
        if (item.gsi2pk or "").startswith("DEAD"):
            yield f"{item.pk} {item.sk}"


@settled("WeChat's books are ours: all it took pays for a confirmed order, or went back once and in full.")
def wechat_agrees(books: Books) -> Iterator[str]:
    if books.wechat is None:
        return
    ours = {f"{books.order(p).oid}-{p.sk.split('#')[1]}": p for p in books.payments}
    for (_, number), trade in books.wechat.orders.items():
        back = sum(refund.amount for refund in trade.refunds)
        if not trade.paid_at:
            continue
        if number not in ours:
            yield f"{number} was paid, and we do not know"
            continue
        confirmed = books.order(ours[number]).state is OrderState.CONFIRMED
        live = ours[number].disposition is Disposition.LIVE
        if (live and (back or not confirmed)) or (not live and back != trade.total):
            yield f"{number}: {trade.total} fen taken, {back} sent back, {ours[number].disposition}"
