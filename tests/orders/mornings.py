"""The mornings on which a day is compared with WeChat's bill."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from chalicelib.core import clock
from infra.local.wechat_sim.world import Order
from tests.town import Town


def today() -> date:
    return clock.now().astimezone(clock.BEIJING).date()


def morning(town: Town, days: int = 1) -> None:
    """The next morning at twenty past ten in China, and the sweeper's minutes then."""
    then = clock.now().astimezone(clock.BEIJING).replace(hour=10, minute=20, second=0) + timedelta(days=days)
    clock.advance((then - clock.now()).total_seconds())
    for _ in range(days + 1):
        town.minute()
        clock.advance(60)


def compared(town: Town) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = town.admin.get("/v1/admin/bills")["days"]
    return found


def stuck(town: Town) -> list[tuple[str, str]]:
    return [(row["reason"], row["number"]) for row in town.admin.get("/v1/admin/stuck")["stuck"]]


def at_wechat(town: Town, number: str) -> Order:
    return next(order for (_, n), order in town.sim.world.orders.items() if n == number)


def refund(town: Town) -> Any:
    return next(refund for order in town.sim.world.orders.values() for refund in order.refunds)


def asked(town: Town, day: date, key: str | None = None) -> int:
    return town.admin.call("POST", "/v1/admin/bills", {"day": day.isoformat()}, key=key).status
