"""Orders at WeChat Pay: what we send, what we believe, and what we never take for an answer."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from msgspec import structs

from chalicelib.core import clock
from chalicelib.core.money import Fen
from chalicelib.wechat import http, pay, signing, trade
from chalicelib.wechat.http import Quota, Response, Unknown, WechatError
from chalicelib.wechat.pay import Closed
from chalicelib.wechat.trade import TradeState
from infra.local.wechat_sim import Simulator
from infra.local.wechat_sim.authorization import signature_headers
from infra.local.wechat_sim.in_process import InProcess
from tests.wechat.scene import NOTIFY_URL, Scene, enter

ANY_CALL: dict[str, Callable[[Scene], object]] = {
    "prepay": lambda scene: scene.prepared(),
    "query": lambda scene: pay.query(scene.account, "ORDER000001"),
    "close": lambda scene: pay.close(scene.account, "ORDER000001"),
}
NO_ANSWER = [
    "busy",
    "quota",
    "5xx",
    "unreachable",
    "lost",
    "slow",
    "garbled",
    "bad_signature",
    "unsigned",
    "stale_answer",
]


def test_the_body_has_exactly_the_documented_fields(scene: Scene) -> None:
    body = pay.jsapi_body(
        scene.account,
        out_trade_no="O1-1",
        description="橙子",
        total=Fen(990),
        openid="o1",
        time_expire=datetime(2026, 11, 11, 16, 30, 5, 999000, tzinfo=UTC),
        notify_url=NOTIFY_URL,
    )
    assert body == {
        "appid": scene.account.appid,
        "mchid": scene.account.mchid,
        "description": "橙子",
        "out_trade_no": "O1-1",
        "time_expire": "2026-11-12T00:30:05+08:00",
        "notify_url": NOTIFY_URL,
        "amount": {"total": 990, "currency": "CNY"},
        "payer": {"openid": "o1"},
    }


def test_a_time_without_an_offset_is_refused_before_it_is_sent(scene: Scene) -> None:
    with pytest.raises(ValueError, match="offset"):
        scene.body(time_expire=datetime(2026, 11, 11))  # noqa: DTZ001 - that is the mistake


def test_the_hash_depends_on_values_only(scene: Scene) -> None:
    body = scene.body()
    shuffled = dict(reversed(body.items()))
    assert pay.body_hash(body) == pay.body_hash(shuffled)
    assert pay.body_hash(body) != pay.body_hash(body | {"attach": "G1.U2"})
    assert len(pay.body_hash(body)) == 64


def test_the_same_body_again_gets_a_fresh_prepay_id(scene: Scene) -> None:
    body = scene.body()
    first, second = pay.prepay(scene.account, body), pay.prepay(scene.account, body)
    assert first != second
    scene.sim.control("POST", "/_sim/pay", {"prepay_id": second})


def test_the_client_can_pay_with_what_it_is_given(scene: Scene) -> None:
    params = pay.client_params(scene.account, scene.prepared())
    assert set(params) == {"timeStamp", "nonceStr", "package", "signType", "paySign"}
    assert all(isinstance(value, str) for value in params.values())
    scene.sim.control("POST", "/_sim/pay", {"params": params, "openid": scene.openid})
    found = pay.query(scene.account, "ORDER000001")
    assert found and found.captured


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"description": ""}, "PARAM_ERROR"),
        ({"total": 0}, "PARAM_ERROR"),
        ({"openid": "oNobody"}, "PARAM_ERROR"),
        ({"notify_url": "http://ripple.example.com/notify"}, "PARAM_ERROR"),
        ({"notify_url": NOTIFY_URL + "?a=1"}, "PARAM_ERROR"),
        ({"attach": "x" * 129}, "PARAM_ERROR"),
        ({"number": "short"}, "PARAM_ERROR"),
    ],
)
def test_what_wechat_refuses_is_a_definite_refusal(scene: Scene, change: dict[str, Any], code: str) -> None:
    with pytest.raises(WechatError) as refusal:
        scene.prepared(**change)
    assert (refusal.value.code, refusal.value.status) == (code, 400)
    assert refusal.value.request_id


def test_another_body_under_the_same_number_is_params_differ(scene: Scene) -> None:
    scene.prepared()
    with pytest.raises(WechatError) as refusal:
        scene.prepared(total=991)
    assert refusal.value.code == "PARAMS_DIFFER"


def test_a_paid_number_cannot_be_ordered_again(scene: Scene) -> None:
    body = scene.body()
    scene.sim.control("POST", "/_sim/pay", {"prepay_id": pay.prepay(scene.account, body)})
    with pytest.raises(WechatError) as refusal:
        pay.prepay(scene.account, body)
    assert refusal.value.code == "ORDER_PAID"


def test_a_closed_number_cannot_be_ordered_again(scene: Scene) -> None:
    body = scene.body()
    pay.prepay(scene.account, body)
    pay.close(scene.account, "ORDER000001")
    with pytest.raises(WechatError) as refusal:
        pay.prepay(scene.account, body)
    assert refusal.value.code == "ORDER_CLOSED"


def test_an_openid_of_another_mini_program_is_refused_although_wechat_says_500(scene: Scene) -> None:
    other = enter(scene.sim, "two", appid="wx0000000000000002", mchid="1900000002")
    with pytest.raises(WechatError) as refusal:
        scene.prepared(openid=other.openid)
    assert (refusal.value.code, refusal.value.status) == ("OPENID_MISMATCH", 500)


def test_an_appid_of_another_merchant_is_refused(scene: Scene) -> None:
    with pytest.raises(WechatError) as refusal:
        pay.prepay(scene.account, scene.body() | {"appid": "wx0000000000000002"})
    assert refusal.value.code == "APPID_MCHID_NOT_MATCH"


def test_an_unknown_order_is_none(scene: Scene) -> None:
    assert pay.query(scene.account, "ORDER000404") is None


def test_an_unpaid_order_has_no_payment(scene: Scene) -> None:
    scene.prepared()
    found = pay.query(scene.account, "ORDER000001")
    assert found and found.state is TradeState.NOTPAY and not found.captured
    assert (found.transaction_id, found.openid, found.success_time) == (None, None, None)


def test_a_paid_order_says_who_paid_how_much_and_when(scene: Scene) -> None:
    at = scene.paid()
    clock.advance(60)
    found = pay.query(scene.account, "ORDER000001")
    assert found
    assert found == structs.replace(
        found,
        appid=scene.account.appid,
        mchid=scene.account.mchid,
        out_trade_no="ORDER000001",
        state=TradeState.SUCCESS,
        openid=scene.openid,
        attach="G1.U1",
        total=Fen(990),
        payer_total=Fen(990),
        currency="CNY",
        success_time=at,
    )
    assert found.transaction_id and len(found.transaction_id) == 28


def test_a_state_that_wechat_may_add_is_kept_as_sent() -> None:
    document = {"appid": "wx1", "mchid": "1", "out_trade_no": "ORDER1", "trade_state": "FROZEN"}
    found = trade.read(document)
    assert (found.state, found.state_name, found.captured) == (TradeState.OTHER, "FROZEN", False)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"appid": 1, "mchid": "1", "out_trade_no": "ORDER1", "trade_state": "NOTPAY"},
        {"appid": "wx1", "mchid": "1", "out_trade_no": "ORDER1", "trade_state": "SUCCESS"},
        {"appid": "wx1", "mchid": "1", "out_trade_no": "O", "trade_state": "NOTPAY", "amount": {"total": "1"}},
        {
            "appid": "wx1",
            "mchid": "1",
            "out_trade_no": "O",
            "trade_state": "NOTPAY",
            "success_time": "2026-11-11T12:00:00",
        },
        {"appid": "wx1", "mchid": "1", "out_trade_no": "O", "trade_state": "NOTPAY", "success_time": "noon"},
    ],
)
def test_a_trade_that_lacks_what_it_must_say_is_not_one(document: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Object|Expected|captured|offset|Invalid"):
        trade.read(document)


def test_a_close_may_be_repeated_and_ends_payment(scene: Scene) -> None:
    prepay_id = scene.prepared()
    assert pay.close(scene.account, "ORDER000001") is Closed.CLOSED
    assert pay.close(scene.account, "ORDER000001") is Closed.CLOSED
    status, _, _ = scene.sim.handle("POST", "/_sim/pay", {}, json.dumps({"prepay_id": prepay_id}).encode())
    assert status == 409
    found = pay.query(scene.account, "ORDER000001")
    assert found and found.state is TradeState.CLOSED


def test_closing_what_was_paid_says_so(scene: Scene) -> None:
    scene.paid()
    assert pay.close(scene.account, "ORDER000001") is Closed.PAID


def test_closing_what_never_arrived_says_so(scene: Scene) -> None:
    assert pay.close(scene.account, "ORDER000404") is Closed.NOT_EXIST


def test_older_spellings_mean_the_same(scene: Scene) -> None:
    scene.fault("query", "old_names")
    scene.fault("close", "old_names", count=2)
    assert pay.query(scene.account, "ORDER000404") is None
    assert pay.close(scene.account, "ORDER000404") is Closed.NOT_EXIST
    scene.paid()
    assert pay.close(scene.account, "ORDER000001") is Closed.PAID


@pytest.mark.parametrize("kind", NO_ANSWER)
@pytest.mark.parametrize("call", ANY_CALL)
def test_no_provable_answer_is_unknown(scene: Scene, call: str, kind: str) -> None:
    if call != "prepay":
        scene.prepared()
    scene.fault(call, kind)
    with pytest.raises(Unknown) as unknown:
        ANY_CALL[call](scene)
    assert isinstance(unknown.value, Quota) == (kind == "quota")


@pytest.mark.parametrize("kind", ["lost", "slow", "bad_signature", "garbled"])
def test_after_a_lost_answer_the_same_order_can_be_asked_for_again(scene: Scene, kind: str) -> None:
    body = scene.body()
    scene.fault("prepay", kind)
    with pytest.raises(Unknown):
        pay.prepay(scene.account, body)
    assert pay.prepay(scene.account, body)


def test_a_404_whose_signature_is_wrong_does_not_mean_that_there_is_no_order(scene: Scene) -> None:
    scene.fault("query", "bad_signature")
    with pytest.raises(Unknown):
        pay.query(scene.account, "ORDER000404")


def test_a_clock_that_is_wrong_on_our_side_is_never_an_answer(scene: Scene) -> None:
    ahead = Simulator(now=lambda: clock.now() + timedelta(minutes=6))
    account = enter(ahead).account
    with http.use_transport(InProcess(ahead)), pytest.raises(Unknown):
        pay.query(account, "ORDER000001")


def test_a_wrong_private_key_is_refused(scene: Scene) -> None:
    other = enter(scene.sim, "two", appid="wx0000000000000002", mchid="1900000002")
    stranger = replace(scene.account, private_key_pem=other.account.private_key_pem)
    with pytest.raises(WechatError) as refusal:
        pay.query(stranger, "ORDER000001")
    assert (refusal.value.code, refusal.value.status) == ("SIGN_ERROR", 401)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "SYSTEMERROR", Unknown),
        (403, "BANK_ERROR", Unknown),
        (400, "FREQUENCY_LIMITED", Quota),
        (429, "RULE_LIMIT", Quota),
        (503, "NEW_NAME", Unknown),
        (400, "NEW_NAME", WechatError),
    ],
)
def test_a_proved_refusal_is_judged_by_its_code_first(
    scene: Scene, status: int, code: str, kind: type[Exception]
) -> None:
    class Refusing:
        def send(self, *_: object) -> Response:
            body = json.dumps({"code": code, "message": "x"}).encode()
            signed = signature_headers(scene.sim.world, scene.sim.world.merchants[scene.account.mchid], body)
            return Response(status, {name.lower(): value for name, value in signed.items()}, body)

    with http.use_transport(Refusing()), pytest.raises(kind) as raised:
        pay.query(scene.account, "ORDER000001")
    assert type(raised.value) is kind


def test_an_answer_about_another_order_is_not_believed(scene: Scene) -> None:
    scene.paid()

    class Misrouted:
        def send(self, method: str, url: str, headers: dict[str, str], body: bytes | None, timeout: float) -> Response:
            account, real = scene.account, real_transport
            path = f"/v3/pay/transactions/out-trade-no/ORDER000001?mchid={account.mchid}"
            signed = headers | {"Authorization": signing.authorization(account, "GET", path, "")}
            return real.send("GET", f"http://wechat-pay.test{path}", signed, None, timeout)

    real_transport = http.transport()
    with http.use_transport(Misrouted()), pytest.raises(Unknown):
        pay.query(scene.account, "ORDER000002")


def test_unknown_is_what_the_core_waits_for() -> None:
    from chalicelib.core import errors

    assert issubclass(Unknown, errors.Unknown)


def test_the_bytes_signed_are_the_bytes_sent(scene: Scene) -> None:
    sent: list[bytes] = []

    class Watching:
        def send(self, method: str, url: str, headers: dict[str, str], body: bytes | None, timeout: float) -> Response:
            sent.append(body or b"")
            return inner.send(method, url, headers, body, timeout)

    inner = http.transport()
    with http.use_transport(Watching()):
        scene.prepared(description="橙子 & “引号”")
    assert "橙子".encode() in sent[0], "real characters, not escapes"
    assert msgspec.json.decode(sent[0])["description"] == "橙子 & “引号”"


def test_importing_the_clients_does_not_import_cryptography() -> None:
    modules = ["login", "token", "pay", "refunds", "notification", "trade", "signing", "payhttp", "account", "http"]
    lines = "; ".join(f"import chalicelib.wechat.{name}" for name in modules)
    check = f"import sys; {lines}; sys.exit(any(n.split('.')[0] == 'cryptography' for n in sys.modules))"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
