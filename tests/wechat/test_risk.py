"""The risk rank: what is asked, what is believed, and that it never takes longer than it may."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import urllib3

from chalicelib.core import clock
from chalicelib.wechat import http, risk, token
from chalicelib.wechat.http import Quota, Response, Transport, Unknown, WechatError
from chalicelib.wechat.risk import RiskScene
from infra.local.wechat_sim.in_process import InProcess
from tests.wechat.scene import Scene, enter

pytestmark = pytest.mark.usefixtures("emulator")


def ask(scene: Scene, until: datetime | None = None, openid: str | None = None, client_ip: str = "203.0.113.9") -> int:
    asked = openid or scene.openid
    return risk.rank(scene.app, openid=asked, scene=RiskScene.MARKETING, client_ip=client_ip, until=until)


def visit(scene: Scene) -> None:
    scene.sim.control("POST", "/_sim/visits", {"appid": scene.app.appid, "name": "alice"})


def refused(scene: Scene, openid: str | None = None, client_ip: str = "203.0.113.9") -> str:
    with pytest.raises(WechatError) as refusal:
        ask(scene, None, openid, client_ip)
    return refusal.value.code


@pytest.mark.parametrize("rank", range(5))
def test_the_rank_is_what_wechat_says(scene: Scene, rank: int) -> None:
    visit(scene)
    scene.sim.control("POST", "/_sim/ranks", {"name": "alice", "rank": rank})
    assert ask(scene) == rank


def test_who_was_not_there_within_two_hours_has_none(scene: Scene) -> None:
    assert refused(scene) == "61010"
    visit(scene)
    clock.advance(7200)
    assert ask(scene) == 0
    clock.advance(1)
    assert refused(scene) == "61010"


def test_a_question_that_is_wrong_is_refused(scene: Scene) -> None:
    other = enter(scene.sim, "two", appid="wx0000000000000002", mchid="1900000002")
    assert refused(scene, openid=other.openid) == "43104"
    assert refused(scene, openid="nobody") == "40003"
    assert refused(scene, client_ip="not an address") == "40097"


@pytest.mark.parametrize("kind", ["busy", "5xx", "unreachable", "lost", "slow", "garbled"])
def test_no_usable_answer_is_unknown(scene: Scene, kind: str) -> None:
    visit(scene)
    scene.fault("risk", kind)
    with pytest.raises(Unknown):
        ask(scene)


def test_too_many_questions_are_a_quota(scene: Scene) -> None:
    visit(scene)
    scene.sim.control("POST", "/_sim/allowances", {"api": "risk", "minute": 1})
    ask(scene)
    with pytest.raises(Quota):
        ask(scene)
    clock.advance(60)
    ask(scene)


@pytest.mark.parametrize("body", [b"{}", b'{"risk_rank":"0"}', b'{"risk_rank":5}', b'{"risk_rank":true}'])
def test_an_answer_without_a_rank_is_unknown(scene: Scene, body: bytes) -> None:
    token.access_token(scene.app)

    class Fixed:
        def send(self, *_: object) -> Response:
            return Response(200, {}, body)

    with http.use_transport(Fixed()), pytest.raises(Unknown):
        ask(scene)


class Stopwatch:
    """WeChat that takes its time, as the clock shows it."""

    def __init__(self, inner: Transport, seconds: float) -> None:
        self.inner = inner
        self.seconds = seconds
        self.waited: list[tuple[str, float]] = []

    def send(self, method: str, url: str, headers: dict[str, str], body: bytes | None, timeout: float) -> Response:
        self.waited.append((url.split("?", maxsplit=1)[0].rpartition("/")[2], round(timeout, 3)))
        clock.advance(self.seconds)
        return self.inner.send(method, url, headers, body, timeout)


def test_a_token_that_must_be_fetched_first_takes_from_the_same_time(scene: Scene) -> None:
    visit(scene)
    watch = Stopwatch(InProcess(scene.sim), 0.125)
    with http.use_transport(watch):
        assert ask(scene, clock.now() + timedelta(seconds=0.3)) == 0
    assert watch.waited == [("stable_token", 0.3), ("getuserriskrank", 0.175)]


def test_nothing_is_asked_when_the_time_is_over(scene: Scene) -> None:
    visit(scene)
    watch = Stopwatch(InProcess(scene.sim), 0.3)
    with http.use_transport(watch), pytest.raises(Unknown, match="out of time"):
        ask(scene, clock.now() + timedelta(seconds=0.3))
    assert watch.waited == [("stable_token", 0.3)]


@pytest.mark.parametrize(("seconds", "whole"), [(0.3, 0.3), (1.0, None), (3.0, None)])
def test_a_short_time_is_for_connection_and_answer_together(
    monkeypatch: pytest.MonkeyPatch, seconds: float, whole: float | None
) -> None:
    pool = http.Pool()
    limits = list[urllib3.Timeout]()

    def request(*_: object, timeout: urllib3.Timeout, **__: object) -> None:
        limits.append(timeout)
        raise urllib3.exceptions.TimeoutError

    monkeypatch.setattr(pool._pool, "request", request)
    with pytest.raises(Unknown, match="timeout"):
        pool.send("GET", "http://wechat-api.test/", {}, None, seconds)
    assert [limit.total for limit in limits] == [whole]
