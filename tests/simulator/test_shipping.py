"""How WeChat takes shipping information: one chance to ship again, parts up to the whole, and what it shows of it."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core import clock
from infra.local.wechat_sim.refusal import ControlRefusal
from tests.simulator.letters import (
    NUMBER,
    PARCEL,
    PLAIN,
    SF,
    access,
    ask,
    give_back,
    letter,
    order,
    part,
    shipment,
    upload,
)
from tests.wechat.scene import Scene, enter


@pytest.mark.parametrize("name", ["upload_shipping_info", "get_order", "opspecialorder"])
def test_each_call_needs_a_token_and_an_object(scene: Scene, name: str) -> None:
    assert ask(scene, name, {}, token="")["errcode"] == 41001
    assert ask(scene, name, {}, token="never-issued")["errcode"] == 40001
    assert [ask(scene, name, body)["errcode"] for body in (b"{", b"[]", b"")] == [47001] * 3


def test_a_payment_is_named_by_either_of_its_numbers(scene: Scene) -> None:
    scene.paid()
    number = scene.sim.world.orders[scene.account.mchid, NUMBER].transaction_id
    assert upload(scene, order_key={"order_number_type": 2, "transaction_id": number}) == 0
    assert ask(scene, "get_order", {"transaction_id": number})["order"] == order(scene)


def test_a_payment_belongs_to_its_mini_program(scene: Scene) -> None:
    scene.paid()
    other = enter(scene.sim, "two", appid="wx0000000000000002", mchid="1900000002")
    token = access(other)
    question = {"merchant_id": scene.account.mchid, "merchant_trade_no": NUMBER}
    assert ask(scene, "upload_shipping_info", letter(scene), token)["errcode"] == 10060001
    assert ask(scene, "get_order", question, token)["errcode"] == 10060001
    special = {"order_id": NUMBER, "type": 2}
    assert ask(scene, "opspecialorder", special, token)["errcode"] == 268546002


def test_all_in_one_may_be_told_anew_once(scene: Scene) -> None:
    scene.paid()
    assert upload(scene) == 0
    assert upload(scene) == 10060023
    assert upload(scene, shipping_list=[PARCEL | {"tracking_no": "YT200"}]) == 0
    assert upload(scene, shipping_list=[PARCEL | {"tracking_no": "YT200"}]) == 10060023
    assert upload(scene, shipping_list=[PARCEL | {"tracking_no": "YT300"}]) == 10060003
    known = shipment(scene)
    assert [each["shipping_list"][0]["tracking_no"] for each in known["uploads"]] == ["YT100", "YT200"]
    assert (known["mchid"], known["out_trade_no"], known["order_state"]) == (scene.account.mchid, NUMBER, 2)
    first = known["uploads"][0]
    assert (first["delivery_mode"], first["logistics_type"], first["all_delivered"]) == (1, 1, True)
    assert first["at"] == "2026-11-11T20:00:01+08:00"
    assert known["reshipped"] is True


def test_the_way_out_may_change_within_the_one_chance(scene: Scene) -> None:
    scene.paid()
    assert upload(scene) == 0
    assert upload(scene, logistics_type=4, shipping_list=[PLAIN]) == 0
    assert upload(scene, logistics_type=3, shipping_list=[PLAIN]) == 10060003


def test_an_upload_is_newer_than_the_one_before(scene: Scene) -> None:
    scene.paid()
    assert upload(scene) == 0
    at = letter(scene)["upload_time"]
    assert upload(scene, upload_time=at, shipping_list=[PARCEL | {"tracking_no": "YT200"}]) == 268485216
    assert upload(scene, upload_time=at) == 10060023, "what is known is known at any time"


def test_parts_grow_to_the_whole_and_may_then_be_told_anew_once(scene: Scene) -> None:
    scene.paid()
    for count in (1, 2, 3):
        assert part(scene, *["A", "B", "C"][:count]) == 0
        assert order(scene)["order_state"] == 1
    assert part(scene, "A", "B", "C") == 10060023
    assert part(scene, "A", "C", "D") == 10060014
    assert part(scene, "C", "B", "A", last=True, shipping_list=[PARCEL]) == 10060014
    assert part(scene, "A", "B", "C", last=True) == 0
    assert order(scene)["order_state"] == 2
    assert part(scene, "A", "B", "C", "D") == 10060002
    assert part(scene, "X", last=True) == 0
    assert part(scene, "Y", last=True) == 10060003
    assert len(shipment(scene)["uploads"]) == 5


def test_another_description_is_the_same_parcel(scene: Scene) -> None:
    scene.paid()
    assert part(scene, "A") == 0
    parcels = [PARCEL | {"tracking_no": "A", "item_desc": "橙子*2"}, PARCEL]
    assert part(scene, last=True, shipping_list=parcels) == 0


def test_another_mode_between_two_parts_is_the_one_chance(scene: Scene) -> None:
    scene.paid()
    assert part(scene, "A") == 0
    assert upload(scene) == 0
    assert part(scene, "A", last=True) == 10060003


def test_only_what_is_paid_and_neither_refunded_nor_received_is_shipped(scene: Scene) -> None:
    scene.prepared()
    assert upload(scene) == 10060004
    scene.sim.control("POST", "/_sim/pay", {"out_trade_no": NUMBER})
    give_back(scene, "RF1", 900)
    clock.advance(60)
    assert upload(scene) == 0
    give_back(scene, "RF2", 90)
    clock.advance(60)
    assert order(scene)["order_state"] == 5
    assert upload(scene, shipping_list=[PARCEL | {"tracking_no": "YT200"}]) == 10060004


def test_what_was_received_is_not_shipped_again(scene: Scene) -> None:
    scene.paid()
    with pytest.raises(ControlRefusal) as refusal:
        scene.sim.control("POST", "/_sim/receive", {"out_trade_no": NUMBER})
    assert refusal.value.status == 409
    upload(scene)
    assert scene.sim.control("POST", "/_sim/receive", {"out_trade_no": NUMBER}) == {"order_state": 3}
    assert order(scene)["order_state"] == 3
    assert upload(scene, shipping_list=[PARCEL | {"tracking_no": "YT200"}]) == 10060004


def test_a_payment_before_anything_was_told(scene: Scene) -> None:
    paid_at = scene.paid()
    found = order(scene)
    assert found == {
        "transaction_id": scene.sim.world.orders[scene.account.mchid, NUMBER].transaction_id,
        "merchant_trade_no": NUMBER,
        "merchant_id": scene.account.mchid,
        "sub_merchant_id": "",
        "description": "",
        "paid_amount": 990,
        "openid": scene.openid,
        "trade_create_time": int(paid_at.timestamp()),
        "pay_time": int(paid_at.timestamp()),
        "order_state": 1,
        "in_complaint": False,
        "shipping": {},
    }


def test_what_is_known_of_the_goods(scene: Scene) -> None:
    scene.paid()
    parcels = [SF | {"contact": {"receiver_contact": "189****1234"}}, PARCEL | {"item_desc": "橙" * 119}]
    assert part(scene, shipping_list=parcels) == 0
    found = order(scene)
    assert found["description"] == "橙子*1;" + "橙" * 115 + "..."
    shipping, at = found["shipping"], int(clock.now().timestamp())
    assert shipping["shipping_list"] == [
        {
            "tracking_no": "SF100",
            "express_company": "SF",
            "contact": {"receiver_contact": "189****1234"},
            "goods_desc": "橙子*1",
            "upload_time": at,
        },
        {"tracking_no": "YT100", "express_company": "YTO", "goods_desc": "橙" * 119, "upload_time": at},
    ]
    named = ("delivery_mode", "logistics_type", "finish_shipping", "finish_shipping_count", "goods_desc")
    assert [shipping[name] for name in named] == [2, 1, False, 0, ""]
    assert part(scene, shipping_list=parcels, last=True) == 0
    assert [order(scene)["shipping"][name] for name in named] == [2, 1, True, 1, ""]
    assert upload(scene) == 0
    assert [order(scene)["shipping"][name] for name in named] == [1, 1, True, 2, ""]


def test_questions_about_no_payment(scene: Scene) -> None:
    mchid = scene.account.mchid
    for nameless in ({}, {"merchant_id": mchid}, {"merchant_trade_no": NUMBER}):
        assert ask(scene, "get_order", nameless)["errcode"] == 10060014
    assert ask(scene, "get_order", {"merchant_id": mchid, "merchant_trade_no": NUMBER})["errcode"] == 10060001
    scene.prepared()
    assert ask(scene, "get_order", {"merchant_id": mchid, "merchant_trade_no": NUMBER})["errcode"] == 10060001
    assert ask(scene, "get_order", {"transaction_id": 4200})["errcode"] == 47001


def special(scene: Scene, **changed: Any) -> int:
    later = int(clock.now().timestamp()) + 20 * 86400
    document = {"order_id": NUMBER, "type": 1, "delay_to": later} | changed
    return int(ask(scene, "opspecialorder", document)["errcode"])


def test_a_presale_and_a_test_are_remembered(scene: Scene) -> None:
    scene.paid()
    later = int(clock.now().timestamp()) + 1
    assert special(scene, delay_to=later) == 0
    assert shipment(scene)["special"] == {"type": 1, "delay_to": later}
    number = scene.sim.world.orders[scene.account.mchid, NUMBER].transaction_id
    assert special(scene, order_id=number, type=2, delay_to=0) == 0
    assert shipment(scene)["special"] == {"type": 2, "delay_to": 0}
    assert (shipment(scene)["uploads"], order(scene)["shipping"]) == ([], {})
    assert upload(scene) == 0
    assert shipment(scene)["special"] == {"type": 2, "delay_to": 0}


def test_what_is_no_special_order(scene: Scene) -> None:
    assert special(scene) == 268546002
    scene.prepared()
    assert special(scene) == 268546002
    scene.paid()
    now = int(clock.now().timestamp())
    assert [special(scene, type=kind) for kind in (0, 3, "1")] == [268546000, 268546000, 47001]
    assert [special(scene, delay_to=at) for at in (0, now, str(now + 1))] == [268546001, 268546001, 47001]
    assert special(scene, order_id="ORDER000404") == 268546002
    upload(scene)
    assert special(scene) == 268546002


def test_a_paid_order_may_not_be_visible_yet(scene: Scene) -> None:
    scene.paid()
    scene.fault("upload", "not_visible", count=2)
    assert [upload(scene) for _ in range(3)] == [10060001, 10060001, 0]


@pytest.mark.parametrize(
    ("endpoint", "name"),
    [("upload", "upload_shipping_info"), ("get_order", "get_order"), ("special_order", "opspecialorder")],
)
def test_each_call_can_be_made_to_go_wrong(scene: Scene, endpoint: str, name: str) -> None:
    for kind, errcode in (("busy", -1), ("quota", 45011), ("conflict", 10060019)):
        scene.fault(endpoint, kind)
        assert ask(scene, name, {})["errcode"] == errcode


def test_shipments_are_listed_per_merchant(scene: Scene) -> None:
    scene.paid()
    upload(scene)
    for mchid, count in ((scene.account.mchid, 1), ("1900000404", 0)):
        assert len(scene.sim.control("GET", f"/_sim/shipments?mchid={mchid}")["shipments"]) == count
