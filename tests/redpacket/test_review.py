"""What a second look at packets found: statements of unlocked coupons, and what somebody else's order holds."""

from __future__ import annotations

from chalicelib.redpacket.states import PacketState
from infra.local.client import Person, Reply
from tests.redpacket.scenes import orders_with
from tests.redpacket.shop import (
    BUDGET,
    COUPON,
    bought,
    budget,
    claims,
    debt,
    goods,
    grown,
    has,
    helps,
    look_after,
    of_order,
    packet,
    refunds,
    started,
    unlock_offer,
)
from tests.redpacket.test_claws import bring, goes_back, spends
from tests.town import Town


def test_an_unlocked_coupon_stands_in_its_owners_statement(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    rid = started(ann, town.campaign(unlock_offer(nodes=[{"friends": 1, "amount": 500}], form=COUPON)))
    helps(ben, rid).expect(201)
    look_after(town, rid)
    (line,) = ann.api.get("/v1/me/rewards")["rewards"]
    assert (line["why"], line["amount"], line["form"]) == ("packet_node", 500, "coupon")
    assert line["campaign"]["title"] == "好友一起拆"
    (coupon,) = ann.api.get("/v1/me/coupons")["coupons"]
    assert line["coupon"]["coupon_id"] == coupon["coupon_id"]


def test_what_an_order_holds_of_a_share_is_waited_for(town: Town) -> None:
    one = bring(town)
    town.stream()
    order = spending(one.ben, town.campaign()).expect(201)
    own = spending(one.ann, town.campaign()).expect(201)
    assert (has(town, one.ben), has(town, one.ann)) == (0, 0)
    goes_back(town, one)
    assert packet(town, one.rid).status is PacketState.CLAWING
    for person, made in ((one.ben, order), (one.ann, own)):
        person.api.post(f"/v1/orders/{made['order_id']}/cancel")
        town.pass_time(300)
    assert (has(town, one.ben), has(town, one.ann), debt(town, one.ann)) == (0, 0, 0)
    assert (packet(town, one.rid).status, budget(town)) == (PacketState.CLAWED, BUDGET)


def test_a_used_coupon_of_a_packet_that_went_back_is_good_for_no_other_order(town: Town) -> None:
    one = bring(town, COUPON)
    town.stream()
    order = orders_with(one.ben, town.campaign(), one.rid).expect(201)
    one.ben.pay(order).expect(200)
    town.hear()
    goes_back(town, one)
    assert (packet(town, one.rid).status, debt(town, one.ann)) == (PacketState.CLAWED, 400)
    refunds(town, order["order_id"]).expect(200)
    (coupon,) = one.ben.api.get("/v1/me/coupons")["coupons"]
    assert coupon["state"] == "invalid"


def test_debt_stands_in_the_statement_of_an_owner_who_gained_nothing(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    campaign = town.campaign(goods([{"friend": 400, "own": 0}, {"friend": 200, "own": 100}]))
    oid = bought(town, ann, campaign)
    town.stream()
    claims(ben, of_order(campaign, oid)).expect(201)
    town.stream()
    spends(town, ben, 400)
    refunds(town, oid).expect(200)
    town.stream()
    look_after(town, of_order(campaign, oid))
    assert debt(town, ann) == 400
    (line,) = ann.api.get("/v1/me/rewards")["rewards"]
    assert (line["why"], line["state"], line["amount"], line["debt"]) == ("packet_own", "taken_back", 0, 400)


def spending(person: Person, campaign: str) -> Reply:
    """He orders alone, and all of his balance pays a part of it."""
    body = {"pay_with": [{"tender": "balance", "ref": "fen"}]}
    return person.api.call("POST", f"/v1/campaigns/{campaign}/orders", body)
