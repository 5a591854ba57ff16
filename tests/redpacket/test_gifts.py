"""老带新: who has ordered before gives, who is new takes one, and who gives gets nothing for it."""

from __future__ import annotations

from chalicelib.core.store import read_one
from chalicelib.redpacket.states import ActState, PacketState
from chalicelib.rewards.give import coupon_of
from chalicelib.rewards.items import Coupon, coupon_key
from chalicelib.rewards.states import Why
from tests import invariants
from tests.redpacket.shop import (
    BUDGET,
    HOUR,
    bought,
    budget,
    claim_of,
    claims,
    gift_offer,
    grown,
    has,
    limit,
    mid,
    packet,
    page,
    started,
    starts,
)
from tests.town import Town


def test_an_old_customer_gives_a_new_one_a_coupon(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    bought(town, ann, town.campaign())
    campaign = town.campaign(gift_offer())
    rid = started(ann, campaign)
    assert (packet(town, rid).kind, budget(town)) == ("gift", BUDGET - 500)
    shown = page(ben, rid)
    assert (shown["next"]["button"], shown["next"]["owner"]) == ("拆开，你得¥5.00 优惠券（满 ¥50.00 可用）", None)
    assert claims(ben, rid).expect(201)["packet"]["status"] == "done"
    town.stream()
    coupon = read_one(Coupon, coupon_key(mid(town), ben.uid, coupon_of(rid)))
    assert coupon is not None
    assert (coupon.why, coupon.subject, coupon.terms.threshold_fen) == (Why.GIFT, rid, 5000)
    claim = claim_of(town, rid, ben)
    assert (claim.state, claim.own, claim.verdict is not None and claim.verdict.new) == (ActState.GRANTED, 0, True)
    assert [(leg.account.split(":")[0], leg.amount) for leg in claim.legs or []] == [
        ("campaign", -500),
        ("coupons", 500),
    ]
    assert (has(town, ann), page(ann, rid)["gained"]) == (0, None)
    town.pass_time(2 * HOUR, tick=300)
    town.stream()
    invariants.at_rest(town.items(), town.sim.world)


def test_only_customers_give(town: Town) -> None:
    (ben,) = grown(town, "ben")
    refused = starts(ben, town.campaign(gift_offer())).expect(409)
    assert (refused["code"], refused["next"]) == ("customers_only", "先去下单")


def test_only_the_new_take_and_one_in_all(town: Town) -> None:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    for customer in (ann, cat):
        bought(town, customer, town.campaign())
    campaign = town.campaign(gift_offer(per_giver=2))
    first, second = started(ann, campaign), started(ann, campaign)
    assert page(cat, first)["why_not"]["code"] == "packet_new_only"
    assert claims(cat, first).expect(409, 422)["code"] == "packet_new_only"
    claims(ben, first).expect(201)
    assert claims(ben, second).expect(409, 422)["code"] == "packet_act_limit"
    assert starts(ann, campaign).expect(409)["code"] == "packet_limit"
    assert limit(town, first, ann).starts == 2


def test_a_gift_that_nobody_takes_goes_back(town: Town) -> None:
    (ann,) = grown(town, "ann")
    bought(town, ann, town.campaign())
    rid = started(ann, town.campaign(gift_offer()))
    town.pass_time(2 * HOUR, tick=300)
    assert (packet(town, rid).status, budget(town)) == (PacketState.EXPIRED, BUDGET)
