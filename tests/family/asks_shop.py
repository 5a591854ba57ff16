"""What people do with requests to their owner, and with orders that he pays."""

from __future__ import annotations

from typing import Any

from chalicelib.family.items import Ask
from infra.local.client import Person, Reply
from tests.town import Town


def asks(person: Person, fid: str, target: str, act: str = "group_solo", key: str | None = None, **more: Any) -> Reply:
    """Ask the owner to pay for something."""
    body = {"act": act, "target": target, **more}
    return person.api.call("POST", f"/v1/families/{fid}/asks", body, key=key)


def asked(person: Person, fid: str, target: str, act: str = "group_solo", **more: Any) -> str:
    """A request of his, by its id."""
    found: str = asks(person, fid, target, act, **more).expect(201)["ask_id"]
    return found


def decides(person: Person, fid: str, ask_id: str, what: str) -> Reply:
    """Approve it, pay it, refuse it or withdraw it."""
    return person.api.call("POST", f"/v1/families/{fid}/asks/{ask_id}/{what}", {})


def ask_of(town: Town, ask_id: str) -> Ask:
    """The request as it is stored."""
    return next(item for item in town.items() if isinstance(item, Ask) and item.ask_id == ask_id)


def to_pay(person: Person, fid: str) -> list[str]:
    """The orders that wait for him, by their ids."""
    waiting = person.api.get(f"/v1/families/{fid}/orders-to-pay")["orders"]
    return [one["order"]["order_id"] for one in waiting]


def has_paid(person: Person, fid: str) -> list[str]:
    """The orders that he has paid himself, by their ids."""
    there = person.api.get(f"/v1/families/{fid}/orders-paid")["orders"]
    return [one["order"]["order_id"] for one in there]


def waits(person: Person) -> tuple[int, int]:
    """How many requests, and how many orders, wait for him."""
    mine = person.api.get("/v1/me/family")
    return mine["open_asks"], mine["orders_to_pay"]


def pays_for(person: Person, order_id: str) -> Reply:
    """Ask for payment parameters of an order that somebody else made."""
    return person.api.call("POST", f"/v1/orders/{order_id}/prepay", {})


def buys(person: Person, campaign: str, fid: str, *parts: dict[str, Any], key: str | None = None) -> Reply:
    """Buy alone what the owner is to pay."""
    body = {"payer": fid, "pay_with": list(parts)}
    return person.api.call("POST", f"/v1/campaigns/{campaign}/orders", body, key=key)
