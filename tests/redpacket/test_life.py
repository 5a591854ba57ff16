"""A packet's life: started or brought, filled by friends, given to both sides, over once."""

from __future__ import annotations

from chalicelib.redpacket.states import ActState, PacketState
from tests import invariants
from tests.redpacket.shop import (
    BUDGET,
    HOUR,
    brought,
    budget,
    claim_of,
    claims,
    goods,
    grown,
    has,
    helps,
    limit,
    packet,
    page,
    started,
    starts,
    unlock_offer,
)
from tests.town import Town


def at_rest(town: Town, hours: int = 3) -> None:
    town.pass_time(hours * HOUR, tick=300)
    town.stream()
    town.hear()
    invariants.at_rest(town.items(), town.sim.world)


def test_three_friends_unlock_both_nodes(town: Town) -> None:
    ann, *friends = grown(town, "ann", "ben", "cat", "dan")
    campaign = town.campaign(unlock_offer())
    begun = starts(ann, campaign).expect(201)
    rid = begun["packet_id"]
    assert [(n["friends"], n["gives"]["amount"], n["reached"]) for n in begun["nodes"]] == [
        (1, 100, False),
        (3, 200, False),
    ]
    assert (begun["need"], begun["have"], budget(town)) == (3, 0, BUDGET - 300)
    helps(friends[0], rid).expect(201)
    assert has(town, ann) == 0
    town.minute()
    assert has(town, ann) == 100
    for friend in friends[1:]:
        helps(friend, rid).expect(201)
    town.minute()
    assert has(town, ann) == 300
    shown = page(ann, rid)
    assert (shown["status"], shown["gained"]["amount"], shown["left"]) == ("done", 300, 0)
    assert (limit(town, rid, ann).starts, limit(town, rid, ann).active) == (1, 0)
    at_rest(town)
    assert budget(town) == BUDGET - 300


def test_an_unlock_packet_that_is_over_keeps_what_was_reached(town: Town) -> None:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    rid = started(ann, town.campaign(unlock_offer()))
    for friend in (ben, cat):
        helps(friend, rid).expect(201)
    at_rest(town)
    left = packet(town, rid)
    assert (left.status, left.granted, left.spent, left.res) == (PacketState.EXPIRED, 1, 100, 0)
    assert (has(town, ann), budget(town), limit(town, rid, ann).active) == (100, BUDGET - 100, 0)


def test_an_order_brings_a_packet_that_two_friends_claim(town: Town) -> None:
    ann, ben, cat, dan = grown(town, "ann", "ben", "cat", "dan")
    rid = brought(town, ann, town.campaign(goods()))
    shown = page(ben, rid)
    assert shown["next"]["button"] == "帮TA拆，TA得¥2.00 余额，你得¥4.00 余额"
    taken = claims(ben, rid).expect(201)
    assert (taken["my_act"]["state"], taken["packet"]["left"]) == ("on_its_way", 1)
    town.stream()
    assert (has(town, ben), has(town, ann)) == (400, 200)
    assert claims(cat, rid).expect(201)["packet"]["status"] == "done"
    town.stream()
    assert (has(town, cat), has(town, ann)) == (200, 400)
    assert claim_of(town, rid, cat).state is ActState.GRANTED
    assert claims(dan, rid).expect(422, 409)["code"] == "packet_full"
    at_rest(town)
    assert budget(town) == BUDGET - 1000
