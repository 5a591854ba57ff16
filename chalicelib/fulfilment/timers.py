"""What falls due of an order, before it is confirmed and after."""

from __future__ import annotations

from chalicelib.core.errors import Unknown
from chalicelib.fulfilment import delivery
from chalicelib.orders import timers
from chalicelib.orders.items import Order
from chalicelib.orders.states import OrderState


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
