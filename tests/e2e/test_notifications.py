"""Notifications of WeChat Pay on the deployed stack: genuine ones once, all others refused, and stuck money rings."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from infra.local.client import Person
from infra.local.emf import forward, forwarding
from infra.local.endpoint import Endpoint
from tests.e2e.conftest import Shop
from tests.e2e.waiting import wait_for


def tell(shop: Shop, seat: dict[str, Any], variant: str, **more: str) -> int:
    asked = {"out_trade_no": f"{seat['order_id']}-1", "variant": variant, **more}
    status: int = shop.control("POST", "/_sim/notify", json.dumps(asked).encode())["status"]
    return status


def paid_in_silence(shop: Shop) -> tuple[Person, dict[str, Any]]:
    _, opened = shop.open_group(shop.campaign(size=2))
    member = shop.person()
    seat = member.join(opened["group_id"]).expect(201)
    member.pay(seat, notify=False).expect(200)
    return member, seat


@pytest.mark.parametrize("variant", ["bad_signature", "wrong_key", "wrong_serial", "stale", "probe", "wrong_tag"])
def test_what_is_not_genuine_is_a_401_and_the_genuine_one_still_counts_once(shop: Shop, variant: str) -> None:
    member, seat = paid_in_silence(shop)
    assert tell(shop, seat, variant) == 401
    assert member.order(seat["order_id"])["state"] == "held"
    assert [tell(shop, seat, "good") for _ in range(2)] == [204, 204]
    assert member.group(seat["group_id"])["paid"] == 2


def test_stuck_money_rings_the_alarm_and_a_probe_does_not(shop: Shop, stack: Endpoint) -> None:
    cloudwatch = stack.client("cloudwatch")

    def alarm() -> str:
        found = cloudwatch.describe_alarms(AlarmNamePrefix=f"ripple-{stack.stage}")["MetricAlarms"]
        state: str = next(a["StateValue"] for a in found if a["MetricName"] == "StuckMoney")
        return state

    quiet = {"MetricName": "StuckMoney", "Value": 0, "Dimensions": [{"Name": "Stage", "Value": stack.stage}]}
    cloudwatch.put_metric_data(Namespace="Ripple", MetricData=[quiet])
    assert alarm() == "OK"
    _, seat = paid_in_silence(shop)
    # From now on: an alarm looks at its last minute, and the lines of a whole run take longer than that to read.
    lines = forwarding(stack, since=int(time.time() * 1000))
    assert tell(shop, seat, "probe") == 401
    forward(lines)
    assert alarm() == "OK"
    assert tell(shop, seat, "tampered", field="amount") == 422

    def rings() -> bool:
        forward(lines)
        return alarm() == "ALARM"

    assert wait_for(rings, 30)


def test_reordered_and_repeated_notifications_end_where_ordered_ones_do(shop: Shop) -> None:
    _, opened = shop.open_group(shop.campaign())
    seats = []
    for _ in range(2):
        member = shop.person()
        seat = member.join(opened["group_id"]).expect(201)
        member.pay(seat, notify=False).expect(200)
        seats.append(seat)
    for seat in [*reversed(seats), *seats]:
        assert tell(shop, seat, "good") == 204
    page = member.group(opened["group_id"])
    assert (page["status"], page["paid"]) == ("succeeded", 3)


def test_who_confirms_in_wechat_has_received_his_goods_here_too(shop: Shop) -> None:
    buyer = shop.person()
    order = buyer.buy(shop.campaign()).expect(201)
    buyer.pay(order).expect(200)
    shop.deliver()
    place = f"/v1/admin/orders/{order['order_id']}"
    shop.admin.post(f"{place}/send", {"parcels": [{"carrier": "YTO", "number": "YT0001"}]})
    wait_for(lambda: shop.admin.get(place)["goods"]["told_wechat"])
    number = json.dumps({"out_trade_no": f"{order['order_id']}-1"}).encode()
    forged = json.dumps({"out_trade_no": f"{order['order_id']}-1", "variant": "bad_signature"}).encode()
    assert shop.control("POST", "/_sim/receive", number)["order_state"] == 3
    shop.deliver()
    goods = wait_for(lambda: (seen := shop.admin.get(place)["goods"])["state"] == "done" and seen)
    assert goods["received_by"] == "wechat"
    assert shop.control("POST", "/_sim/events", forged)["status"] == 401
    assert shop.control("POST", "/_sim/events", number) == {"status": 200, "body": "success"}
