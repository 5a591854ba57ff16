"""Where the money of an order is, and why, as its owner is told."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core import clock
from infra.local.client import Person
from tests.groupbuy.scenes import two_attempts
from tests.orders.test_late_payment import pay_late, released
from tests.town import Town


def told(person: Person, order_id: str) -> list[tuple[str, str | None]]:
    payments: list[dict[str, Any]] = person.order(order_id)["payments"]
    return [(_where(paid), paid["refunds"][0]["why"] if paid["refunds"] else None) for paid in payments]


def _where(paid: dict[str, Any]) -> str:
    """Where all of it is."""
    (where,) = (name for name in ("live", "owed", "refunded") if paid[f"{name}_fen"] == paid["amount_fen"])
    return where


def test_money_is_live_then_owed_then_back(town: Town) -> None:
    leader, opened = town.opened(town.campaign(group_seconds=3600))
    assert told(leader, opened["order_id"]) == [("live", None)]
    clock.advance(3600)
    town.minute()
    leader.come_back()
    assert told(leader, opened["order_id"]) == [("owed", "play_failed")]
    town.stream()
    clock.advance(60)
    town.hear()
    (paid,) = leader.order(opened["order_id"])["payments"]
    (back,) = paid["refunds"]
    assert (paid["refunded_fen"], back["amount_fen"], back["detail"]) == (6900, 6900, "未成团，按原路退款")
    assert paid["paid_at"] < back["owed_at"] < back["refunded_at"] <= clock.iso(clock.now())


def test_an_order_is_its_owners_alone(town: Town) -> None:
    _, opened = town.opened(town.campaign())
    assert town.person().api.call("GET", f"/v1/orders/{opened['order_id']}").status == 404


def test_an_unpaid_order_has_no_money(town: Town) -> None:
    _, opened = town.opened(town.campaign())
    member = town.person()
    seat = member.join(opened["group_id"]).expect(201)
    assert told(member, seat["order_id"]) == []


def test_a_payment_that_came_too_late_says_so(town: Town) -> None:
    _, opened = town.opened(town.campaign(size=2))
    late, order_id = released(town, opened["group_id"])
    town.joined(opened["group_id"])
    assert pay_late(town, order_id) == "owed"
    assert told(late, order_id) == [("owed", "too_late")]


@pytest.mark.parametrize("first", ["the first payment is taken", "the second payment is told"])
def test_of_two_payments_the_second_to_come_says_that_it_goes_back(town: Town, first: str) -> None:
    acts = two_attempts(town)
    ann = town.person("ann")
    order_id = ann.api.get("/v1/orders")["orders"][0]["order_id"]
    acts[first]()
    for other in ("the first payment is taken", "the second payment is told"):
        acts[other]()
    town.minute()
    expected = [("live", None), ("owed", "paid_twice")]
    assert told(ann, order_id) == (expected if first.startswith("the first") else expected[::-1])
    assert ann.order(order_id)["payments"][0]["amount_fen"] == 6900
