"""What falls due of an order, before it is confirmed and after."""

from __future__ import annotations

from chalicelib.core.errors import Unknown
from chalicelib.core.times import Time, span, timed
from chalicelib.fulfilment import delivery
from chalicelib.orders import timers
from chalicelib.orders.items import Order
from chalicelib.orders.states import OrderState
from chalicelib.orders.steps import CLOSING_SLOW
from chalicelib.orders.timers import PROOF


@timed(
    Time(
        "its pay window ends (`deadline`), or it is cancelled",
        "WeChat is asked about every attempt to pay and closes it; then the order is released, and its "
        "goods, seat, coupons and balance are free again",
        "nobody can begin to pay it; a payment that WeChat has taken counts, and what it holds stays held",
    ),
    Time(
        f"{span(PROOF)} after its latest intent to pay, where WeChat knows of no attempt",
        "WeChat is asked again: only from then on does that answer prove that no payment comes",
        "what it holds stays held",
    ),
    Time(
        f"{span(CLOSING_SLOW)} after its deadline, where WeChat has not told whether it is paid",
        "the merchant finds it among stuck money; WeChat is asked on",
        "the merchant hears later",
    ),
    Time(
        "it is confirmed and its goods have not gone out by `ship_by` (the campaign's `within_hours`)",
        "the merchant finds it among what is stuck, as late",
        "the merchant hears later",
    ),
    Time(
        "the campaign's `complete_days` after its goods went out, if nobody has asked for money back",
        "its goods count as received",
        "it is open for its buyer's complaints, and what waits for that still waits",
    ),
)
def order_due(order: Order) -> None:
    """Drive an order to its next state (the due handler of `Order`).

    One that took more than one attempt to pay is asked about again before anything else.
    """
    if order.state != OrderState.CONFIRMED:
        timers.order_due(order)
        return
    if order.attempt > 1 and timers.unsettled(order) is not None:
        raise Unknown("an attempt is neither captured nor closed")
    delivery.due(order)
