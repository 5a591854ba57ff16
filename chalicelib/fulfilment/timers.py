"""What falls due of an order, before it is confirmed and after."""

from __future__ import annotations

from chalicelib.core import clock
from chalicelib.core.transaction import update_one
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
    again = timers.unsettled(order) if order.attempt > 1 else None
    if again is None:
        delivery.due(order)
    else:
        update_one(order, [], when={"leased": Order.gsi2sk == order.gsi2sk}, due=clock.now() + again)
