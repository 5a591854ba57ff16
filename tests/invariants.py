"""What must hold of everything that is stored, at any moment."""

from __future__ import annotations

from collections import defaultdict

from chalicelib.campaigns.items import StockShard
from chalicelib.core.table import Item
from chalicelib.groupbuy.items import Group, Limit, Seat
from chalicelib.groupbuy.states import GroupState, SeatState
from chalicelib.orders.items import Order, Payment
from chalicelib.orders.states import Disposition, OrderState

SITTING = (SeatState.PAID, SeatState.WON, SeatState.LOST)
TAKEN = (SeatState.HELD, SeatState.PAID, SeatState.WON)


def check(items: list[Item]) -> None:
    """Raise AssertionError for the first promise that is broken."""
    groups = {item.pk: item for item in items if isinstance(item, Group)}
    orders = {str(item.oid): item for item in items if isinstance(item, Order)}
    seats: dict[str, list[Seat]] = defaultdict(list)
    for item in items:
        if isinstance(item, Seat):
            seats[item.pk].append(item)
    for pk, group in groups.items():
        _group(group, seats[pk])
    for order in orders.values():
        if order.state in (OrderState.HELD, OrderState.CLOSING):
            assert order.due, f"nobody will end {order.oid}"
    _stock(items, groups, seats)
    _limits(items, seats)
    _payments(items, orders, groups)


def _group(group: Group, seats: list[Seat]) -> None:
    paid = sum(seat.state in SITTING for seat in seats)
    held = sum(seat.state is SeatState.HELD for seat in seats)
    assert group.paid + group.held + group.left == group.need, "a group's counts do not add up"
    assert (group.paid, group.held) == (paid, held), "a group does not count its seats"
    assert paid <= group.need, "more members than seats"
    decided = group.status in (GroupState.SUCCEEDED, GroupState.FAILED)
    if group.status is GroupState.SUCCEEDED and not group.honour:
        assert paid == group.need, "success without its members"
    if decided:
        assert held == 0, "an outcome while a seat is held"
    if group.status in (GroupState.OPEN, GroupState.SETTLING):
        assert group.due, "nobody will decide the group"
    if decided and any(seat.state is SeatState.PAID for seat in seats):
        assert group.due, "nobody will settle the seats"
    listed = group.gsi1pk is not None
    assert listed == (group.status is GroupState.OPEN), "the open list shows something else than open groups"


def _stock(items: list[Item], groups: dict[str, Group], seats: dict[str, list[Seat]]) -> None:
    left: dict[str, int] = defaultdict(int)
    taken: dict[str, int] = defaultdict(int)
    owned: dict[str, int] = defaultdict(int)
    for item in items:
        if isinstance(item, StockShard):
            assert item.left >= 0, "stock below nothing"
            left[item.cid] += item.left
            taken[item.cid] += item.taken
    for pk, group in groups.items():
        if group.sku is not None:
            owned[group.cid] += sum(drawn.units for drawn in group.units)
            if group.status is GroupState.SUCCEEDED:
                assert sum(drawn.units for drawn in group.units) == group.paid, "more members than units"
            if group.status in (GroupState.OPEN, GroupState.SETTLING):
                assert sum(drawn.units for drawn in group.units) == group.need, "an open group without its units"
        else:
            owned[group.cid] += sum(seat.state in TAKEN for seat in seats[pk])
    for cid, units in taken.items():
        assert units == owned[cid], f"{units} units taken, {owned[cid]} owned by groups"


def _limits(items: list[Item], seats: dict[str, list[Seat]]) -> None:
    parts: dict[tuple[str, str], int] = defaultdict(int)
    for group_seats in seats.values():
        for seat in group_seats:
            cid = seat.pk.split("#", 1)[1].split("-", 1)[0]
            parts[seat.uid, cid] += seat.state in TAKEN
    for item in items:
        if isinstance(item, Limit):
            uid, cid = item.pk.split("#", 1)[1], item.sk.split("#", 1)[1]
            assert (item.parts or 0) == parts[uid, cid], "a limit does not count live seats"


def _payments(items: list[Item], orders: dict[str, Order], groups: dict[str, Group]) -> None:
    owed = {item.number for item in items if item.sk == "X#"}  # type: ignore[attr-defined]
    for item in items:
        if not isinstance(item, Payment):
            continue
        order = orders[item.pk.split("#", 1)[1]]
        if item.disposition is Disposition.OWED:
            assert item.refund_number in owed, "money owed that nobody will send back"
        if item.disposition is Disposition.LIVE:
            assert order.state in (OrderState.PAID, OrderState.CONFIRMED), "live money for a dead order"
            group = groups[f"{order.pk.split('|')[0]}|G#{order.gid}"]
            if order.state is OrderState.CONFIRMED:
                assert group.status is GroupState.SUCCEEDED, "an order confirmed without success"


def at_rest(items: list[Item]) -> None:
    """After everything that is due was done: nothing is undecided, and nothing is owed."""
    check(items)
    for item in items:
        if isinstance(item, Group):
            assert item.status in (GroupState.SUCCEEDED, GroupState.FAILED), f"never decided: {item.gid}"
        if isinstance(item, Order):
            final = (OrderState.RELEASED, OrderState.CONFIRMED, OrderState.REFUND)
            assert item.state in final, f"never ended: {item.oid} {item.state}"
        if isinstance(item, Payment):
            assert item.disposition is not Disposition.OWED, f"owed for ever: {item.pk}"
        assert item.sk != "X#", "an outside act is still owed"
