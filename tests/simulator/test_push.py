"""How WeChat pushes messages: it asks first, seals and signs, and comes three times again."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.core import clock
from chalicelib.wechat import push
from chalicelib.wechat.account import PushAccount
from chalicelib.wechat.notification import Forged
from chalicelib.wechat.push import Message
from infra.local.wechat_sim.refusal import ControlRefusal
from tests.simulator.letters import NUMBER, part, upload
from tests.wechat.scene import Scene

URL = "https://ripple.example.com/notify/wechat/M1/push"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


class Server:
    """A merchant's server: answers what it is asked, and messages as it is told."""

    def __init__(self, scene: Scene, *answers: tuple[int, bytes] | None) -> None:
        self.scene = scene
        self.account = PushAccount(scene.account.appid, "token1", KEY)
        self.answers = list(answers)
        self.came: list[tuple[str, bytes]] = []
        scene.sim.ask, scene.sim.deliver = self.answer, self.take
        self.configure()

    def configure(self, **changed: str) -> None:
        given = {"appid": self.account.appid, "url": URL, "token": "token1", "aes_key": KEY, **changed}
        self.scene.sim.control("POST", "/_sim/push", given)

    def answer(self, url: str) -> tuple[int, bytes]:
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        echo = query.pop("echostr")
        push.verify(self.account, **query)
        return 200, echo.encode()

    def take(self, url: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes] | None:
        self.came.append((url, body))
        return self.answers.pop(0) if self.answers else (200, b"success")

    def read(self, which: int = -1) -> Message:
        url, body = self.came[which]
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert (query["encrypt_type"], query["openid"]) == ("aes", self.scene.openid)
        signed = {"signature": query["msg_signature"], "timestamp": query["timestamp"], "nonce": query["nonce"]}
        return push.read(self.account, **signed, raw_body=body)


def heard(scene: Scene) -> None:
    scene.sim.flush()


def receive(scene: Scene) -> None:
    scene.sim.control("POST", "/_sim/receive", {"out_trade_no": NUMBER})


def pushed(scene: Scene) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = scene.sim.control("GET", "/_sim/pushes")["pushes"]
    return found


def quiet_paid(scene: Scene) -> None:
    scene.paid(notify=False)


def test_it_is_told_when_goods_are_out_and_again_when_they_are_received(scene: Scene) -> None:
    server = Server(scene)
    quiet_paid(scene)
    assert part(scene, "YT100") == 0
    heard(scene)
    assert server.came == []
    assert part(scene, "YT100", "YT200", last=True) == 0
    heard(scene)
    shipped = server.read()
    assert (shipped.kind, shipped.text("merchant_trade_no")) == ("trade_manage_order_settlement", NUMBER)
    assert shipped.happened("estimated_settlement_time") and not shipped.happened("confirm_receive_time")
    receive(scene)
    heard(scene)
    received = server.read()
    assert received.happened("confirm_receive_time") and received.happened("settlement_time")
    assert received.fields["confirm_receive_method"] == 2
    assert received.text("merchant_id") == scene.account.mchid
    assert len(server.came) == 2


def test_shipping_again_is_not_told_again(scene: Scene) -> None:
    server = Server(scene)
    quiet_paid(scene)
    upload(scene)
    upload(scene, shipping_list=[{"tracking_no": "YT200", "express_company": "YTO", "item_desc": "x"}])
    heard(scene)
    assert len(server.came) == 1


def test_who_gave_no_address_is_told_nothing(scene: Scene) -> None:
    quiet_paid(scene)
    upload(scene)
    receive(scene)
    heard(scene)
    assert pushed(scene) == []
    with pytest.raises(ControlRefusal, match="no messages"):
        scene.sim.control("POST", "/_sim/events", {"out_trade_no": NUMBER})


@pytest.mark.parametrize("answer", [(200, b"ok"), (200, b""), (204, b""), (401, b"success"), (503, b""), None])
def test_what_is_not_taken_comes_three_times_again(scene: Scene, answer: tuple[int, bytes] | None) -> None:
    server = Server(scene, *[answer] * 9)
    quiet_paid(scene)
    upload(scene)
    for _ in range(9):
        heard(scene)
        clock.advance(5)
    assert len(server.came) == 4
    assert (pushed(scene)[0]["taken"], pushed(scene)[0]["due_at"]) == (False, None)


@pytest.mark.parametrize(("kind", "arrive"), [("duplicate", 2), ("lost", 1), ("bad_signature", 2)])
def test_a_fault_spoils_one_attempt_and_a_good_one_follows(scene: Scene, kind: str, arrive: int) -> None:
    refuses = [(401, b"")] if kind == "bad_signature" else []
    server = Server(scene, *refuses)
    scene.fault("push", kind)
    quiet_paid(scene)
    upload(scene)
    heard(scene)
    clock.advance(5)
    heard(scene)
    assert [attempt["kind"] for attempt in pushed(scene)[0]["attempts"]] == [kind, "good"]
    assert len(server.came) == arrive
    assert server.read().kind
    if kind == "bad_signature":
        with pytest.raises(Forged, match="signature"):
            server.read(0)


def test_an_address_that_does_not_answer_is_not_taken(scene: Scene) -> None:
    server = Server(scene)
    scene.sim.ask = lambda url: (200, b'"1234"')
    with pytest.raises(ControlRefusal, match="does not answer"):
        server.configure(url="https://elsewhere.example.com")
    scene.sim.ask = lambda url: None
    with pytest.raises(ControlRefusal, match="does not answer"):
        server.configure(url="https://elsewhere.example.com")
    assert scene.sim.world.addresses[scene.account.appid].url == URL
    for wrong in ({"appid": "wx9"}, {"aes_key": "short"}):
        with pytest.raises(ControlRefusal):
            server.configure(**wrong)


def test_a_message_can_be_forced_and_its_answer_is_shown(scene: Scene) -> None:
    server = Server(scene, (418, b"teapot"))
    quiet_paid(scene)
    told = {"out_trade_no": NUMBER, "event": "trade_manage_remind_shipping"}
    assert scene.sim.control("POST", "/_sim/events", told) == {"status": 418, "body": "teapot"}
    assert server.read().kind == "trade_manage_remind_shipping"
    assert json.loads(server.came[0][1]).keys() == {"ToUserName", "Encrypt"}
    heard(scene)
    assert len(server.came) == 1
    with pytest.raises(ControlRefusal, match="variant"):
        scene.sim.control("POST", "/_sim/events", {**told, "variant": "odd"})
