"""`make walk`: a group is paid, goods arrive, friends bargain and share, codes are typed, and the books agree."""

from __future__ import annotations

import json
import sys
import uuid
from datetime import UTC, datetime
from typing import Any

from infra.local import minute, walk_cash, walk_codes, walk_family, walk_live, walk_notices, walk_posters, walk_rewards
from infra.local.client import Api, HttpSend, Person
from infra.local.endpoint import Endpoint, NotRunning, here
from infra.local.narrator import Narrator, quiet, until, until_paid
from infra.local.seed import Seeded, seed
from infra.local.walk_friends import bargain, help_back, invite
from infra.local.wechat_sim.clock import BEIJING

ADDRESS = {
    "user_name": "李丽",
    "tel_number": "13800001234",
    "province_name": "浙江省",
    "city_name": "杭州市",
    "county_name": "西湖区",
    "detail_info": "文三路 1 号",
}
"""What ``wx.chooseAddress`` answers, as Ripple takes it."""

NICKNAMES = {"xiaoming": "王小明", "lili": "李丽", "daqiang": "赵大强", "meimei": "韩梅梅"}


def walk(endpoint: Endpoint, seeded: Seeded) -> dict[str, Any]:
    """The main jobs of the product, end to end; returns the group as its leader sees it at the end."""
    shown, wechat = Narrator(HttpSend(endpoint.api)), HttpSend(endpoint.wechat)
    merchant = seeded.merchants[0]
    suffix = uuid.uuid4().hex[:6]

    def logged_in(name: str) -> Person:
        print(f"\n{name} logs in (wx.login → code → Ripple)")
        person = Person.login(shown, wechat, merchant.appid, f"{name}-{suffix}")
        quiet(person.api).call("PATCH", "/v1/me", {"nickname": NICKNAMES[name]}).expect(200)
        return person

    leader, *members = (logged_in(name) for name in ("xiaoming", "lili", "daqiang"))
    shop = Api(shown, merchant.api_key)

    print("\nxiaoming opens a group of three and pays")
    seat = leader.open(merchant.campaign_id).expect(201)
    leader.pay(seat).expect(200)
    until_paid(leader, seat["order_id"])
    activity_id = walk_notices.shared(leader, seat["group_id"])
    for member, name in zip(members, ("lili", "daqiang"), strict=True):
        print(f"\n{name} takes a seat and pays")
        held = member.join(seat["group_id"]).expect(201)
        member.pay(held).expect(200)
        until_paid(member, held["order_id"])
        if name == "lili":
            walk_notices.agree(member, seat["group_id"])

    print("\nthe group, as xiaoming sees it")
    group: dict[str, Any] = leader.group(seat["group_id"])
    if group["status"] != "succeeded":
        raise AssertionError(f"the group is {group['status']}")

    lili, daqiang = members
    walk_notices.told(endpoint, lili)
    walk_notices.followed(endpoint, leader, activity_id)
    order_id = _ship(shop, lili, merchant.cash_campaign_id)
    walk_cash.cash(endpoint, shop, lili, merchant, order_id)
    _refund(shop, daqiang, merchant.campaign_id)
    card = bargain(leader, members, merchant.bargain_campaign_id)
    help_back(shop, lili, leader, merchant.bargain_campaign_id)
    invite(endpoint, leader, lili, daqiang, card, merchant.mid, merchant.bargain_campaign_id)
    friends = {"lili": lili, "daqiang": daqiang}
    order_id = walk_rewards.coupon(leader, merchant.coupon_campaign_id, merchant.campaign_id)
    walk_rewards.packet(leader, friends, order_id)
    meimei = logged_in("meimei")
    walk_rewards.invited(endpoint, leader, meimei, merchant.invite_campaign_id)
    everybody = {"xiaoming": leader, **friends, "meimei": meimei}
    walk_codes.codes(endpoint, shop, everybody, merchant)
    walk_posters.poster(endpoint, shop, leader, meimei, merchant.campaign_id)
    walk_live.live(endpoint, shop, {"lili": lili, "daqiang": daqiang, "meimei": meimei})
    walk_family.family(endpoint, shop, merchant)
    walk_rewards.explain(everybody)
    walk_rewards.add_up(shop, everybody)
    _compare(endpoint, shop, wechat, merchant.mchid)
    print(f"\n{group['paid']} of {group['need']} paid: {group['status']}")
    return group


