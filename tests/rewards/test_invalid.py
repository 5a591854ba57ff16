"""What a merchant says of a coupon that he makes invalid is his own words and no code of ours."""

from __future__ import annotations

from chalicelib.rewards.give import coupon_of
from tests.rewards import shop
from tests.town import Town


def test_a_reason_that_reads_like_a_code_changes_no_books(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer())
    shop.give(town, campaign, ann, "a-coupon", 500, shop.COUPON)
    path = f"/v1/admin/users/{ann.uid}/coupons/{coupon_of('a-coupon')}/invalidate"
    answer = town.admin.call("POST", path, {"reason": "taken_back"}).expect(200)
    assert (answer["state"], answer["invalid_why"]) == ("invalid", "taken_back")
    assert shop.rebuilt(town, ann)["agree"]
