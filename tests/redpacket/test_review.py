"""What a second look at packets found: statements of unlocked coupons, and what somebody else's order holds."""

from __future__ import annotations

from tests.redpacket.shop import COUPON, grown, helps, look_after, started, unlock_offer
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
