"""What pays for an order now: read at one moment by whoever gives something for it, who insists on it when he does."""

from __future__ import annotations

from typing import NamedTuple

from pynamodb.expressions.condition import Condition

from chalicelib.core.store import Found, read
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.orders import owing
from chalicelib.orders.items import Order, Payment, order_key, payment_key
from chalicelib.orders.states import OrderState


class Stands(NamedTuple):
    """An order, and what pays for it."""

    order: Order
    payment: Payment | None
    """The capture that pays for it; None where no money does."""

    @property
    def money_fen(self) -> int:
        """Of what pays, money."""
        return self.payment.live_fen if self.payment else 0

    @property
    def live_fen(self) -> int:
        """All that pays."""
        return owing.live_fen(self.order, self.payment)


def keys(order: Order) -> list[Key]:
    """Where the order stands, and the capture that pays for it, if money does."""
    captured = [payment_key(order.mid, order.oid, order.captured)] if order.captured is not None else []
    return [order_key(order.mid, order.oid), *captured]


def seen(found: Found, order: Order) -> Stands:
    """The order and what pays for it, as they were ``found`` at its `keys`."""
    at, *paid = keys(order)
    now = found.item(Order, at)
    if now is None:
        raise LookupError(f"an order: {order.oid}")
    return Stands(now, found.item(Payment, paid[0]) if paid else None)


def of(order: Order) -> Stands:
    """The order and what pays for it, as they are now."""
    return seen(read(*keys(order)), order)


def add_as_seen(tx: Transaction, stands: Stands) -> None:
    """Nothing of the order has gone back since it was looked at, and nobody has begun to ask for it."""
    order, payment = stands
    when: dict[str, Condition] = {"confirmed": Order.state == OrderState.CONFIRMED}
    if order.case is None:
        when["no_case"] = Order.case.does_not_exist()
    if order.parts:
        when["parts"] = Order.parts == order.parts
    tx.check("order", order, when=when)
    if payment is not None:
        tx.check("payment", payment, when={"live": Payment.live_fen == payment.live_fen})
