"""Telling WeChat about the goods: what is sent, what comes back, and what is never believed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.wechat import http, shipping, token
from chalicelib.wechat.http import Quota, Response, Unknown, WechatError
from chalicelib.wechat.shipping import Logistics, NotVisible, Parcel, Shipped
from tests.wechat.scene import Scene, enter

pytestmark = pytest.mark.usefixtures("emulator")

NUMBER = "ORDER000001"
FIRST = Parcel("YTO", "YT100")
SECOND = Parcel("SF", "SF200", "189****1234")


def tell(scene: Scene, *parcels: Parcel, **changed: Any) -> None:
    """One telling, a moment after the one before."""
    clock.advance(1)
    usual: dict[str, Any] = {
        "mchid": scene.account.mchid,
        "out_trade_no": NUMBER,
        "openid": scene.openid,
        "logistics": Logistics.EXPRESS,
        "parcels": parcels or (FIRST,),
        "split": False,
        "complete": True,
        "description": "三人团 · 橙子*1",
        "at": clock.now(),
    }
    shipping.upload(scene.app, **(usual | changed))


def seen(scene: Scene) -> Shipped | None:
    return shipping.look(scene.app, mchid=scene.account.mchid, out_trade_no=NUMBER)


def uploads(scene: Scene) -> list[dict[str, Any]]:
    return [each for one in scene.sim.control("GET", "/_sim/shipments")["shipments"] for each in one["uploads"]]


def refused(scene: Scene, *parcels: Parcel, **changed: Any) -> str:
    with pytest.raises(WechatError) as refusal:
        tell(scene, *parcels, **changed)
    return refusal.value.code


def test_one_parcel_is_the_whole(scene: Scene) -> None:
    scene.paid()
    assert seen(scene) == Shipped(state=1, complete=False, parcels=[])
    tell(scene)
    assert seen(scene) == Shipped(state=2, complete=True, parcels=[FIRST])
    (sent,) = uploads(scene)
    item = {"tracking_no": "YT100", "express_company": "YTO", "item_desc": "三人团 · 橙子*1"}
    assert (sent["shipping_list"], sent["delivery_mode"], sent["logistics_type"]) == ([item], 1, 1)
    assert sent["at"] == "2026-11-11T20:00:01+08:00"


def test_parts_grow_until_all_is_out(scene: Scene) -> None:
    scene.paid()
    tell(scene, FIRST, split=True, complete=False)
    assert seen(scene) == Shipped(state=1, complete=False, parcels=[FIRST])
    tell(scene, FIRST, SECOND, split=True, complete=True)
    assert seen(scene) == Shipped(state=2, complete=True, parcels=[FIRST, SECOND])
    assert [each["delivery_mode"] for each in uploads(scene)] == [2, 2]


def test_a_phone_is_sent_to_the_one_carrier_that_needs_it(scene: Scene) -> None:
    scene.paid()
    tell(scene, Parcel("YTO", "YT100", "189****1234"), SECOND, split=True)
    contacts = [parcel.get("contact") for parcel in uploads(scene)[0]["shipping_list"]]
    assert contacts == [None, {"receiver_contact": "189****1234"}]


@pytest.mark.parametrize("logistics", [Logistics.CITY, Logistics.VIRTUAL, Logistics.PICKUP])
def test_without_a_carrier_the_description_is_all(scene: Scene, logistics: Logistics) -> None:
    scene.paid()
    tell(scene, logistics=logistics)
    (sent,) = uploads(scene)
    assert (sent["logistics_type"], sent["shipping_list"]) == (logistics, [{"item_desc": "三人团 · 橙子*1"}])
    assert seen(scene) == Shipped(state=2, complete=True, parcels=[])


def test_a_long_description_is_cut(scene: Scene) -> None:
    scene.paid()
    tell(scene, description="橙" * 121)
    assert uploads(scene)[0]["shipping_list"][0]["item_desc"] == "橙" * 120


def test_instants_are_told_to_the_millisecond(scene: Scene) -> None:
    scene.paid()
    at = clock.now()
    tell(scene, at=at + timedelta(milliseconds=1))
    tell(scene, SECOND, at=at + timedelta(milliseconds=2))
    assert len(uploads(scene)) == 2


def test_every_refusal_keeps_its_code(scene: Scene) -> None:
    scene.prepared()
    assert refused(scene) == "10060004"
    scene.sim.control("POST", "/_sim/pay", {"out_trade_no": NUMBER})
    assert refused(scene, openid="oSomebodyElse") == "10060031"
    assert refused(scene, logistics=Logistics.PICKUP, split=True) == "10060006"
    assert refused(scene, description="") == "10060008"
    assert refused(scene, *[FIRST] * 16, split=True) == "10060024"
    assert refused(scene, FIRST, SECOND) == "268485228"
    assert refused(scene, Parcel("SF", "SF200")) == "10060014"
    assert refused(scene, Parcel("SF", "SF200", "18912341234")) == "10060014"
    assert refused(scene, Parcel("YTO", "")) == "268485226"
    assert refused(scene, Parcel("", "YT100")) == "268485227"
    assert uploads(scene) == []
    tell(scene)
    assert refused(scene) == "10060023"
    assert refused(scene, SECOND, at=clock.now() - timedelta(days=1)) == "268485216"
    tell(scene, SECOND)
    assert refused(scene, FIRST) == "10060003"
    assert refused(scene, FIRST, split=True, complete=False) == "10060002"
    scene.sim.control("POST", "/_sim/receive", {"out_trade_no": NUMBER})
    assert refused(scene, FIRST) == "10060004"
    assert seen(scene) == Shipped(state=3, complete=True, parcels=[SECOND])


def test_a_payment_that_is_not_visible_yet_is_told_later(scene: Scene) -> None:
    scene.paid()
    scene.fault("upload", "not_visible")
    with pytest.raises(NotVisible):
        tell(scene)
    tell(scene)
    with pytest.raises(NotVisible):
        tell(scene, out_trade_no="ORDER000404")


@pytest.mark.parametrize("kind", ["busy", "5xx", "unreachable", "quota", "conflict"])
def test_what_was_not_carried_out_can_be_told_again(scene: Scene, kind: str) -> None:
    scene.paid()
    scene.fault("upload", kind)
    with pytest.raises(Quota if kind == "quota" else Unknown) as unknown:
        tell(scene)
    assert not isinstance(unknown.value, NotVisible)
    assert uploads(scene) == []
    tell(scene)


@pytest.mark.parametrize("kind", ["lost", "slow", "garbled"])
def test_after_a_lost_answer_it_is_known_already(scene: Scene, kind: str) -> None:
    scene.paid()
    scene.fault("upload", kind)
    with pytest.raises(Unknown):
        tell(scene)
    assert refused(scene) == "10060023"
    assert seen(scene) == Shipped(state=2, complete=True, parcels=[FIRST])


@pytest.mark.parametrize("kind", ["busy", "quota", "5xx", "unreachable", "lost", "slow", "garbled", "conflict"])
def test_a_question_without_an_answer_is_unknown(scene: Scene, kind: str) -> None:
    scene.paid()
    scene.fault("get_order", kind)
    with pytest.raises(Quota if kind == "quota" else Unknown):
        seen(scene)
    assert seen(scene)


def test_what_wechat_does_not_know_is_none(scene: Scene) -> None:
    assert seen(scene) is None
    scene.prepared()
    assert seen(scene) is None
    scene.paid()
    other = enter(scene.sim, "two", appid="wx0000000000000002", mchid="1900000002")
    assert shipping.look(other.app, mchid=scene.account.mchid, out_trade_no=NUMBER) is None


def test_a_presale_is_declared(scene: Scene) -> None:
    scene.paid()
    until = clock.now() + timedelta(days=20)
    shipping.declare_presale(scene.app, out_trade_no=NUMBER, until=until)
    (known,) = scene.sim.control("GET", "/_sim/shipments")["shipments"]
    assert known["special"] == {"type": 1, "delay_to": int(until.timestamp())}


@pytest.mark.parametrize(("number", "seconds", "code"), [(NUMBER, 0, "268546001"), ("ORDER000404", 60, "268546002")])
def test_what_is_no_presale_is_refused(scene: Scene, number: str, seconds: int, code: str) -> None:
    scene.paid()
    with pytest.raises(WechatError) as refusal:
        shipping.declare_presale(scene.app, out_trade_no=number, until=clock.now() + timedelta(seconds=seconds))
    assert refusal.value.code == code


@pytest.mark.parametrize("kind", ["busy", "quota", "5xx", "unreachable", "lost", "slow", "garbled", "conflict"])
def test_a_presale_in_doubt_is_declared_again(scene: Scene, kind: str) -> None:
    scene.paid()
    scene.fault("special_order", kind)
    until = clock.now() + timedelta(days=20)
    with pytest.raises(Quota if kind == "quota" else Unknown):
        shipping.declare_presale(scene.app, out_trade_no=NUMBER, until=until)
    shipping.declare_presale(scene.app, out_trade_no=NUMBER, until=until)


def test_a_stale_token_is_replaced_once(scene: Scene) -> None:
    scene.paid()
    old = token.access_token(scene.app)
    calls: list[Callable[[], object]] = [
        lambda: shipping.declare_presale(scene.app, out_trade_no=NUMBER, until=clock.now() + timedelta(days=20)),
        lambda: tell(scene),
        lambda: seen(scene),
    ]
    for call in calls:
        scene.sim.control("POST", "/_sim/tokens/kill", {"appid": scene.app.appid})
        call()
        assert token.access_token(scene.app) != old
        old = token.access_token(scene.app)
    assert len(uploads(scene)) == 1


class Answers:
    """A WeChat that says whatever it is told to."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document

    def send(self, method: str, url: str, headers: dict[str, str], body: bytes | None, timeout: float) -> Response:
        return Response(200, {}, json.dumps(self._document).encode())


