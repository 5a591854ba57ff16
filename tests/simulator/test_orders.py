"""The simulator refuses what WeChat Pay refuses."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from infra.local.wechat_sim.refusal import ControlRefusal
from tests.simulator.raw import HEADERS, JSAPI, authorization, code, send
from tests.wechat.scene import Scene, enter

REMOVED = object()

BAD = [
    ("appid", REMOVED),
    ("appid", None),
    ("mchid", REMOVED),
    ("description", REMOVED),
    ("description", ""),
    ("description", "字" * 128),
    ("description", 5),
    ("out_trade_no", REMOVED),
    ("out_trade_no", "12345"),
    ("out_trade_no", "x" * 33),
    ("out_trade_no", "ORDER/0001"),
    ("out_trade_no", "ORDER 0001"),
    ("time_expire", "2026-11-11T12:15:00"),
    ("time_expire", "2026-11-11T12:15:00.123+08:00"),
    ("time_expire", "2026-02-30T12:15:00+08:00"),
    ("time_expire", 1794398400),
    ("time_expire", None),
    ("attach", "x" * 129),
    ("attach", None),
    ("notify_url", REMOVED),
    ("notify_url", "http://ripple.example.com/n"),
    ("notify_url", "https://ripple.example.com/n?m=1"),
    ("notify_url", "ripple.example.com/n"),
    ("notify_url", "https://ripple.example.com:port/n"),
    ("notify_url", "https://[::1/n"),
    ("notify_url", "https://ripple.example.com/" + "n" * 230),
    ("support_fapiao", "true"),
    ("amount", REMOVED),
    ("amount", {}),
    ("amount", {"total": 0, "currency": "CNY"}),
    ("amount", {"total": 1.5, "currency": "CNY"}),
    ("amount", {"total": True, "currency": "CNY"}),
    ("amount", {"total": "100", "currency": "CNY"}),
    ("amount", {"total": 100, "currency": "USD"}),
    ("amount", {"total": 100, "currency": "CNY", "extra": 1}),
    ("payer", REMOVED),
    ("payer", {}),
    ("payer", {"openid": ""}),
    ("scene_info", {"device_id": "1"}),
    ("settle_info", {"profit_sharing": "no"}),
    ("limit_pay", []),
    ("extra", "field"),
]


@pytest.mark.parametrize(("field", "value"), BAD)
def test_each_field_rule_is_enforced_and_named(scene: Scene, field: str, value: Any) -> None:
    body = {k: v for k, v in scene.body().items() if k != field} | ({} if value is REMOVED else {field: value})
    answer = send(scene, "POST", JSAPI, body)
    assert code(answer) == (400, "PARAM_ERROR")
    assert json.loads(answer[2])["detail"]["field"].startswith(f"/{field}")
    assert not scene.sim.world.orders


def test_the_longest_of_everything_is_accepted(scene: Scene) -> None:
    body = scene.body() | {
        "description": "字" * 127,
        "out_trade_no": "aZ9_-|*" + "x" * 25,
        "attach": "字" * 128,
        "notify_url": "https://ripple.example.com/" + "n" * 228,
        "support_fapiao": True,
        "goods_tag": "x",
        "scene_info": {"payer_client_ip": "127.0.0.1", "store_info": {"id": "1"}},
        "settle_info": {"profit_sharing": False},
        "detail": {"goods_detail": [{"merchant_goods_id": "1", "quantity": 1, "unit_price": 0}]},
    }
    assert send(scene, "POST", JSAPI, body)[0] == 200


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"\xff", b"[" * 99999, b'{"appid":'])
def test_what_is_not_an_object_is_a_param_error(scene: Scene, body: bytes) -> None:
    assert code(send(scene, "POST", JSAPI, body)) == (400, "PARAM_ERROR")


def test_plain_http_is_let_through_to_this_machine_only(scene: Scene) -> None:
    for index, host in enumerate(("127.0.0.1:4566", "localhost:1", "[::1]:1")):
        body = scene.body(f"ORDER00000{index}") | {"notify_url": f"http://{host}/notify"}
        assert send(scene, "POST", JSAPI, body)[0] == 200


@pytest.mark.parametrize(
    ("members", "issue"),
    [
        ({"mchid": "1999999999"}, "商户号不存在"),
        ({"serial_no": "00"}, "商户证书序列号有误"),
        ({"nonce_str": "with space"}, "格式错误"),
        ({"nonce_str": "x" * 33}, "随机串格式错误"),
        ({"timestamp": "1"}, "时间"),
        ({"timestamp": "soon"}, "时间"),
        ({"signature": "AAAA"}, "签名错误"),
        ({"signature": "%"}, "签名错误"),
    ],
)
def test_every_part_of_the_authorization_is_checked(scene: Scene, members: dict[str, str], issue: str) -> None:
    header = authorization(scene.account, "GET", "/v3/bill/tradebill", b"", **members)
    answer = send(scene, "GET", "/v3/bill/tradebill", Authorization=header)
    assert code(answer) == (401, "SIGN_ERROR")
    assert issue in json.loads(answer[2])["message"]


@pytest.mark.parametrize("header", ["", "Basic abc", 'WECHATPAY2-SHA256-RSA2048 mchid="1900000001"'])
def test_another_kind_of_authorization_is_refused(scene: Scene, header: str) -> None:
    assert code(send(scene, "POST", JSAPI, scene.body(), Authorization=header)) == (401, "SIGN_ERROR")


def test_the_signature_covers_method_target_and_exact_bytes(scene: Scene) -> None:
    body = json.dumps(scene.body()).encode()
    header = authorization(scene.account, "POST", JSAPI, body)
    usual = HEADERS | {"Authorization": header}
    assert scene.sim.handle("POST", JSAPI, usual, body)[0] == 200
    for target, content in ((JSAPI, body + b" "), (JSAPI + "?a=1", body)):
        assert scene.sim.handle("POST", target, usual, content)[0] == 401


def test_the_timestamp_may_be_five_minutes_off(scene: Scene) -> None:
    for seconds, status in ((-300, 200), (300, 200), (-301, 401), (301, 401)):
        stamp = str(int(clock.now().timestamp()) + seconds)
        body = json.dumps(scene.body()).encode()
        header = authorization(scene.account, "POST", JSAPI, body, timestamp=stamp)
        assert send(scene, "POST", JSAPI, body, Authorization=header)[0] == status


@pytest.mark.parametrize(
    ("name", "value"),
    [("Accept", None), ("Accept", "text/html"), ("User_Agent", None), ("Content_Type", "text/plain")],
)
def test_the_usual_headers_are_required(scene: Scene, name: str, value: str | None) -> None:
    assert code(send(scene, "POST", JSAPI, scene.body(), **{name: value})) == (400, "PARAM_ERROR")


def test_asking_for_an_answer_under_another_key_is_refused(scene: Scene) -> None:
    assert send(scene, "POST", JSAPI, scene.body(), Wechatpay_Serial="PUB_KEY_ID_0")[0] == 400


def test_time_expire_is_raised_to_a_minute_and_ends_payment(scene: Scene) -> None:
    prepay_id = scene.prepared(time_expire=clock.now() - timedelta(days=1))
    clock.advance(60)
    assert send(scene, "POST", JSAPI, scene.sim.world.orders[scene.account.mchid, "ORDER000001"].body)[0] == 200
    clock.advance(1)
    with pytest.raises(ControlRefusal, match="past time_expire"):
        scene.sim.control("POST", "/_sim/pay", {"prepay_id": prepay_id})


def test_time_expire_may_not_be_later_than_90_days(scene: Scene) -> None:
    assert send(scene, "POST", JSAPI, scene.body(time_expire=clock.now() + timedelta(days=90)))[0] == 200
    late = scene.body("ORDER000002", time_expire=clock.now() + timedelta(days=90, seconds=1))
    assert code(send(scene, "POST", JSAPI, late)) == (400, "PARAM_ERROR")


def test_a_prepay_id_lives_two_hours(scene: Scene) -> None:
    body = scene.body(time_expire=clock.now() + timedelta(hours=5))
    old = json.loads(send(scene, "POST", JSAPI, body)[2])["prepay_id"]
    clock.advance(7200)
    with pytest.raises(ControlRefusal, match="2 hours"):
        scene.sim.control("POST", "/_sim/pay", {"prepay_id": old})
    fresh = json.loads(send(scene, "POST", JSAPI, body)[2])["prepay_id"]
    assert scene.sim.control("POST", "/_sim/pay", {"prepay_id": fresh})["transaction_id"]


def test_an_unpaid_order_closes_itself_after_seven_days(scene: Scene) -> None:
    scene.prepared()
    clock.advance(7 * 86400 - 1)
    assert scene.sim.control("GET", "/_sim/orders/ORDER000001")["trade_state"] == "NOTPAY"
    clock.advance(1)
    assert scene.sim.control("GET", "/_sim/orders/ORDER000001")["trade_state"] == "CLOSED"


def test_only_the_payer_pays_and_only_once(scene: Scene) -> None:
    prepay_id = scene.prepared()
    with pytest.raises(ControlRefusal, match="only the payer"):
        scene.sim.control("POST", "/_sim/pay", {"prepay_id": prepay_id, "openid": "oSomebody"})
    assert scene.sim.control("POST", "/_sim/cancel", {"prepay_id": prepay_id})["state"] == "NOTPAY"
    scene.sim.control("POST", "/_sim/pay", {"prepay_id": prepay_id})
    with pytest.raises(ControlRefusal, match="SUCCESS"):
        scene.sim.control("POST", "/_sim/pay", {"prepay_id": prepay_id})


def test_wrong_client_params_do_not_open_the_cashier(scene: Scene) -> None:
    from chalicelib.wechat import pay

    params = pay.client_params(scene.account, scene.prepared())
    for change in ({"timeStamp": "1"}, {"signType": "MD5"}, {"paySign": "AAAA"}, {"appId": scene.account.appid}):
        with pytest.raises(ControlRefusal):
            scene.sim.control("POST", "/_sim/pay", {"params": params | change})


def test_a_merchant_does_not_see_another_ones_orders(scene: Scene) -> None:
    other = enter(scene.sim, "two", appid="wx0000000000000002", mchid="1900000002")
    scene.paid()
    path = "/v3/pay/transactions/out-trade-no/ORDER000001"
    assert code(send(other, "GET", f"{path}?mchid=1900000002")) == (404, "ORDER_NOT_EXIST")
    assert code(send(other, "GET", f"{path}?mchid=1900000001")) == (400, "PARAM_ERROR")
    assert code(send(other, "POST", f"{path}/close", {"mchid": "1900000002"})) == (404, "ORDER_NOT_EXIST")
    other.prepared("ORDER000001")
    with pytest.raises(ControlRefusal, match="mchid"):
        scene.sim.control("GET", "/_sim/orders/ORDER000001")


def test_an_order_is_found_by_its_transaction_too(scene: Scene) -> None:
    scene.paid()
    number = scene.sim.control("GET", "/_sim/orders/ORDER000001")["transaction_id"]
    answer = send(scene, "GET", f"/v3/pay/transactions/id/{number}?mchid={scene.account.mchid}")
    assert json.loads(answer[2])["out_trade_no"] == "ORDER000001"


def test_an_unknown_path_is_404(scene: Scene) -> None:
    assert send(scene, "GET", "/v3/certificates")[0] == 404


def test_a_fault_is_used_up_and_can_be_aimed(scene: Scene) -> None:
    scene.fault("prepay", "busy", count=2, match="ORDER000002")
    assert send(scene, "POST", JSAPI, scene.body("ORDER000001"))[0] == 200
    statuses = [send(scene, "POST", JSAPI, scene.body("ORDER000002"))[0] for _ in range(3)]
    assert statuses == [500, 500, 200]


def test_a_5xx_may_come_after_the_act(scene: Scene) -> None:
    scene.fault("prepay", "5xx", after=True)
    assert send(scene, "POST", JSAPI, scene.body())[0] == 502
    assert scene.sim.control("GET", "/_sim/orders/ORDER000001")["trade_state"] == "NOTPAY"


@pytest.mark.parametrize(
    ("method", "path", "document"),
    [
        ("POST", "/_sim/merchants", {"mchid": "1"}),
        ("POST", "/_sim/faults", {"endpoint": "prepay", "kind": "flood"}),
        ("POST", "/_sim/pay", {"prepay_id": "wx0"}),
        ("POST", "/_sim/pay", {}),
        ("POST", "/_sim/clock", {"advance_seconds": -1}),
        ("POST", "/_sim/login-codes", {"appid": "wx0"}),
        ("GET", "/_sim/nothing", {}),
        ("GET", "/_sim/orders/ORDER000404", {}),
    ],
)
def test_a_wrong_control_call_says_what_is_wrong(
    scene: Scene, method: str, path: str, document: dict[str, Any]
) -> None:
    with pytest.raises(ControlRefusal) as refusal:
        scene.sim.control(method, path, document)
    assert refusal.value.status in (400, 404, 409) and refusal.value.error


def test_registering_again_keeps_wechats_key(scene: Scene) -> None:
    assert enter(scene.sim).account == scene.account
