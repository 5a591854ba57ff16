"""Notifications: believed only when WeChat provably sent them, to this merchant, just now."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.core import clock
from chalicelib.core.money import Fen
from chalicelib.wechat import http, notification, refunds
from chalicelib.wechat.http import Response
from chalicelib.wechat.notification import Forged, Notification, Probe
from infra.local.wechat_sim.authorization import signature_headers
from infra.local.wechat_sim.notices import VARIANTS
from tests.wechat.scene import NOTIFY_URL, Scene, enter

Letter = tuple[dict[str, str], bytes]


class Postman:
    """Keeps what WeChat delivers, and acknowledges it."""

    def __init__(self, scene: Scene, status: int = 204) -> None:
        self.letters: list[Letter] = []
        self.status = status
        scene.sim.deliver = self.take

    def take(self, url: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        self.letters.append((headers, body))
        return self.status, b""


def letter(scene: Scene, variant: str = "good", **options: Any) -> Letter:
    postman = Postman(scene)
    document = {"out_trade_no": "ORDER000001", "mchid": scene.account.mchid, "variant": variant, **options}
    scene.sim.control("POST", "/_sim/notify", document)
    return postman.letters[0]


def read(scene: Scene, given_letter: Letter) -> Notification:
    headers, body = given_letter
    return notification.read(scene.account, headers, body, clock.now())


def test_a_payment_is_told_with_everything_that_matters(scene: Scene) -> None:
    at = scene.paid()
    event = read(scene, letter(scene))
    assert (event.event_type, event.original_type) == ("TRANSACTION.SUCCESS", "transaction")
    assert event.id.startswith("EV-") and len(event.id) == 36
    told = notification.trade(event)
    assert (told.out_trade_no, told.total, told.currency) == ("ORDER000001", Fen(990), "CNY")
    assert (told.appid, told.mchid, told.openid) == (scene.account.appid, scene.account.mchid, scene.openid)
    assert (told.captured, told.success_time, told.attach) == (True, at, "G1.U1")


@pytest.mark.parametrize("kind", ["success", "abnormal", "closed"])
def test_the_end_of_a_refund_is_told(scene: Scene, kind: str) -> None:
    scene.paid()
    scene.fault("refund", kind)
    numbers = {"out_refund_no": "RF1", "out_trade_no": "ORDER000001", "notify_url": NOTIFY_URL}
    refunds.refund(scene.account, refund=Fen(100), total=Fen(990), **numbers)
    clock.advance(3)
    event = read(scene, letter(scene, out_refund_no="RF1"))
    told = notification.refund(event)
    assert (event.event_type, told.status_name) == (f"REFUND.{kind.upper()}", kind.upper())
    assert (told.out_refund_no, told.refund, told.total) == ("RF1", 100, 990)
    with pytest.raises(Forged):
        notification.trade(event)


def test_header_names_may_come_in_any_case(scene: Scene) -> None:
    scene.paid()
    headers, body = letter(scene)
    for change in (str.lower, str.upper):
        assert notification.read(scene.account, {change(k): v for k, v in headers.items()}, body, clock.now())


REASONS = {
    "bad_signature": "signature",
    "wrong_key": "signature",
    "wrong_serial": "serial",
    "no_headers": "serial",
    "stale": "stale",
    "wrong_tag": "ciphertext",
    "bad_base64": "ciphertext",
    "other_apiv3_key": "ciphertext",
    "bad_json": "form",
    "wrong_algorithm": "algorithm",
}


@pytest.mark.parametrize("variant", REASONS)
def test_a_forgery_is_refused_with_its_reason(scene: Scene, variant: str) -> None:
    scene.paid()
    with pytest.raises(Forged) as forged:
        read(scene, letter(scene, variant))
    assert forged.value.reason == REASONS[variant]


def test_every_forgery_that_the_simulator_knows_is_covered() -> None:
    assert set(REASONS) | {"good", "tampered", "probe"} == VARIANTS


def test_a_probe_is_neither_believed_nor_called_forged(scene: Scene) -> None:
    scene.paid()
    with pytest.raises(Probe):
        read(scene, letter(scene, "probe"))
    assert not issubclass(Probe, Forged)


def test_a_probe_under_another_serial_is_still_only_a_probe(scene: Scene) -> None:
    scene.paid()
    headers, body = letter(scene, "probe")
    with pytest.raises(Probe):
        notification.read(scene.account, headers | {"Wechatpay-Serial": "5157F09EFDC096DE"}, body, clock.now())


@pytest.mark.parametrize("field", ["amount", "currency", "appid", "mchid", "openid"])
def test_a_validly_signed_difference_arrives_for_the_order_to_judge(scene: Scene, field: str) -> None:
    scene.paid()
    right, told = (notification.trade(read(scene, letter(scene, v, field=field))) for v in ("good", "tampered"))
    names = ("total", "currency", "appid", "mchid", "openid")
    differs = {name for name in names if getattr(right, name) != getattr(told, name)}
    assert differs == {"total" if field == "amount" else field}


def test_freshness_is_five_minutes_both_ways(scene: Scene) -> None:
    scene.paid()
    headers, body = letter(scene)
    sent = clock.now()
    for seconds in (-300, 0, 300):
        assert notification.read(scene.account, headers, body, sent + timedelta(seconds=seconds))
    for seconds in (-301, 301):
        with pytest.raises(Forged) as forged:
            notification.read(scene.account, headers, body, sent + timedelta(seconds=seconds))
        assert forged.value.reason == "stale"


def test_a_notification_of_another_merchant_is_refused(scene: Scene) -> None:
    other = enter(scene.sim, "two", appid="wx0000000000000002", mchid="1900000002")
    scene.paid()
    with pytest.raises(Forged) as forged:
        read(other, letter(scene))
    assert forged.value.reason == "serial"


def test_an_unknown_serial_costs_no_signature_check_and_no_call(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.paid()
    headers, body = letter(scene)

    class Silence:
        def send(self, *_: object) -> Response:
            raise AssertionError("nothing is asked")

    unusable = replace(scene.account, wechatpay_public_key_pem="no key at all")
    for serial in ("PUB_KEY_ID_0", "zz-not-hex", "", "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"):
        with http.use_transport(Silence()), pytest.raises(Forged) as forged:
            notification.read(unusable, headers | {"Wechatpay-Serial": serial}, body, clock.now())
        assert forged.value.reason == "serial"


@pytest.mark.parametrize(
    "header", ["Wechatpay-Timestamp", "Wechatpay-Nonce", "Wechatpay-Signature", "Wechatpay-Serial"]
)
@pytest.mark.parametrize("value", [None, "", "x", "-1", "९९९", "99999999999999999999", "\ud800", "WECHATPAY/SIGNTEST"])
def test_a_missing_or_odd_header_is_forged(scene: Scene, header: str, value: str | None) -> None:
    scene.paid()
    headers, body = letter(scene)
    changed = {k: v for k, v in headers.items() if k != header} | ({} if value is None else {header: value})
    with pytest.raises(Forged):
        notification.read(scene.account, changed, body, clock.now())


def test_an_unknown_signature_type_is_refused_and_an_absent_one_is_the_usual(scene: Scene) -> None:
    scene.paid()
    headers, body = letter(scene)
    with pytest.raises(Forged):
        notification.read(scene.account, headers | {"Wechatpay-Signature-Type": "WECHATPAY2-SM2"}, body, clock.now())
    headers.pop("Wechatpay-Signature-Type")
    assert notification.read(scene.account, headers, body, clock.now())


def test_one_changed_byte_is_forged(scene: Scene) -> None:
    scene.paid()
    headers, body = letter(scene)
    with pytest.raises(Forged):
        notification.read(scene.account, headers, body + b" ", clock.now())


def test_unusable_keys_of_our_own_are_not_blamed_on_the_sender(scene: Scene) -> None:
    scene.paid()
    headers, body = letter(scene)
    with pytest.raises(ValueError, match="PEM|key"):
        notification.read(replace(scene.account, wechatpay_public_key_pem="no key"), headers, body, clock.now())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
HEADERS = st.dictionaries(
    st.sampled_from([f"wechatpay-{n}" for n in ("timestamp", "nonce", "signature", "serial", "signature-type")]),
    st.text(max_size=40) | st.sampled_from(["1794398400", "PUB_KEY_ID_1", "WECHATPAY/SIGNTEST/x", "AAAA"]),
)
FIXTURES = [HealthCheck.function_scoped_fixture]


@given(headers=HEADERS, body=st.binary(max_size=60), right_serial=st.booleans())
@settings(max_examples=150, deadline=None, suppress_health_check=FIXTURES)
def test_unsigned_garbage_is_forged_or_a_probe_and_nothing_else(
    scene: Scene, headers: dict[str, str], body: bytes, right_serial: bool
) -> None:
    if right_serial:
        headers = headers | {"wechatpay-serial": scene.account.wechatpay_public_key_id}
    with pytest.raises((Forged, Probe)):
        notification.read(scene.account, headers, body, clock.now())


def _signed(scene: Scene, body: bytes) -> dict[str, str]:
    return signature_headers(scene.sim.world, scene.sim.world.merchants[scene.account.mchid], body)


@given(body=st.binary(max_size=80) | JSON.map(lambda d: json.dumps(d).encode()))
@settings(max_examples=100, deadline=None, suppress_health_check=FIXTURES)
def test_signed_garbage_is_forged_and_nothing_else(scene: Scene, body: bytes) -> None:
    with pytest.raises(Forged):
        notification.read(scene.account, _signed(scene, body), body, clock.now())


@given(
    resource=st.fixed_dictionaries(
        {"algorithm": st.just("AEAD_AES_256_GCM") | JSON},
        optional={
            "ciphertext": st.text(max_size=30)
            | st.binary(max_size=40).map(lambda b: base64.b64encode(b).decode())
            | JSON,
            "nonce": st.text(max_size=20) | JSON,
            "associated_data": st.none() | st.text(max_size=8) | JSON,
            "original_type": JSON,
        },
    )
)
@settings(max_examples=150, deadline=None, suppress_health_check=FIXTURES)
def test_signed_envelopes_with_garbage_inside_are_forged_and_nothing_else(
    scene: Scene, resource: dict[str, Any]
) -> None:
    body = json.dumps({"id": "EV-1", "event_type": "TRANSACTION.SUCCESS", "resource": resource}).encode()
    with pytest.raises(Forged):
        notification.read(scene.account, _signed(scene, body), body, clock.now())


@given(document=JSON.filter(lambda d: not isinstance(d, dict)) | st.dictionaries(st.text(max_size=8), JSON, max_size=4))
@settings(max_examples=100, deadline=None, suppress_health_check=FIXTURES)
def test_a_trade_or_refund_without_its_fields_is_forged(scene: Scene, document: Any) -> None:
    for kind, judge in (("TRANSACTION.SUCCESS", notification.trade), ("REFUND.SUCCESS", notification.refund)):
        with pytest.raises(Forged):
            judge(Notification("EV-1", kind, "x", document))