def answered(**changed: Any) -> dict[str, Any]:
    entry = {"tracking_no": "YT100", "express_company": "YTO"}
    told = {"logistics_type": 1, "finish_shipping": True, "shipping_list": [entry]}
    order = {"merchant_id": "1900000001", "merchant_trade_no": NUMBER, "order_state": 2, "shipping": told} | changed
    return {"errcode": 0, "order": {name: value for name, value in order.items() if value is not None}}


def told(**changed: Any) -> dict[str, Any]:
    told = answered()["order"]["shipping"] | changed
    return answered(shipping={name: value for name, value in told.items() if value is not None})


def test_an_answer_with_what_is_needed_is_believed(scene: Scene) -> None:
    token.access_token(scene.app)
    with http.use_transport(Answers(answered())):
        assert seen(scene) == Shipped(state=2, complete=True, parcels=[FIRST])


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"order": None},
        {"order": []},
        answered(merchant_id=None),
        answered(merchant_id="1900000002"),
        answered(merchant_trade_no=None),
        answered(merchant_trade_no="ORDER000002"),
        answered(order_state=None),
        answered(order_state="2"),
        answered(shipping=None),
        answered(shipping=[]),
        told(logistics_type=None),
        told(finish_shipping=None),
        told(finish_shipping=1),
        told(shipping_list=None),
        told(shipping_list={}),
        told(shipping_list=[{"tracking_no": 100, "express_company": "YTO"}]),
        told(shipping_list=[{"express_company": "YTO"}]),
        told(shipping_list=[{"tracking_no": "YT100"}]),
        told(shipping_list=[{"tracking_no": "YT100", "express_company": "YTO", "contact": "189"}]),
    ],
)
def test_an_answer_that_lacks_anything_is_unknown(scene: Scene, document: dict[str, Any]) -> None:
    token.access_token(scene.app)
    with http.use_transport(Answers(document)), pytest.raises(Unknown):
        seen(scene)


@pytest.mark.parametrize("code", [10060012, 10060019])
def test_wechats_own_troubles_decide_nothing(scene: Scene, code: int) -> None:
    token.access_token(scene.app)
    with http.use_transport(Answers({"errcode": code, "errmsg": "系统错误"})):
        with pytest.raises(Unknown):
            tell(scene)
        with pytest.raises(Unknown):
            seen(scene)
