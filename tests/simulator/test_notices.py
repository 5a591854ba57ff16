"""When WeChat tells, and how often."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from chalicelib.core import clock
from infra.local.wechat_sim.notices import RETRY_SECONDS
from infra.local.wechat_sim.refusal import ControlRefusal
from tests.wechat.scene import NOTIFY_URL, Scene


class Listener:
    """Answers as told and remembers (order number, kind of signature seconds) of what came."""

    def __init__(self, scene: Scene, *statuses: int | None) -> None:
        self.statuses = list(statuses)
        self.came: list[tuple[str, dict[str, str], bytes]] = []
        scene.sim.deliver = self

    def __call__(self, url: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes] | None:
        self.came.append((url, headers, body))
        status = self.statuses.pop(0) if self.statuses else 204
        return None if status is None else (status, b"")


def told(scene: Scene, number: str) -> dict[str, object]:
    notices = scene.sim.control("GET", f"/_sim/notifications?out_trade_no={number}")["notifications"]
    assert len(notices) == 1
    found: dict[str, object] = notices[0]
    return found


def kinds(scene: Scene, number: str = "ORDER000001") -> list[str]:
    attempts = told(scene, number)["attempts"]
    assert isinstance(attempts, list)
    return [attempt["kind"] for attempt in attempts]


def test_the_schedule_is_wechats() -> None:
    assert len(RETRY_SECONDS) == 15
    assert timedelta(seconds=sum(RETRY_SECONDS)) == timedelta(hours=24, minutes=4)


@pytest.mark.parametrize("status", [200, 204])
def test_an_acknowledged_notification_does_not_come_again(scene: Scene, status: int) -> None:
    listener = Listener(scene, status)
    scene.paid()
    scene.sim.flush()
    clock.advance(90000)
    scene.sim.flush()
    assert [url for url, _, _ in listener.came] == [NOTIFY_URL]
    assert told(scene, "ORDER000001")["acknowledged"]


@pytest.mark.parametrize("status", [201, 301, 400, 500, None])
def test_anything_else_is_tried_again_on_schedule_and_then_given_up(scene: Scene, status: int | None) -> None:
    listener = Listener(scene, *[status] * 99)
    scene.paid()
    scene.sim.flush()
    for attempts, pause in enumerate(RETRY_SECONDS, start=1):
        clock.advance(pause - 1)
        scene.sim.flush()
        assert len(listener.came) == attempts
        clock.advance(1)
        scene.sim.flush()
        assert len(listener.came) == attempts + 1
    clock.advance(900000)
    scene.sim.flush()
    assert len(listener.came) == 16
    assert told(scene, "ORDER000001")["due_at"] is None
    assert len({json.loads(body)["id"] for _, _, body in listener.came}) == 1, "one event, one id"


def test_a_duplicate_comes_although_it_was_acknowledged(scene: Scene) -> None:
    listener = Listener(scene)
    scene.fault("notify", "duplicate")
    scene.paid()
    scene.sim.flush()
    assert len(listener.came) == 2
    assert kinds(scene) == ["duplicate", "good"]


def test_a_late_one_comes_when_its_time_has_come(scene: Scene) -> None:
    listener = Listener(scene)
    scene.fault("notify", "late", seconds=600)
    scene.paid()
    scene.sim.flush()
    assert not listener.came
    scene.sim.control("POST", "/_sim/clock", {"advance_seconds": 600})
    scene.sim.flush()
    assert len(listener.came) == 1


def test_a_reordered_one_is_overtaken_by_the_next(scene: Scene) -> None:
    Listener(scene)
    scene.fault("notify", "reordered", match="ORDER000001")
    scene.paid("ORDER000001")
    scene.paid("ORDER000002")
    order = [notice.out_trade_no for notice in scene.sim.flush()]
    assert order == ["ORDER000002", "ORDER000001"]


def test_a_reordered_one_comes_even_if_nothing_follows(scene: Scene) -> None:
    listener = Listener(scene)
    scene.fault("notify", "reordered")
    scene.paid()
    scene.sim.flush()
    assert not listener.came
    clock.advance(15)
    scene.sim.flush()
    assert len(listener.came) == 1


@pytest.mark.parametrize("kind", ["bad_signature", "stale", "probe", "lost"])
def test_after_a_spoiled_attempt_a_good_one_follows(scene: Scene, kind: str) -> None:
    listener = Listener(scene, *([] if kind == "lost" else [401]))
    scene.fault("notify", kind)
    scene.paid()
    scene.sim.flush()
    clock.advance(15)
    scene.sim.flush()
    assert kinds(scene) == [kind, "good"]
    assert len(listener.came) == (1 if kind == "lost" else 2)


def test_no_notification_where_none_is_wanted(scene: Scene) -> None:
    listener = Listener(scene)
    scene.paid(notify=False)
    scene.sim.flush()
    assert not listener.came
    scene.sim.control("POST", "/_sim/notify", {"out_trade_no": "ORDER000001"})
    assert len(listener.came) == 1


def test_the_answer_to_a_forced_one_is_shown(scene: Scene) -> None:
    scene.sim.deliver = lambda url, headers, body: (418, b"teapot")
    scene.paid()
    answer = scene.sim.control("POST", "/_sim/notify", {"out_trade_no": "ORDER000001"})
    assert (answer["status"], answer["body"]) == (418, "teapot")


def test_it_can_be_sent_to_another_address(scene: Scene) -> None:
    listener = Listener(scene)
    scene.paid()
    document = {"out_trade_no": "ORDER000001", "url": "https://ripple.example.com/notify/wechat/M2/paid"}
    scene.sim.control("POST", "/_sim/notify", document)
    assert listener.came[0][0].endswith("/M2/paid")
    assert not told(scene, "ORDER000001")["acknowledged"]


@pytest.mark.parametrize("variant", ["bad_signature", "wrong_key", "wrong_serial", "probe", "no_headers"])
def test_a_forgery_may_claim_what_never_happened(scene: Scene, variant: str) -> None:
    listener = Listener(scene, 401)
    scene.prepared()
    assert (
        scene.sim.control("POST", "/_sim/notify", {"out_trade_no": "ORDER000001", "variant": variant})["status"] == 401
    )
    assert json.loads(listener.came[0][2])["event_type"] == "TRANSACTION.SUCCESS"
    assert scene.sim.control("GET", "/_sim/orders/ORDER000001")["trade_state"] == "NOTPAY"


@pytest.mark.parametrize("variant", ["good", "tampered", "stale"])
def test_nothing_validly_signed_claims_what_never_happened(scene: Scene, variant: str) -> None:
    scene.prepared()
    with pytest.raises(ControlRefusal, match="not paid"):
        scene.sim.control("POST", "/_sim/notify", {"out_trade_no": "ORDER000001", "variant": variant})


def test_the_envelope_has_wechats_shape(scene: Scene) -> None:
    listener = Listener(scene)
    scene.paid()
    scene.sim.flush()
    envelope = json.loads(listener.came[0][2])
    assert set(envelope) == {"id", "create_time", "resource_type", "event_type", "summary", "resource"}
    assert (envelope["resource_type"], envelope["summary"]) == ("encrypt-resource", "支付成功")
    assert set(envelope["resource"]) == {"original_type", "algorithm", "ciphertext", "associated_data", "nonce"}
    assert (len(envelope["id"]), len(envelope["resource"]["nonce"])) == (36, 12)
