"""The rules of a group-buy: pure decisions over what one read round found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.campaigns.problems import SOLD_OUT
from chalicelib.core.errors import RippleError
from chalicelib.groupbuy import problems
from chalicelib.groupbuy.states import Drawn, GroupState, SeatState
from chalicelib.orders.states import OrderState

if TYPE_CHECKING:
    from chalicelib.campaigns.kinds.groupbuy import GroupBuyOffer, GroupBuySku
    from chalicelib.groupbuy.items import Group, Limit, Seat
    from chalicelib.orders.items import Order

LAST_HOLD = timedelta(minutes=2)
"""No seat is held later than this before a group's end: the payment would have too little time."""

MOST_TAKES = 5
"""Orders one user may make for one seat of one group."""

SETTLE_AGAIN = timedelta(minutes=1)
"""How long a group past its end waits for its held seats before it is looked at again."""


class Arrival(StrEnum):
    """What a captured payment turns out to be."""

    OPENS = "opens"
    NO_STOCK = "no_stock"
    SEATED = "seated"
    COMPLETES = "completes"
    OWED = "owed"


@dataclass(frozen=True)
class Decision:
    """What a capture does; ``again`` where the seat had been released and is taken again."""

    arrival: Arrival
    again: bool = False


def price_of(sku: GroupBuySku, *, leader: bool) -> int:
    """What a seat costs, in fen."""
    return sku.leader_price_fen if leader and sku.leader_price_fen is not None else sku.price_fen


def insist_may_open(offer: GroupBuyOffer, limit: Limit | None, stock_left: int) -> None:
    """Raise what forbids opening a group now. ``stock_left`` is the sum over the shards that were read."""
    if limit is not None:
        if limit.pending:
            raise RippleError(problems.OPENING_PENDING, group_id=limit.pending)
        if (limit.opens or 0) >= offer.limits.open:
            raise RippleError(problems.OPEN_LIMIT, limit=offer.limits.open)
    _insist_may_take_part(offer, limit)
    if stock_left < (offer.units_at_once):
        raise RippleError(SOLD_OUT)


def insist_may_join(
    offer: GroupBuyOffer, group: Group, seat: Seat | None, limit: Limit | None, stock_left: int, now: datetime
) -> None:
    """Raise what forbids taking a seat now. ``stock_left`` counts only where seats own their units."""
    if seat is not None and seat.state != SeatState.RELEASED:
        raise RippleError(problems.ALREADY_SEATED, order_id=seat.order, state=seat.state.value)
    if group.status != GroupState.OPEN or group.expires_at is None:
        if group.paid >= group.need:
            raise RippleError(problems.GROUP_FULL, left=0)
        raise RippleError(problems.GROUP_ENDED, status=group.status.value)
    if group.left < 1:
        raise RippleError(problems.GROUP_FULL, left=0)
    if now > group.expires_at - LAST_HOLD:
        raise RippleError(problems.GROUP_ENDING)
    if seat is not None and seat.take >= MOST_TAKES:
        raise RippleError(problems.SEAT_TRIES)
    if limit is not None and (limit.joins or 0) >= offer.limits.join:
        raise RippleError(problems.JOIN_LIMIT, limit=offer.limits.join)
    _insist_may_take_part(offer, limit)
    if group.sku is None and stock_left < 1:
        raise RippleError(SOLD_OUT)


def _insist_may_take_part(offer: GroupBuyOffer, limit: Limit | None) -> None:
    if limit is not None and (limit.parts or 0) >= offer.limits.take_part:
        raise RippleError(problems.PART_LIMIT, limit=offer.limits.take_part)


def arrival(
    offer: GroupBuyOffer, order: Order, group: Group, seat: Seat, limit: Limit | None, stock_left: int
) -> Decision:
    """What a captured payment does. Time plays no part: the money is there, and a held seat is honoured.

    ``stock_left`` is what a draw could take: the group's missing units for a leader, a seat's own unit for a re-take.
    """
    owns = seat.order == order.oid
    last = group.paid + 1 == group.need
    if owns and seat.state == SeatState.HELD and order.state in (OrderState.HELD, OrderState.CLOSING):
        if group.status == GroupState.PENDING:
            enough = group.sku is None or stock_left >= group.need - 1
            return Decision(Arrival.OPENS if enough else Arrival.NO_STOCK)
        return Decision(Arrival.COMPLETES if last else Arrival.SEATED)
    free = owns and seat.state == SeatState.RELEASED and order.state == OrderState.RELEASED
    room = group.status in (GroupState.OPEN, GroupState.SETTLING) and group.left >= 1
    allowed = limit is None or ((limit.parts or 0) < offer.limits.take_part and (limit.joins or 0) < offer.limits.join)
    unit = group.sku is not None or stock_left >= 1
    if free and room and allowed and unit:
        return Decision(Arrival.COMPLETES if last else Arrival.SEATED, again=True)
    return Decision(Arrival.OWED)


def seat_end(seat: Seat, group: Group) -> SeatState:
    """What a seat is to its owner: a paid one is won or lost as soon as its group is decided."""
    if seat.state == SeatState.PAID and group.status == GroupState.SUCCEEDED:
        return SeatState.WON
    if seat.state == SeatState.PAID and group.status == GroupState.FAILED:
        return SeatState.LOST
    return seat.state


def split_units(owned: list[Drawn], keep: int) -> tuple[list[Drawn], dict[int, int]]:
    """What a decided group keeps of its units, and what goes back to which stock shard."""
    kept: list[Drawn] = []
    back: dict[int, int] = {}
    for drawn in owned:
        stays = min(keep, drawn.units)
        keep -= stays
        if stays:
            kept.append(Drawn(drawn.shard, stays))
        if drawn.units > stays:
            back[drawn.shard] = drawn.units - stays
    return kept, back
