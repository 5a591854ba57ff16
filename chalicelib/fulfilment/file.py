"""Orders with everything that belongs to them: one whole, or a page of those whose goods are in the same place."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from datetime import time as clock_time

import msgspec

from chalicelib.campaigns.live import any_live
from chalicelib.campaigns.pickup import PickupPoint, point_called
from chalicelib.core import clock
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import query, read_all, spread
from chalicelib.fulfilment.items import Case, Shipment
from chalicelib.orders.items import PAYMENT_SHARDS, Order, Payment, Receiver, Refund, order_key
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.states import Delivery
from chalicelib.orders.steps import delivery_list

YEARS = range(2000, 3000)
"""Years in which something may have been paid."""

MOST_ROWS = 300
"""More than an order can have: 5 payments, 50 refunds of each that is live, a shipment, cases."""


class File(msgspec.Struct, frozen=True):
    """Everything that is stored of one order."""

    order: Order
    payments: list[Payment]
    """First attempt first."""
    refunds: list[Refund]
    """First one first."""
    receiver: Receiver | None
    shipment: Shipment | None
    cases: list[Case]
    """First one first."""
    point: PickupPoint | None
    """Where its goods are fetched."""


def whole(mid: MerchantId, oid: str) -> File:
    """An order with everything that belongs to it, in one read. Raises `NOT_FOUND`.

    Where its goods are fetched is its campaign's to say, which is kept for a moment.
    """
    items = query(order_key(mid, oid).pk, limit=MOST_ROWS).items
    found = next((item for item in items if isinstance(item, Order)), None)
    if found is None:
        raise RippleError(NOT_FOUND)
    return File(
        order=found,
        payments=sorted((i for i in items if isinstance(i, Payment)), key=lambda payment: payment.attempt),
        refunds=sorted((i for i in items if isinstance(i, Refund)), key=lambda refund: refund.owed_at),
        receiver=next((i for i in items if isinstance(i, Receiver)), None),
        shipment=next((i for i in items if isinstance(i, Shipment)), None),
        cases=sorted((i for i in items if isinstance(i, Case)), key=lambda case: case.which),
        point=point_of(found),
    )


def point_of(order: Order) -> PickupPoint | None:
    """Where an order's goods are fetched; None where nobody comes for them."""
    if order.pickup_point is None:
        return None
    campaign = any_live(order.mid, PaymentRef.of(order).cid)
    return point_called(campaign.offer.pickup_points, order.pickup_point)


def own(mid: MerchantId, uid: UserId, oid: str) -> File:
    """The user's own order, whole; `NOT_FOUND` for anybody else's."""
    found = seen(mid, uid, oid)
    if found.order.uid != uid:
        raise RippleError(NOT_FOUND)
    return found


def seen(mid: MerchantId, uid: UserId, oid: str) -> File:
    """An order that the user made, or pays for, whole; `NOT_FOUND` for any other."""
    found = whole(mid, oid)
    if uid not in (found.order.uid, found.order.payer):
        raise RippleError(NOT_FOUND)
    return found


def listed(
    mid: MerchantId, delivery: Delivery, day: date | None, limit: int, after: str | None
) -> tuple[list[Order], str | None]:
    """Orders whose goods are there, of a day of payment in China or of all, earliest paid first, and where to go on.

    Only what is shown is read.
    """
    if day is not None and day.year not in YEARS:
        return [], None
    shards = [delivery_list(mid, delivery, shard) for shard in range(PAYMENT_SHARDS)]
    begins, ends = (None, None) if day is None else (_midnight(day), _midnight(day + timedelta(days=1)))
    keys, more = spread(shards, "gsi3", limit, forward=True, after=after or begins, until=ends)
    return [item for item in read_all(keys) if isinstance(item, Order)], more


def _midnight(day: date) -> str:
    return clock.iso(datetime.combine(day, clock_time(0), clock.BEIJING))