def _ship(shop: Api, buyer: Person, campaign_id: str) -> str:
    """One buys alone, has an address, and gets a parcel of which WeChat is told; returns the order."""
    print("\nlili buys cakes too, alone, and says where they go (wx.chooseAddress)")
    bought = buyer.buy(campaign_id).expect(201)
    buyer.api.call("PUT", f"/v1/orders/{bought['order_id']}/receiver", ADDRESS).expect(200)
    buyer.pay(bought).expect(200)
    until_paid(buyer, bought["order_id"])
    print("\nthe merchant sends them; WeChat is told, so that it pays him")
    shop.get("/v1/admin/orders?delivery=waiting&limit=1")
    parcel = {"carrier": "SF", "number": f"SF{bought['order_id'][-10:]}"}
    shop.post(f"/v1/admin/orders/{bought['order_id']}/send", {"parcels": [parcel]})
    until(lambda: quiet(shop).get(f"/v1/admin/orders/{bought['order_id']}")["goods"]["told_wechat"], "the upload")
    print("  (WeChat has accepted it)")
    print("\nthey arrive")
    buyer.api.post(f"/v1/orders/{bought['order_id']}/received")
    _tell(shop, bought["order_id"])
    order_id: str = bought["order_id"]
    return order_id


def _refund(shop: Api, buyer: Person, campaign_id: str) -> None:
    """Another asks for his money after he has paid, and gets it."""
    print("\ndaqiang buys one too, and asks for his money back")
    bought = buyer.buy(campaign_id).expect(201)
    buyer.pay(bought).expect(200)
    until_paid(buyer, bought["order_id"])
    path = f"orders/{bought['order_id']}/cases"
    buyer.api.post(f"/v1/{path}", {"reason": "changed_mind"})
    print("\nthe merchant agrees")
    shop.get("/v1/admin/cases?limit=1")
    shop.post(f"/v1/admin/{path}/1/grant", {"answer": "已同意"})
    asking = quiet(buyer.api)
    where = f"/v1/orders/{bought['order_id']}"
    until(lambda: asking.get(where)["payments"][0]["refunded_fen"], "the refund")
    print("  (WeChat says that it is back)")
    _tell(shop, bought["order_id"])


def _tell(shop: Api, order_id: str) -> None:
    """What happened to an order, as its merchant reads it."""
    print("\nall that happened to this order")
    for event in quiet(shop).get(f"/v1/admin/orders/{order_id}")["timeline"]:
        amount = f"  {event['amount_fen'] / 100:.2f} 元" if event["amount_fen"] else ""
        print(f"  {event['at'][:19]}  {event['detail']}{amount}")


def _compare(endpoint: Endpoint, shop: Api, wechat: HttpSend, mchid: str) -> None:
    """The merchant proves it: the day's payments, nothing stuck, and WeChat's bill of the day agrees."""
    print("\nwhat the merchant sees: the day's payments, and money that needs him")
    today = datetime.now(BEIJING).date().isoformat()
    shop.get(f"/v1/admin/payments?day={today}&limit=1")
    shop.get("/v1/admin/stuck?limit=1")
    print("\nhis books and WeChat's bill, compared (the simulator publishes today's before the morning)")
    body = json.dumps({"mchid": mchid, "date": today}).encode()
    wechat("POST", "/_sim/bill/publish", {"Content-Type": "application/json"}, body).expect(200)
    before = datetime.now(UTC)
    shop.post("/v1/admin/bills", {"day": today})

    def compared() -> bool:
        minute.run(endpoint)
        (day, *_) = quiet(shop).get("/v1/admin/bills?limit=1")["days"]
        at = day["compared_at"]
        return day["day"] == today and at is not None and datetime.fromisoformat(at) >= before

    until(compared, "the comparison")
    (day,) = shop.get("/v1/admin/bills?limit=1")["days"]
    if day["differences"]:
        raise AssertionError(f"the books differ: {shop.get('/v1/admin/stuck')}")


def main() -> int:
    """Run the walk on the stack that `make up` has started."""
    try:
        endpoint = here()
    except NotRunning as nothing:
        print(nothing, file=sys.stderr)
        return 1
    walk(endpoint, seed(endpoint))
    return 0


if __name__ == "__main__":
    sys.exit(main())
