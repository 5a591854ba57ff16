"""Content checks: what is asked, what is believed, and when WeChat does not look."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.wechat import content, http, token
from chalicelib.wechat.content import Away, Judged, Suggest, TextScene
from chalicelib.wechat.http import Quota, Response, Unknown, WechatError
from infra.local.wechat_sim.refusal import ControlRefusal
from tests.simulator.test_push import Server
from tests.wechat.scene import Scene, enter

pytestmark = pytest.mark.usefixtures("emulator")


def ask(scene: Scene, text: str = "安娜", openid: str | None = None) -> Judged:
    return content.check(scene.app, text=text, openid=openid or scene.openid, scene=TextScene.PROFILE)


@pytest.fixture
def there(scene: Scene) -> Scene:
    """Alice has just opened the mini-program."""
    scene.sim.control("POST", "/_sim/visits", {"appid": scene.app.appid, "name": "alice"})
    return scene


def refused(scene: Scene, **changed: Any) -> str:
    with pytest.raises(WechatError) as refusal:
        ask(scene, **changed)
    return refusal.value.code


def test_a_text_passes_waits_or_is_refused(there: Scene) -> None:
    said = [ask(there, text) for text in ("安娜", "加微信abc", "加微信去赌博")]
    assert [each.suggest for each in said] == [Suggest.PASS, Suggest.REVIEW, Suggest.RISKY]
    assert [each.label for each in said] == [100, 10001, 20006]
    checked = there.sim.control("GET", "/_sim/checked")["checked"]
    assert [each.trace_id for each in said] == [each["trace_id"] for each in checked]


class Reading:
    """WeChat, and what was sent there."""

    def __init__(self) -> None:
        self.inner, self.sent = http.transport(), list[bytes]()

    def send(self, method: str, url: str, headers: dict[str, str], body: bytes | None, timeout: float) -> Response:
        self.sent.append(body or b"")
        return self.inner.send(method, url, headers, body, timeout)


def test_a_text_is_sent_as_it_is_written(there: Scene) -> None:
    reading = Reading()
    with http.use_transport(reading):
        ask(there, "安娜🍊")
    assert "安娜🍊".encode() in reading.sent[-1]


def test_who_was_not_there_within_two_hours_is_not_looked_at(there: Scene) -> None:
    clock.advance(7200)
    ask(there)
    clock.advance(1)
    with pytest.raises(Away):
        ask(there)


def test_a_question_that_is_wrong_is_refused(there: Scene) -> None:
    other = enter(there.sim, "two", appid="wx0000000000000002", mchid="1900000002")
    assert refused(there, openid=other.openid) == "43104"
    assert refused(there, openid="nobody") == "40003"
    assert refused(there, text="") == "44002"
    assert refused(there, text="a" * 2501) == "40097"


@pytest.mark.parametrize("kind", ["busy", "5xx", "unreachable", "lost", "slow", "garbled"])
def test_no_usable_answer_is_unknown(there: Scene, kind: str) -> None:
    there.fault("content", kind)
    with pytest.raises(Unknown):
        ask(there)


@pytest.mark.parametrize("allowed", [{"minute": 1}, {"day": 1}])
def test_too_many_questions_are_a_quota(there: Scene, allowed: dict[str, int]) -> None:
    there.sim.control("POST", "/_sim/allowances", {"api": "content", **allowed})
    ask(there)
    with pytest.raises(Quota):
        ask(there)


@pytest.mark.parametrize(
    "body",
    [b"{}", b'{"errcode":0,"errmsg":"ok"}', b'{"result":{"suggest":"fine","label":100}}', b'{"result":"pass"}'],
)
def test_that_the_call_worked_is_no_verdict(there: Scene, body: bytes) -> None:
    token.access_token(there.app)

    class Fixed:
        def send(self, *_: object) -> Response:
            return Response(200, {}, body)

    with http.use_transport(Fixed()), pytest.raises(Unknown):
        ask(there)


def look(scene: Scene, url: str = "https://pictures.example.com/a.jpg", openid: str | None = None) -> str:
    return content.check_media(scene.app, url=url, openid=openid or scene.openid)


def test_a_picture_is_looked_at_and_the_verdict_is_pushed_later(there: Scene) -> None:
    server = Server(there)
    there.sim.control("POST", "/_sim/looks", {"url": "/bad", "suggest": "risky", "label": 20002, "after": 60})
    there.sim.control("POST", "/_sim/looks", {"url": "/gone", "suggest": "pass", "errcode": -1008, "after": 0})
    good, bad, gone = (look(there, f"https://p.example.com/{name}.jpg") for name in ("good", "bad", "gone"))
    told = list[Any]()
    for seconds in (0, 3, 57):
        clock.advance(seconds)
        there.sim.flush()
        told.append(server.read().fields)
    assert [(each["Event"], each["trace_id"], each["errcode"]) for each in told] == [
        ("wxa_media_check", gone, -1008),
        ("wxa_media_check", good, 0),
        ("wxa_media_check", bad, 0),
    ]
    assert told[1]["result"] == {"suggest": "pass", "label": 100}
    assert told[2]["result"] == {"suggest": "risky", "label": 20002} and told[2]["detail"][0]["label"] == 20002
    with pytest.raises(ControlRefusal):
        there.sim.control("POST", "/_sim/looks", {"url": "", "suggest": "pass"})


def test_a_picture_is_no_sound(there: Scene) -> None:
    reading = Reading()
    with http.use_transport(reading):
        look(there, "https://x/y")
    asked = {"media_url": "https://x/y", "media_type": 2, "version": 2, "scene": 1, "openid": there.openid}
    assert json.loads(reading.sent[-1]) == asked


def test_a_question_about_a_picture_is_checked(there: Scene) -> None:
    def code(**changed: str) -> str:
        with pytest.raises(WechatError) as refusal:
            look(there, **changed)
        return refusal.value.code

    assert [code(url="ftp://x/y"), code(url=""), code(openid="nobody")] == ["40097", "40097", "40003"]
    with pytest.raises(WechatError, match="40129"):
        content.check_media(there.app, url="https://x/y", openid=there.openid, scene=5)
    there.sim.control("POST", "/_sim/allowances", {"api": "media", "minute": 2})
    look(there)
    with pytest.raises(Quota):
        look(there)
    clock.advance(7201)
    with pytest.raises(Away):
        look(there)


@pytest.mark.parametrize("kind", ["busy", "5xx", "unreachable", "lost", "slow", "garbled"])
def test_no_usable_answer_about_a_picture_is_unknown(there: Scene, kind: str) -> None:
    there.fault("media", kind)
    with pytest.raises(Unknown):
        look(there)


def test_an_answer_without_a_trace_is_none(there: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    for answer in ({}, {"trace_id": ""}, {"trace_id": 7}):
        monkeypatch.setattr(content, "call_api", lambda *_, said=answer, **__: said)
        with pytest.raises(Unknown):
            look(there)
