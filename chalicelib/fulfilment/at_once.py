"""Orders of what needs no delivery: received as soon as they are confirmed, and WeChat is told so (rules W17)."""

from __future__ import annotations

from chalicelib.fulfilment import delivery
from chalicelib.orders.items import Order


class AtOnce:
    """The follower of such orders (`orders.follows.Follower`)."""

    def confirmed(self, order: Order) -> None:
        delivery.give(order)

    def returned(self, order: Order) -> None:
        """What comes back with the money is its play's to say."""


FOLLOWING = AtOnce()
