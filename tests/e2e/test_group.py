"""Three people complete a paid group on the deployed stack, and the house behind it works without being asked."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.e2e.conftest import Shop
from tests.e2e.waiting import wait_for


def test_three_people_pay_and_the_group_succeeds(shop: Shop) -> None:
    campaign = shop.campaign()
    leader, opened = shop.open_group(campaign)
    listed = leader.api.get(f"/v1/campaigns/{campaign}/groups")["groups"]
    assert [(g["group_id"], g["left"]) for g in listed] == [(opened["group_id"], 2)]
    for expected in ("open", "succeeded"):
        member = shop.person()
        seat = member.join(opened["group_id"]).expect(201)
        member.pay(seat).expect(200)
        shop.deliver()
        assert member.order(seat["order_id"])["state"] in ("paid", "confirmed")
        page = member.group(opened["group_id"])
        assert page["status"] == expected
    assert (page["need"], page["have"], page["left"], page["my_seat"]["state"]) == (3, 3, 0, "won")
    assert leader.api.get(f"/v1/campaigns/{campaign}/groups")["groups"] == []
    (mine,) = leader.api.get("/v1/groups")["groups"]
    assert mine["group"]["status"] == "succeeded"


def test_the_drain_confirms_every_order_without_being_asked(shop: Shop, run: Callable[[str], None]) -> None:
    leader, opened = shop.open_group(shop.campaign(size=2))
    member = shop.person()
    seat = member.join(opened["group_id"]).expect(201)
    member.pay(seat).expect(200)
    shop.deliver()
    run("sweeper")
    for person, order in ((leader, opened["order_id"]), (member, seat["order_id"])):
        assert wait_for(lambda p=person, o=order: p.order(o)["state"] == "confirmed")  # type: ignore[misc]


def test_a_cancelled_seat_is_free_again_once_wechat_says_that_no_money_comes(
    shop: Shop, run: Callable[[str], None]
) -> None:
    leader, opened = shop.open_group(shop.campaign(size=2))
    member = shop.person()
    seat = member.join(opened["group_id"]).expect(201)
    assert leader.group(opened["group_id"])["left"] == 0
    member.api.post(f"/v1/orders/{seat['order_id']}/cancel")
    run("sweeper")
    assert wait_for(lambda: member.order(seat["order_id"])["state"] == "released")
    assert leader.group(opened["group_id"])["left"] == 1
    assert member.pay(seat).status == 409
    again = member.join(opened["group_id"]).expect(201)
    assert again["order_id"] != seat["order_id"]


def test_a_prepay_that_wechat_did_not_answer_is_202_and_asked_again(shop: Shop) -> None:
    _, opened = shop.open_group(shop.campaign())
    member = shop.person()
    # Only this member's: other processes of the run talk to the same simulator.
    user = shop.control("POST", "/_sim/users", json.dumps({"name": member.name}).encode())
    fault = {"endpoint": "prepay", "kind": "lost", "count": 1, "match": user["openids"][shop.merchant.appid]}
    shop.control("POST", "/_sim/faults", json.dumps(fault).encode())
    seat = member.join(opened["group_id"]).expect(202)
    assert seat["pay"] is None
    paid = member.api.post(f"/v1/orders/{seat['order_id']}/prepay")
    member.pay(paid).expect(200)
    shop.deliver()
    assert member.order(seat["order_id"])["state"] == "paid"
