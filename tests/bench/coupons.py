"""What the actions of a coupon take from storage: its part of `capacity`."""

from __future__ import annotations

from tests.bench.bargains import Measure, fall_due
from tests.coupons.shop import buys, claimed, claims, gets, gift_of_points, gives, pays, takes_back, template
from tests.town import Town

BUDGETS = {"coupon.claim": 9}


def measure_all(town: Town, measure: Measure) -> None:
    """Coupons that are claimed, given and taken back, and orders that one pays for, is released from and comes back."""
    campaign, goods = template(town, total=10_000, per_user=9), town.campaign()
    ann, ben, eve = town.person(), town.person(), town.person()
    claimed(eve, campaign)
    eve.buy(goods).expect(201)
    mine = measure("coupon.claim", lambda: claims(ann, campaign, key="one-key-for-one-tap")).expect(201)["coupon_id"]
    measure("coupon.claim_again", lambda: claims(ann, campaign, key="one-key-for-one-tap")).expect(201)
    priced = template(town, total=10_000, price_points=60)
    for person in (ann, eve):
        gift_of_points(town, person, 60)
    claimed(eve, priced)
    measure("coupon.claim_for_points", lambda: claims(ann, priced)).expect(201)
    measure("coupon.given", lambda: gives(town, campaign, ben)).expect(200)
    measure("coupon.mine", lambda: ann.api.get("/v1/me/coupons"))
    quote = {"role": "solo", "pay_with": pays(mine)}
    measure("coupon.quote", lambda: ann.api.post(f"/v1/campaigns/{goods}/quote", quote))
    order = measure("coupon.order", lambda: buys(ann, goods, mine)).expect(201)
    ann.api.post(f"/v1/orders/{order['order_id']}/cancel")
    measure("coupon.released", lambda: fall_due(town, order["order_id"]))
    order = buys(ann, goods, mine).expect(201)
    ann.pay(order).expect(200)
    measure("coupon.paid", town.hear)
    other = gets(town, ann)
    measure("coupon.taken_back", lambda: takes_back(town, ann, other)).expect(200)
    measure("coupon.listed", lambda: town.admin.get(f"/v1/admin/campaigns/{campaign}/coupons"))
