"""A claimer's coupon that was used, and is free again while its packet is taken back: found by reading the rules."""

from __future__ import annotations

from chalicelib.core import clock
from chalicelib.core.store import read_one
from chalicelib.core.transaction import update_one
from chalicelib.redpacket.states import ActState
from chalicelib.rewards.give import coupon_of
from chalicelib.rewards.items import Coupon, coupon_key
from tests.redpacket.shop import (
    COUPON,
    bought,
    claim_of,
    claims,
    debt,
    goods,
    grown,
    look_after,
    mid,
    of_order,
    refunds,
)
from tests.town import Town


def test_a_used_coupon_that_is_free_again_is_taken_back(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    campaign = town.campaign(goods(packet={"form": COUPON}))
    oid = bought(town, ann, campaign)
    town.stream()
    rid = of_order(campaign, oid)
    claims(ben, rid).expect(201)
    town.stream()
    key = coupon_key(mid(town), ben.uid, coupon_of(rid))
    update_one(key, [Coupon.p0.set("used O")], when={})
    refunds(town, oid).expect(200)
    town.stream()
    town.emulator.meanwhile(lambda: update_one(key, [Coupon.p0.remove()], when={}))
    look_after(town, rid)
    clock.advance(60)
    look_after(town, rid)
    coupon = read_one(Coupon, key)
    assert coupon is not None
    assert claim_of(town, rid, ben).state is ActState.CLAWED
    assert (coupon.invalid_at is not None, debt(town, ann)) == (True, 0)
