"""A group whose time has come: wait for held seats, write its outcome once, then settle its seats one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from chalicelib.campaigns import stock
from chalicelib.core import clock, log
from chalicelib.core.due import LEASE
from chalicelib.core.store import query, read, read_one
from chalicelib.core.table import Item, Key, Undecodable
from chalicelib.core.times import Time, span, timed
from chalicelib.core.transaction import Lost, Transaction, update_one
from chalicelib.groupbuy import limits, messages, rules
from chalicelib.groupbuy.items import GROUP, Group, Seat, limit_key
from chalicelib.groupbuy.states import GroupState, SeatState
from chalicelib.notices import cards
from chalicelib.orders import owing, steps
from chalicelib.orders.items import Order, order_key

SEATS_PAGE = 60
ENDED = (SeatState.WON, SeatState.LOST, SeatState.REFUNDED)


@timed(
    Time(
        "its end (`expires_at`); at once when it is full, or when the merchant ends it",
        "its outcome is written once; then every paid seat has its end: its order is confirmed, or its money owed back",
        "past its end nobody joins, whatever its state says; paid seats wait",
    ),
    Time(
        f"every {span(rules.SETTLE_AGAIN)} past its end, while a seat is held by an order that may still be paid",
        "it is looked at again: it waits for that order's payment or release, and takes no new seat",
        "it is decided later",
    ),
)
def group_due(group: Group) -> None:
    """Drive a group past its end to its outcome and its seats to theirs (the due handler of `Group`)."""
    leased = {"leased": Group.gsi2sk == group.gsi2sk}
    if group.status in (GroupState.OPEN, GroupState.SETTLING):
        now = clock.now()
        if group.expires_at is not None and now < group.expires_at:
            update_one(group, [], when=leased, due=group.expires_at)
            return
        if group.held > 0:
            waits = {**leased, "status": Group.status == group.status}
            actions = [Group.status.set(GroupState.SETTLING), Group.gsi1pk.remove(), Group.gsi1sk.remove()]
            update_one(group, actions, when=waits, due=now + rules.SETTLE_AGAIN)
            return
        group = _decide(group)
    _drain(group)


def _decide(group: Group) -> Group:
    """The outcome: one write, only while nobody holds a seat and nobody has paid since this was read."""
    succeeded = bool(group.honour) and group.paid >= 1
    state = GroupState.SUCCEEDED if succeeded else GroupState.FAILED
    kept, back = stock.parted(group.units, group.paid * group.each if succeeded else 0)
    until = clock.now() + LEASE
    tx = Transaction()
    when = {
        "status": Group.status == group.status,
        "none_held": Group.held == 0,
        "paid_as_seen": Group.paid == group.paid,
        "leased": Group.gsi2sk == group.gsi2sk,
    }
    actions = [
        Group.status.set(state),
        Group.why.set(group.why or ("honour_price" if succeeded else "expired")),
        Group.units.set(kept),
        Group.gsi1pk.remove(),
        Group.gsi1sk.remove(),
    ]
    tx.update("group", group, actions, when=when, due=until)
    if group.sku is not None:
        stock.add_return(tx, group.mid, group.cid, group.sku, back)
    tx.commit()
    log.info("group_decided", gid=group.gid, status=state.value, paid=group.paid, need=group.need)
    decided = read(group.key).item(Group, group.key)
    if decided is None:
        raise LookupError(group.gid)
    return decided


def _drain(group: Group) -> None:
    """One transaction per paid seat; the group stays due until every seat that it counts has ended.

    A query shows no view of one moment: a seat whose payment has just been committed may still look held. So the group
    is left only when as many seats have ended as it says were paid. A seat that cannot be settled delays no other: the
    first such failure is raised when the others are done.
    """
    after, failures, ended = None, list[Exception](), 0
    while True:
        page = query(group.pk, begins="SEAT#", limit=SEATS_PAGE, after=after)
        paid = [seat for seat in page.items if isinstance(seat, Seat) and seat.state == SeatState.PAID]
        ended += sum(isinstance(seat, Seat) and seat.state in ENDED for seat in page.items)
        for seat, order in _with_orders(group, paid):
            try:
                if not isinstance(order, Order):
                    raise order
                _settle(group, seat, order)
                ended += 1
            except (Lost, LookupError, Undecodable) as failure:
                failures.append(failure)
        after = page.after
        if after is None:
            break
    if failures:
        raise failures[0]
    if group.live_card is not None:
        cards.ended(group.mid, GROUP, group.gid)
    due = None if ended >= group.paid else clock.now() + rules.SETTLE_AGAIN
    update_one(group, [], when={"leased": Group.gsi2sk == group.gsi2sk}, due=due)


def _with_orders(group: Group, seats: Sequence[Seat]) -> Iterator[tuple[Seat, Order | LookupError | Undecodable]]:
    """Each seat with its order, or with why that cannot be had; one that cannot be read hides no other."""
    keys = [order_key(group.mid, seat.order) for seat in seats]
    try:
        found: Mapping[Key, Item | None] = read(*keys) if keys else {}
    except Undecodable:
        found = {}
    for seat, key in zip(seats, keys, strict=True):
        try:
            order = found.get(key) or read_one(Order, key)
        except Undecodable as spoiled:
            yield seat, spoiled
            continue
        yield seat, order if isinstance(order, Order) else LookupError(f"the order of a paid seat: {seat.order}")


def _settle(group: Group, seat: Seat, order: Order) -> None:
    """A paid seat has its end, and who sits in it is told."""
    tx = Transaction()
    paid = {"paid": Seat.state == SeatState.PAID, "order": Seat.order == order.oid}
    if group.status == GroupState.SUCCEEDED:
        tx.update("seat", seat, [Seat.state.set(SeatState.WON)], when=paid)
        steps.add_confirmation(tx, order)
    else:
        tx.update("seat", seat, [Seat.state.set(SeatState.LOST)], when=paid)
        owing.add_refund(tx, order)
        limits.add_loss(tx, limit_key(group.mid, seat.uid, group.cid), group.each)
        stock.add_return(tx, group.mid, group.cid, seat.sku, seat.units or [])
    messages.add_outcome(tx, group, order)
    tx.commit()
