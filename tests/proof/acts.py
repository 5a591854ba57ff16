"""What any scene may need: one tap however often it is sent, WeChat that tells, a worker that takes an entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.core import due
from chalicelib.core.table import Key
from infra.local.client import Person
from tests.proof.stage import Act
from tests.town import Town

Seat = Mapping[str, Any]


def one_key(person: Person, what: str) -> str:
    """The key of one tap, however often its request is sent."""
    return f"{person.name}-{what}".replace(" ", "-").ljust(20, "-")


def told(town: Town, seat: Seat, attempt: int = 1) -> Act:
    """WeChat tells of the seat's payment, as often as it likes."""
    return lambda: town.act("/_sim/notify", out_trade_no=f"{seat['order_id']}-{attempt}")["status"]


def falls_due(town: Town, key: Key) -> Act:
    """A worker takes the entry as the index shows it when it looks."""

    def act() -> None:
        raw = next((r for r in town.emulator.items() if (r["pk"]["S"], r["sk"]["S"]) == tuple(key)), None)
        if raw is not None and "gsi2sk" in raw:
            due.handle(key, raw["gsi2sk"]["S"])

    return act


def people(town: Town, *names: str) -> list[Person]:
    return [town.person(name) for name in names]
