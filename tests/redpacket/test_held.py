"""Acts that wait: the merchant's word counts once, the policy's in time, and nobody's against the packet's state."""

from __future__ import annotations

import pytest

from chalicelib.core import clock, due
from chalicelib.redpacket.items import Unlock
from chalicelib.redpacket.states import ActState, PacketState
from infra.local.client import Person
from tests import invariants
from tests.redpacket.shop import (
    BALANCE,
    COUPON,
    HOUR,
    POINTS,
    brought,
    claim_of,
    claims,
    closes,
    decides,
    goods,
    grown,
    has,
    help_of,
    helps,
    limit,
    look_after,
    packet,
    page,
    shady,
    started,
    unlock_offer,
)
from tests.town import Town

TWO = [{"friend": 400, "own": 200}, {"friend": 200, "own": 200}]


def waiting(town: Town, **options: object) -> tuple[Person, Person, Person, str]:
    """Ann's packet of two shares, and Ben's claim that waits."""
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    rid = brought(town, ann, town.campaign(goods(TWO, packet={"held_claims_pass_after_seconds": 1200, **options})))
    shady(town, ben)
    taken = claims(ben, rid).expect(201)
    assert (taken["my_act"], taken["packet"]["have"]) == ({"state": "checking", "got": None}, 0)
    assert not any(word in str(taken) for word in ("rank", "risk", "风险"))
    return ann, ben, cat, rid


def at_rest(town: Town) -> None:
    town.pass_time(3 * HOUR, tick=300)
    town.stream()
    town.hear()
    invariants.at_rest(town.items(), town.sim.world)


def test_a_claim_that_waits_is_listed_and_takes_no_share(town: Town) -> None:
    _, ben, cat, rid = waiting(town)
    (shown,) = town.admin.get("/v1/admin/held")["held"]
    assert (shown["play"], shown["object_id"]) == ("redpacket", rid)
    assert [why["code"] for why in shown["why"]] == ["rank_raised"]
    assert claims(cat, rid).expect(201)["my_act"]["got"]["amount"] == 400
    assert decides(town, rid, ben.uid, yes=True).expect(200)["decision"] == "approved"
    assert (claim_of(town, rid, ben).friend, packet(town, rid).status) == (200, PacketState.DONE)
    assert decides(town, rid, ben.uid, yes=False, key="another-key-to-decide").expect(409)["code"] == "not_held"
    assert town.admin.get("/v1/admin/held")["held"] == []
    town.minute()
    assert has(town, ben) == 200
    at_rest(town)


def test_a_no_takes_no_share_and_keeps_the_limit_used(town: Town) -> None:
    _, ben, _, rid = waiting(town)
    assert decides(town, rid, ben.uid, yes=False).expect(200)["decision"] == "rejected"
    assert (packet(town, rid).n, packet(town, rid).held, limit(town, rid, ben).helps) == (0, 0, 1)
    shown = page(ben, rid)
    assert (shown["my_act"]["state"], shown["why_not"]["code"]) == ("not_counted", "packet_already_acted")
    at_rest(town)
    assert has(town, ben) == 0


def test_the_policy_approves_in_time(town: Town) -> None:
    _, ben, _, rid = waiting(town)
    town.pass_time(1140)
    assert claim_of(town, rid, ben).state is ActState.HELD
    town.pass_time(120)
    assert (claim_of(town, rid, ben).state, has(town, ben)) == (ActState.GRANTED, 400)
    at_rest(town)


def test_the_stream_and_an_early_worker_do_not_decide_for_the_merchant(town: Town) -> None:
    _, ben, _, rid = waiting(town)
    town.stream()
    kept = claim_of(town, rid, ben)
    assert (kept.state, kept.due) == (ActState.HELD, kept.passes_at)


def test_a_claim_that_nobody_needed_gives_its_limit_back(town: Town) -> None:
    _, ben, cat, rid = waiting(town)
    dan = town.person("dan")
    for friend in (cat, dan):
        claims(friend, rid).expect(201)
    assert decides(town, rid, ben.uid, yes=True).expect(200)["decision"] == "moot"
    assert (limit(town, rid, ben).helps, limit(town, rid, ben).today) == (0, 0)
    at_rest(town)


def test_an_end_waits_for_what_is_held(town: Town) -> None:
    _, ben, cat, rid = waiting(town)
    closes(town, rid).expect(200)
    assert packet(town, rid).status is PacketState.SETTLING
    assert claims(cat, rid).expect(409, 422)["code"] == "packet_ended"
    look_after(town, rid)
    assert (packet(town, rid).status, packet(town, rid).res) == (PacketState.SETTLING, 1000)
    decides(town, rid, ben.uid, yes=True).expect(200)
    clock.advance(60)
    look_after(town, rid)
    left = packet(town, rid)
    assert (left.status, left.spent, left.res) == (PacketState.EXPIRED, 600, 0)
    at_rest(town)
    assert has(town, ben) == 400


