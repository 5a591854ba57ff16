"""A batch read may show half of a transaction, and a query may: nobody is refused or forgotten because of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from botocore.awsrequest import AWSResponse

from chalicelib.core import clock
from tests import invariants
from tests.emulator import Call
from tests.proof.faults import answered, tables
from tests.town import Town


def once(town: Town, wanted: Callable[[Call], bool], answer: Callable[[Call], dict[str, Any]]) -> None:
    """The next call that is wanted is answered so."""

    def after(call: Call) -> AWSResponse | None:
        if not wanted(call):
            return None
        town.emulator.after = None
        return answered(answer(call))

    town.emulator.after = after


def seats_as_before_the_payment(town: Town) -> None:
    """WeChat tells of a payment; the next query of seats does not show it yet."""
    before = tables()
    town.hear()
    asks_for_seats = b'"SEAT#"'
    once(
        town,
        lambda call: call.operation == "Query" and asks_for_seats in call.body,
        lambda call: town.emulator.as_of(before, call),
    )
    town.minute()
    assert town.emulator.after is None, "no seats were asked for"


def at_the_end(town: Town) -> None:
    town.pass_time(7200, tick=600)
    town.stream()
    invariants.at_rest(town.items(), town.sim.world)


def test_the_winner_is_not_told_full_while_his_own_commit_is_half_visible(town: Town) -> None:
    _, opened = town.opened(town.campaign(size=2))
    member = town.person()
    first = member.join(opened["group_id"], key="one-tap-of-mine").expect(201)
    hidden = ("O#" + first["order_id"], f"SEAT#{member.uid}")

    def half(call: Call) -> dict[str, Any]:
        """The group as after the commit, the caller's order and seat as before it."""
        assert call.answer is not None
        body: dict[str, Any] = json.loads(call.answer.content)
        for table, items in body["Responses"].items():
            body["Responses"][table] = [
                item for item in items if not item["pk"]["S"].endswith(hidden[0]) and item["sk"]["S"] != hidden[1]
            ]
        return body

    once(town, lambda call: call.operation == "BatchGetItem" and hidden[1].encode() in call.body, half)
    again = member.join(opened["group_id"], key="one-tap-of-mine")
    assert town.emulator.after is None
    assert again.expect(201)["order_id"] == first["order_id"]


def test_the_member_who_completed_a_group_is_not_forgotten_by_its_drain(town: Town) -> None:
    _, opened = town.opened(town.campaign(size=2))
    member = town.person()
    seat = member.join(opened["group_id"]).expect(201)
    member.pay(seat).expect(200)
    seats_as_before_the_payment(town)
    at_the_end(town)
    member.come_back()
    assert member.order(seat["order_id"])["state"] == "confirmed"


def test_the_last_payment_of_a_group_that_fails_is_not_kept(town: Town) -> None:
    _, opened = town.opened(town.campaign(size=3, group_seconds=3600))
    clock.advance(3000)
    member = town.person()
    seat = member.join(opened["group_id"]).expect(201)
    clock.advance(598)
    member.pay(seat).expect(200)
    clock.advance(2)
    seats_as_before_the_payment(town)
    at_the_end(town)
    assert [refund["amount"]["refund"] for refund in town.refunds(seat["order_id"])] == [seat["total_fen"]]


def test_a_leader_without_stock_is_refunded_whatever_the_query_shows(town: Town) -> None:
    campaign = town.campaign(size=3, skus=[{**town.sku(), "stock": 4}])
    slow, fast = town.person(), town.person()
    first, second = slow.open(campaign).expect(201), fast.open(campaign).expect(201)
    fast.pay(second).expect(200)
    town.hear()
    slow.pay(first).expect(200)
    seats_as_before_the_payment(town)
    town.pass_time(600)
    town.stream()
    assert [refund["amount"]["refund"] for refund in town.refunds(first["order_id"])] == [first["total_fen"]]
