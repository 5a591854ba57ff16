"""Helps that wait: the merchant's word counts once, the policy's in time, and nobody's against the bargain's state."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from chalicelib.bargain.states import BargainState, HelpState
from chalicelib.core import clock
from infra.local.client import Person
from tests.bargain.shop import (
    HOUR,
    bargain,
    befriend,
    buys,
    cancels,
    decides,
    grown,
    help_of,
    helps,
    limit,
    offer,
    started,
)
from tests.town import Town


class Waiting(NamedTuple):
    """Ann's bargain of two parts, and Ben's help that waits."""

    ann: Person
    ben: Person
    cat: Person
    bid: str


@pytest.fixture
def waiting(town: Town) -> Waiting:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    campaign = town.campaign(offer(cuts=2, held_helps_pass_after_seconds=1200))
    bid = started(ann, campaign)
    befriend(ann, campaign, ben)
    assert helps(ben, bid).expect(201)["my_help"]["state"] == "checking"
    return Waiting(ann, ben, cat, bid)


def decide(town: Town, one: Waiting, *, yes: bool, key: str = "one-key-to-decide") -> str:
    decision: str = decides(town, one.bid, one.ben.uid, yes=yes, key=f"{key}-{yes}").expect(200)["decision"]
    return decision


def state(town: Town, one: Waiting) -> HelpState:
    given = help_of(town, one.bid, one.ben)
    assert given is not None
    return given.state


def code(town: Town, one: Waiting, *, yes: bool = True) -> str:
    refused: str = decides(town, one.bid, one.ben.uid, yes=yes, key="another-key-to-decide").expect(404, 409)["code"]
    return refused


def test_a_help_that_waits_is_listed_for_its_merchant_until_it_is_decided(town: Town, waiting: Waiting) -> None:
    def listed() -> int:
        return len(town.admin.get("/v1/admin/held")["held"])

    (shown,) = town.admin.get("/v1/admin/held")["held"]
    assert (shown["play"], shown["object_id"]) == ("bargain", waiting.bid)
    assert [why["code"] for why in shown["why"]] == ["reciprocal"]
    assert listed() == 1
    decide(town, waiting, yes=True)
    assert listed() == 0


def test_a_yes_counts_once_and_a_no_keeps_the_limit(town: Town, waiting: Waiting) -> None:
    assert decide(town, waiting, yes=True) == "approved"
    assert decide(town, waiting, yes=True) == "approved"
    assert code(town, waiting, yes=False) == "not_held"
    assert (bargain(town, waiting.bid).helps, bargain(town, waiting.bid).held) == (1, 0)
    entries = town.admin.get("/v1/admin/audit?limit=50")["entries"]
    (noted,) = [entry for entry in entries if entry["action"] == "held.approve"]
    assert noted["subject"] == f"B#{waiting.bid} HELP#{waiting.ben.uid}"
    assert noted["detail"] == {"decision": "approved", "note": "looked at it"}


def test_a_no_takes_no_part_and_keeps_the_limit_used(town: Town, waiting: Waiting) -> None:
    assert decide(town, waiting, yes=False) == "rejected"
    assert (bargain(town, waiting.bid).helps, limit(town, waiting.bid, waiting.ben).helps) == (0, 1)
    assert page_state(waiting) == "not_counted"


def page_state(one: Waiting) -> str:
    told: str = one.ben.api.get(f"/v1/bargains/{one.bid}")["my_help"]["state"]
    return told


def test_a_decision_after_the_end_still_counts_and_the_last_part_opens_the_claim_window(
    town: Town, waiting: Waiting
) -> None:
    helps(waiting.cat, waiting.bid).expect(201)
    clock.advance(HOUR)
    assert decide(town, waiting, yes=True) == "approved"
    reached = bargain(town, waiting.bid)
    assert (reached.status, reached.claim_until, reached.due) == (
        BargainState.FLOOR,
        clock.now() + (reached.expires_at - reached.created_at),
        reached.claim_until,
    )


def test_the_policy_takes_what_nobody_has_decided(town: Town, waiting: Waiting) -> None:
    town.pass_time(1260)
    assert state(town, waiting) is HelpState.COUNTED
    assert bargain(town, waiting.bid).helps == 1


def test_while_an_early_order_is_live_the_merchant_is_told_and_the_policy_waits(town: Town, waiting: Waiting) -> None:
    clock.advance(600)
    order = buys(waiting.ann, waiting.bid).expect(201)
    assert code(town, waiting) == "held_frozen"
    town.pass_time(780)
    given = help_of(town, waiting.bid, waiting.ben)
    assert given is not None and given.due is not None
    assert (given.state, given.due < clock.parse(order["pay_until"])) == (HelpState.HELD, True)
    town.pass_time(600)
    assert state(town, waiting) is HelpState.COUNTED


def test_a_help_that_waited_for_an_early_order_is_taken_soon_after_it_is_given_up(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    windows = {"pay_window_seconds": 7200, "claim_seconds": 7200, "held_helps_pass_after_seconds": 600}
    campaign = town.campaign(offer(**windows))
    bid = started(ann, campaign)
    befriend(ann, campaign, ben)
    helps(ben, bid).expect(201)
    order = buys(ann, bid).expect(201)
    town.pass_time(660)
    ann.api.post(f"/v1/orders/{order['order_id']}/cancel", {})
    town.pass_time(300)
    given = help_of(town, bid, ben)
    assert (bargain(town, bid).status, given and given.state) == (BargainState.ACTIVE, HelpState.COUNTED)


def test_an_end_waits_for_helps_that_are_held(town: Town, waiting: Waiting) -> None:
    late = help_of(town, waiting.bid, waiting.ben)
    assert late is not None
    one = bargain(town, waiting.bid)
    town.emulator.make_due(late.key, one.expires_at + (one.expires_at - one.created_at))
    town.pass_time(HOUR)
    assert bargain(town, waiting.bid).status is BargainState.SETTLING
    assert waiting.cat.api.get(f"/v1/bargains/{waiting.bid}")["why_not"]["code"] == "bargain_ended"
    assert buys(waiting.ann, waiting.bid).body["code"] == "bargain_ended"
    assert decide(town, waiting, yes=False) == "rejected"
    town.pass_time(120)
    assert bargain(town, waiting.bid).status is BargainState.EXPIRED


def test_a_decision_about_a_bargain_that_is_given_up_is_moot(town: Town, waiting: Waiting) -> None:
    cancels(waiting.ann, waiting.bid).expect(200)
    assert decide(town, waiting, yes=True) == "moot"
    assert limit(town, waiting.bid, waiting.ben).helps == 0


def test_what_is_not_there_cannot_be_decided(town: Town, waiting: Waiting) -> None:
    nobody = waiting._replace(ben=waiting.cat)
    assert code(town, nobody) == "not_found"