def test_a_held_help_can_reach_a_node_after_the_end(town: Town) -> None:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    nodes = [{"friends": 2, "amount": 300}]
    rid = started(ann, town.campaign(unlock_offer(nodes=nodes)))
    shady(town, ben)
    for friend in (ben, cat):
        helps(friend, rid).expect(201)
    clock.advance(HOUR)
    look_after(town, rid)
    assert packet(town, rid).status is PacketState.SETTLING
    held = help_of(town, rid, ben)
    assert held.gsi2sk is not None
    due.handle(held.key, held.gsi2sk)
    assert help_of(town, rid, ben).state is ActState.COUNTED
    look_after(town, rid)
    assert (packet(town, rid).status, has(town, ann), limit(town, rid, ann).active) == (PacketState.DONE, 300, 0)
    at_rest(town)


def test_too_late_to_be_checked_is_refused_and_nothing_is_written(town: Town) -> None:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    rid = started(ann, town.campaign(unlock_offer()))
    shady(town, ben)
    clock.advance(HOUR - 600)
    given = page(ben, rid)["help_ticket"]
    clock.advance(3)
    before = [item.serialize() for item in town.items()]
    refused = ben.api.call("POST", f"/v1/packets/{rid}/helps", {"help_ticket": given}).expect(409)
    assert refused["code"] == "packet_act_too_late"
    assert [item.serialize() for item in town.items()] == before
    assert helps(cat, rid).expect(201)["my_act"]["state"] == "counted"


def test_no_more_are_held_than_fill_it(town: Town) -> None:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    rid = started(ann, town.campaign(unlock_offer(nodes=[{"friends": 1, "amount": 300}])))
    for friend in (ben, cat):
        shady(town, friend)
    helps(ben, rid).expect(201)
    assert helps(cat, rid).expect(409)["code"] == "packet_acts_being_checked"
    assert decides(town, rid, ben.uid, yes=True, kind=Unlock).expect(200)["decision"] == "approved"
    at_rest(town)
    assert has(town, ann) == 300


def test_friends_who_help_one_another_wait(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    campaign = town.campaign(unlock_offer())
    his, hers = started(ben, campaign), started(ann, campaign)
    assert helps(ann, his).expect(201)["my_act"]["state"] == "counted"
    assert helps(ben, hers).expect(201)["my_act"]["state"] == "checking"
    assert help_of(town, hers, ben).reasons == ["reciprocal"]


def test_who_is_denied_may_try_again(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    rid = started(ann, town.campaign(unlock_offer()))
    town.act("/_sim/ranks", name="ben", rank=4)
    refused = helps(ben, rid).expect(409)
    assert (refused["code"], refused["detail"]) == ("packet_act_not_taken", "本次操作未成功")
    assert town.admin.get("/v1/admin/held")["held"] == []


@pytest.mark.parametrize(
    ("form", "own", "rank", "status"),
    [(BALANCE, 0, 3, 409), (COUPON, 200, 3, 409), (COUPON, 0, 3, 201), (COUPON, 0, 1, 201), (POINTS, 200, 3, 201)],
)
def test_what_gives_balance_to_either_side_is_judged_as_money(
    town: Town, form: dict[str, object], own: int, rank: int, status: int
) -> None:
    ann, ben = grown(town, "ann", "ben")
    alike = [{"friend": 400, "own": own}, {"friend": 400, "own": own}]
    budget = {"points": 10_000} if form is POINTS else {"fen": 10_000}
    rid = brought(town, ann, town.campaign(goods(alike, packet={"form": form}, after={"budget": budget})))
    shady(town, ben, rank)
    answer = claims(ben, rid).expect(status)
    if status == 201:
        assert answer["my_act"]["state"] == ("checking" if rank == 3 else "on_its_way")
    else:
        assert answer["code"] == "packet_act_not_taken"


def test_a_help_that_brings_balance_is_judged_as_money(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    shady(town, ben, 3)
    rid = started(ann, town.campaign(unlock_offer()))
    assert helps(ben, rid).expect(409)["code"] == "packet_act_not_taken"


def test_more_than_ten_in_a_minute_wait(town: Town) -> None:
    ann, *friends = grown(town, "ann", *(f"friend-{n}" for n in range(12)))
    rid = brought(town, ann, town.campaign(goods([{"friend": 10, "own": 0}] * 20)))
    seen = {friend.uid: page(friend, rid)["help_ticket"] for friend in friends}
    clock.advance(3)
    states = [
        friend.api.call("POST", f"/v1/packets/{rid}/claims", {"help_ticket": seen[friend.uid]}).expect(201)["my_act"][
            "state"
        ]
        for friend in friends
    ]
    assert states == ["on_its_way"] * 10 + ["checking"] * 2
    at_rest(town)
