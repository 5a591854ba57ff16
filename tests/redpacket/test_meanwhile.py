"""What happens between a use case's read and its write, and what becomes of eight who want the last share."""

from __future__ import annotations

from typing import Any

from chalicelib.core import clock
from infra.local.client import Person
from tests.proof.schedule import sampled
from tests.proof.stage import Act, Scene, set_scene
from tests.redpacket.scenes import a_claim, a_help
from tests.redpacket.shop import (
    HOUR,
    LOOKED,
    bought,
    brought,
    claims,
    closes,
    gift_offer,
    goods,
    grown,
    has,
    help_of,
    helps,
    look_after,
    of_order,
    packet,
    refunds,
    started,
    starts,
    takes,
    ticket,
    unlock_offer,
    until_end,
)
from tests.town import Town

ONE = [{"friend": 400, "own": 200}]


def test_the_last_share_goes_to_one_of_eight(town: Town) -> None:
    crowd = [f"friend-{n}" for n in range(8)]

    def build(place: Town) -> dict[str, Act]:
        ann, *friends = grown(place, "ann", *crowd)
        rid = brought(place, ann, place.campaign(goods(ONE)))
        taps = {f"{friend.name} claims": a_claim(friend, rid) for friend in friends}
        clock.advance(LOOKED)
        return taps

    with set_scene(town, Scene("eight claimers", build)) as stage:
        for seed in range(3):
            run = stage.play(tuple(stage.acts), sampled(seed))
            answers = [(reply.status, reply.body.get("code")) for reply in run.results.values()]
            assert sorted(answers, key=str) == [(201, None), *[(409, "packet_full")] * 7]
            stage.rest()


def looked(town: Town, person: Person, rid: str) -> str:
    given = ticket(person, rid)
    clock.advance(LOOKED)
    return given


def code(reply: Any) -> str | None:
    found: str | None = reply.body.get("code")
    return found


def test_a_claim_loses_to_the_end(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    rid = brought(town, ann, town.campaign(goods()))
    until_end(town, rid)
    clock.advance(-LOOKED)
    given = looked(town, ben, rid)
    town.emulator.meanwhile(lambda: look_after(town, rid))
    assert code(takes(ben, rid, given, "claims")) == "packet_ended"


def test_a_claim_loses_to_the_same_users_other_tap(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    rid = brought(town, ann, town.campaign(goods()))
    given = looked(town, ben, rid)
    town.emulator.meanwhile(lambda: takes(ben, rid, given, "claims").expect(201))
    assert code(takes(ben, rid, given, "claims")) == "packet_already_acted"
    assert packet(town, rid).n == 1


def test_a_claim_loses_to_the_orders_refund(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    campaign = town.campaign(goods())
    oid = bought(town, ann, campaign)
    town.stream()
    rid = of_order(campaign, oid)
    given = looked(town, ben, rid)

    def back() -> None:
        refunds(town, oid).expect(200)
        town.stream()

    town.emulator.meanwhile(back)
    assert code(takes(ben, rid, given, "claims")) == "packet_ended"


def test_two_helps_reach_a_node_together_and_it_is_given_once(town: Town) -> None:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    rid = started(ann, town.campaign(unlock_offer(nodes=[{"friends": 2, "amount": 300}])))
    bens, cats = a_help(ben, rid), a_help(cat, rid)
    clock.advance(LOOKED)
    town.emulator.meanwhile(bens)
    assert cats().expect(201)["packet"]["have"] == 2
    assert {help_of(town, rid, ben).slot, help_of(town, rid, cat).slot} == {0, 1}
    town.minute()
    town.minute()
    assert has(town, ann) == 300


def test_a_node_that_is_given_loses_to_another_help(town: Town) -> None:
    ann, ben, cat, dan = grown(town, "ann", "ben", "cat", "dan")
    nodes = [{"friends": 1, "amount": 100}, {"friends": 3, "amount": 200}]
    rid = started(ann, town.campaign(unlock_offer(nodes=nodes)))
    helps(ben, rid).expect(201)
    helps(cat, rid).expect(201)
    dans = a_help(dan, rid)
    clock.advance(LOOKED)
    town.emulator.meanwhile(dans)
    look_after(town, rid)
    clock.advance(60)
    town.minute()
    town.minute()
    assert (packet(town, rid).granted, has(town, ann)) == (2, 300)


def test_an_expiry_loses_to_a_close_and_ends_once(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    rid = started(ann, town.campaign(unlock_offer()))
    helps(ben, rid).expect(201)
    clock.advance(HOUR + 1)
    town.emulator.meanwhile(lambda: closes(town, rid))
    look_after(town, rid)
    town.pass_time(300)
    left = packet(town, rid)
    assert (left.status, left.spent, left.res) == ("expired", 100, 0)


def test_the_last_of_a_budget_goes_to_one_of_two(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    for customer in (ann, ben):
        bought(town, customer, town.campaign())
    campaign = town.campaign(gift_offer(budget={"fen": 500}))
    town.emulator.meanwhile(lambda: starts(ben, campaign).expect(201))
    assert code(starts(ann, campaign)) == "packets_spent"


def test_a_claim_whose_packet_is_closed_keeps_its_share(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    rid = brought(town, ann, town.campaign(goods()))
    claims(ben, rid).expect(201)
    closes(town, rid).expect(200)
    look_after(town, rid)
    town.pass_time(120)
    assert (packet(town, rid).status, has(town, ben), has(town, ann)) == ("expired", 400, 200)
