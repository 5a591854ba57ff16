"""The rules of a group-buy: pure decisions over what one read round found."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from chalicelib.accounts.newcomer import Verdict, verdict
from chalicelib.campaigns.kinds.groupbuy import WhoMayJoin
from chalicelib.campaigns.problems import SOLD_OUT
from chalicelib.core.errors import RippleError
from chalicelib.groupbuy import problems
from chalicelib.groupbuy.states import GroupState, SeatRole, SeatState
from chalicelib.orders.states import OrderState

if TYPE_CHECKING:
    from chalicelib.accounts.items import User
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


class Decision(msgspec.Struct, frozen=True):
    """What a capture does; ``again`` where the seat had been released and is taken again."""

    arrival: Arrival
    again: bool = False


def price_of(sku: GroupBuySku, role: SeatRole) -> int:
    """What one unit costs somebody in that role, in fen. Raises `NO_SOLO` where nobody may buy alone."""
    if role is SeatRole.SOLO:
        if sku.solo_price_fen is None:
            raise RippleError(problems.NO_SOLO)
        return sku.solo_price_fen
    return sku.leader_price_fen if role is SeatRole.LEADER and sku.leader_price_fen is not None else sku.price_fen


def insist_may_open(offer: GroupBuyOffer, limit: Limit | None, stock_left: int) -> None:
    """Raise what forbids opening a group now. ``stock_left`` is the sum over the shards that were read."""
    if limit is not None:
        if limit.pending:
            raise RippleError(problems.OPENING_PENDING, group_id=limit.pending)
        if (limit.opens or 0) >= offer.limits.open:
            raise RippleError(problems.OPEN_LIMIT, limit=offer.limits.open)
    _insist_may_take_part(offer, limit)
    if stock_left < offer.units_at_once:
        raise RippleError(SOLD_OUT)


def insist_may_buy(offer: GroupBuyOffer, limit: Limit | None, stock_left: int) -> None:
    """Raise what forbids buying alone now. ``stock_left`` is the sum over the shards that were read."""
    _insist_units(offer, limit)
    if stock_left < offer.units_per_seat:
        raise RippleError(SOLD_OUT)


def insist_welcome(offer: GroupBuyOffer, user: User, now: datetime) -> Verdict | None:
    """The verdict on a newcomer where only those may join. Raises `NEW_USERS_ONLY`."""
    if offer.who_may_join is WhoMayJoin.ANY:
        return None
    found = verdict(user, offer.new_user, offer.starts_at, now)
    if not found.new:
        raise RippleError(problems.NEW_USERS_ONLY)
    return found


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
    if group.sku is None and stock_left < group.each:
        raise RippleError(SOLD_OUT)


def _insist_may_take_part(offer: GroupBuyOffer, limit: Limit | None) -> None:
    if limit is not None and (limit.parts or 0) >= offer.limits.take_part:
        raise RippleError(problems.PART_LIMIT, limit=offer.limits.take_part)
    _insist_units(offer, limit)


def _insist_units(offer: GroupBuyOffer, limit: Limit | None) -> None:
    if not units_allowed(offer, limit, offer.units_per_seat):
        raise RippleError(problems.UNIT_LIMIT, limit=offer.limits.units)


def units_allowed(offer: GroupBuyOffer, limit: Limit | None, units: int) -> bool:
    """Whether a user may take so many units more."""
    return limit is None or (limit.units or 0) + units <= offer.limits.units


def arrival(
    offer: GroupBuyOffer,
    order: Order,
    group: Group,
    seat: Seat,
    limit: Limit | None,
    stock_left: int,
    *,
    parts: bool = True,
) -> Decision:
    """What a captured payment does. Time plays no part: the money is there, and a held seat is honoured.

    ``stock_left`` is what a draw could take: the group's missing units for a leader, a seat's own unit for a re-take;
    ``parts`` whether what a released order was also paid with can be held again.
    """
    owns = seat.order == order.oid
    last = group.paid + 1 == group.need
    if owns and seat.state == SeatState.HELD and order.state in (OrderState.HELD, OrderState.CLOSING):
        if group.status == GroupState.PENDING:
            enough = group.sku is None or stock_left >= (group.need - 1) * group.each
            return Decision(Arrival.OPENS if enough else Arrival.NO_STOCK)
        return Decision(Arrival.COMPLETES if last else Arrival.SEATED)
    free = owns and seat.state == SeatState.RELEASED and order.state == OrderState.RELEASED
    room = group.status in (GroupState.OPEN, GroupState.SETTLING) and group.left >= 1 and group.why is None
    allowed = limit is None or ((limit.parts or 0) < offer.limits.take_part and (limit.joins or 0) < offer.limits.join)
    allowed = allowed and units_allowed(offer, limit, group.each)
    unit = group.sku is not None or stock_left >= group.each
    if free and room and allowed and unit and parts:
        return Decision(Arrival.COMPLETES if last else Arrival.SEATED, again=True)
    return Decision(Arrival.OWED)


def seat_end(seat: Seat, group: Group) -> SeatState:
    """What a seat is to its owner: a paid one is won or lost as soon as its group is decided."""
    if seat.state == SeatState.PAID and group.status == GroupState.SUCCEEDED:
        return SeatState.WON
    if seat.state == SeatState.PAID and group.status == GroupState.FAILED:
        return SeatState.LOST
    return seat.state
