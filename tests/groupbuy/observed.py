"""A group-buy as it is stored and as the model has it, in the same words."""

from __future__ import annotations

from typing import Any

from chalicelib.campaigns.items import StockShard
from chalicelib.groupbuy import items
from tests.groupbuy.model import Model
from tests.orders.model import Stored
from tests.town import Town


class Observed(Stored):
    """What is stored, in the model's words."""

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.groups = {str(g.gid): g for g in self.items if isinstance(g, items.Group)}
        self.seats = {(s.pk.split("#", 1)[1], str(s.uid)): s for s in self.items if isinstance(s, items.Seat)}
        self.limits = {limit.pk.split("#", 1)[1]: limit for limit in self.items if isinstance(limit, items.Limit)}
        self.free = sum(shard.left for shard in self.items if isinstance(shard, StockShard))

    def told(self) -> dict[str, Any]:
        return {
            "free": self.free,
            "groups": {k: (g.status.value, g.paid, g.held, g.left) for k, g in self.groups.items()},
            "seats": {k: (s.state.value, s.order, s.take) for k, s in self.seats.items()},
            "orders": {k: (o.state.value, self.money.get(k)) for k, o in self.orders.items()},
            "limits": {
                k: (n.opens or 0, n.joins or 0, n.parts or 0, n.units or 0, n.pending) for k, n in self.limits.items()
            },
        }


def told(model: Model) -> dict[str, Any]:
    return {
        "free": model.free,
        "groups": {k: (g.status, g.paid, g.held, g.left) for k, g in model.groups.items()},
        "seats": {k: (s.state, s.order, s.takes) for k, s in model.seats.items()},
        "orders": {k: (o.state, o.money) for k, o in model.orders.items()},
        "limits": {
            k: (n.opens, n.joins, n.parts, n.units, n.pending)
            for k, n in model.limits.items()
            if any(order.user == k for order in model.orders.values())
        },
    }
