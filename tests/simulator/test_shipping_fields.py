"""What WeChat's shipping information may say: each field, and nothing kept of what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.letters import NUMBER, PARCEL, PLAIN, SF, order, upload
from tests.wechat.scene import Scene


def listed(**changed: Any) -> dict[str, Any]:
    return {"shipping_list": [PARCEL | changed]}


def without(name: str) -> dict[str, Any]:
    return {"shipping_list": [{key: value for key, value in PARCEL.items() if key != name}]}


def keyed(**changed: Any) -> dict[str, Any]:
    return {"order_key": {"order_number_type": 1, "mchid": "1900000001", "out_trade_no": NUMBER} | changed}


def phoned(name: str, phone: str) -> dict[str, Any]:
    return {"shipping_list": [SF | {"contact": {name: phone}}]}


WRONG: list[tuple[dict[str, Any], int]] = [
    ({"order_key": {}}, 268485194),
    (keyed(order_number_type=3), 268485194),
    (keyed(order_number_type="1"), 47001),
    (keyed(order_number_type=2), 268485195),
    (keyed(mchid=""), 268485196),
    (keyed(out_trade_no=""), 268485197),
    (keyed(out_trade_no="ORDER000404"), 10060001),
    (keyed(mchid="1900000404"), 10060001),
    (keyed(order_number_type=2, transaction_id="4200"), 10060001),
    ({"logistics_type": 0}, 10060005),
    ({"logistics_type": 5}, 10060005),
    ({"delivery_mode": 0}, 268485224),
    ({"delivery_mode": 3}, 268485224),
    ({"delivery_mode": 2, "is_all_delivered": True, "logistics_type": 2, "shipping_list": [PLAIN]}, 10060006),
    ({"delivery_mode": 2}, 10060007),
    ({"delivery_mode": 2, "is_all_delivered": 1}, 47001),
    ({"delivery_mode": 2, "is_all_delivered": True, "shipping_list": []}, 10060014),
    ({"delivery_mode": 2, "is_all_delivered": True, "shipping_list": [PARCEL] * 16}, 10060024),
    ({"shipping_list": []}, 268485228),
    ({"shipping_list": [PARCEL] * 2}, 268485228),
    ({"shipping_list": PARCEL}, 47001),
    ({"shipping_list": ["YT100"]}, 47001),
    (without("item_desc"), 10060008),
    (listed(item_desc="橙" * 121), 10060009),
    (without("tracking_no"), 268485226),
    (listed(tracking_no="1" * 129), 10060026),
    (without("express_company"), 268485227),
    (listed(express_company="字" * 43), 10060025),
    ({"shipping_list": [SF]}, 10060014),
    ({"shipping_list": [SF | {"contact": {}}]}, 10060014),
    (phoned("receiver_contact", "13812341234"), 10060014),
    (phoned("receiver_contact", "1381234****"), 10060014),
    (phoned("receiver_contact", "138****12*4"), 10060014),
    (phoned("consignor_contact", "*" * 1021 + "1234"), 10060014),
    (listed(contact={"receiver_contact": "13812341234"}), 10060014),
    ({"upload_time": ""}, 268485216),
    ({"upload_time": "2026-11-11T20:00:00+08:00"}, 268485216),
    ({"upload_time": "2026-11-11T20:00:00.120"}, 268485216),
    ({"upload_time": "2026-11-31T20:00:00.120+08:00"}, 268485216),
    ({"payer": {}}, 10060031),
    ({"payer": {"openid": "oSomebodyElse"}}, 10060031),
]


@pytest.mark.parametrize(("change", "errcode"), WRONG)
def test_each_rule_is_enforced_and_nothing_is_kept(scene: Scene, change: dict[str, Any], errcode: int) -> None:
    scene.paid()
    assert upload(scene, **change) == errcode
    assert scene.sim.control("GET", "/_sim/shipments")["shipments"] == []
    assert upload(scene) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"logistics_type": 2, "shipping_list": [PLAIN]},
        {"logistics_type": 3, "shipping_list": [PLAIN]},
        {"logistics_type": 4, "shipping_list": [PLAIN]},
        {"delivery_mode": 2, "is_all_delivered": True, "shipping_list": [PARCEL] * 15},
        listed(item_desc="橙" * 120),
        listed(tracking_no="1" * 128),
        listed(express_company="字" * 42 + "12"),
        phoned("receiver_contact", "189****1234"),
        phoned("consignor_contact", "021-****1234"),
        phoned("consignor_contact", "0**2-******23-10"),
        phoned("receiver_contact", "+86-123****4321"),
        phoned("receiver_contact", "*" * 1020 + "1234"),
        {"logistics_type": 2, "shipping_list": [SF]},
        {"upload_time": "2026-11-11T12:00:01.000Z"},
    ],
)
def test_whatever_the_documents_allow_is_taken(scene: Scene, change: dict[str, Any]) -> None:
    scene.paid()
    assert upload(scene, **change) == 0
    assert order(scene)["order_state"] == 2
