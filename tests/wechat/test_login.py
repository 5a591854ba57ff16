"""Logging in with a wx.login code."""

from __future__ import annotations

import pytest

from chalicelib.core import clock
from chalicelib.wechat import http, login
from chalicelib.wechat.http import Quota, Response, Unknown, WechatError
from chalicelib.wechat.login import CodeRefused, Session, UserBlocked
from tests.wechat.scene import Scene, enter


def exchange(scene: Scene, code: str) -> Session:
    return login.code2session(appid=scene.app.appid, appsecret=scene.app.appsecret, code=code)


def fresh_code(scene: Scene, name: str = "alice") -> str:
    code: str = scene.sim.control("POST", "/_sim/login-codes", {"appid": scene.app.appid, "name": name})["code"]
    return code


def test_a_code_becomes_the_user_who_fetched_it(scene: Scene) -> None:
    session = exchange(scene, fresh_code(scene))
    assert session.openid == scene.openid
    assert session.unionid and session.session_key


def test_a_user_without_open_platform_account_has_no_unionid(scene: Scene) -> None:
    scene.sim.control("POST", "/_sim/users", {"name": "bob", "unionid": False})
    assert exchange(scene, fresh_code(scene, "bob")).unionid is None


def test_one_person_has_one_unionid_and_an_openid_per_mini_program(scene: Scene) -> None:
    other = enter(scene.sim, "two", appid="wx0000000000000002", mchid="1900000002")
    here, there = exchange(scene, "test:carol"), exchange(other, "test:carol")
    assert here.unionid == there.unionid
    assert here.openid != there.openid


def test_a_code_works_once(scene: Scene) -> None:
    code = fresh_code(scene)
    exchange(scene, code)
    with pytest.raises(CodeRefused) as refusal:
        exchange(scene, code)
    assert refusal.value.code == "40163"


def test_a_code_dies_after_five_minutes(scene: Scene) -> None:
    in_time, too_late = fresh_code(scene), fresh_code(scene)
    clock.advance(299)
    exchange(scene, in_time)
    clock.advance(1)
    with pytest.raises(CodeRefused):
        exchange(scene, too_late)


def test_a_code_of_another_mini_program_is_refused(scene: Scene) -> None:
    other = enter(scene.sim, "two", appid="wx0000000000000002", mchid="1900000002")
    with pytest.raises(CodeRefused):
        exchange(other, fresh_code(scene))


def test_a_high_risk_user_is_told_apart(scene: Scene) -> None:
    scene.sim.control("POST", "/_sim/users", {"name": "mallory", "blocked": True})
    with pytest.raises(UserBlocked):
        exchange(scene, "test:mallory")


def test_our_own_wrong_secret_is_a_refusal_with_a_request_id(scene: Scene) -> None:
    with pytest.raises(WechatError) as refusal:
        login.code2session(appid=scene.app.appid, appsecret="wrong", code="test:alice")
    assert refusal.value.code == "40125"
    assert refusal.value.request_id and len(refusal.value.request_id) == 26


@pytest.mark.parametrize("kind", ["busy", "5xx", "unreachable", "lost", "slow", "garbled"])
def test_no_usable_answer_is_unknown(scene: Scene, kind: str) -> None:
    scene.fault("login", kind)
    with pytest.raises(Unknown):
        exchange(scene, fresh_code(scene))


def test_quota_is_unknown_that_says_slow_down(scene: Scene) -> None:
    scene.fault("login", "quota")
    with pytest.raises(Quota):
        exchange(scene, fresh_code(scene))


def test_a_lost_answer_has_used_the_code_and_is_never_asked_twice(scene: Scene) -> None:
    code = fresh_code(scene)
    scene.fault("login", "lost")
    with pytest.raises(Unknown):
        exchange(scene, code)
    with pytest.raises(CodeRefused):
        exchange(scene, code)


@pytest.mark.parametrize(
    "body", [b"[]", b"null", b"{}", b'{"openid":""}', b'{"openid":1,"session_key":"k"}', b"[" * 9999]
)
def test_an_answer_without_a_user_is_unknown(body: bytes) -> None:
    class Fixed:
        def send(self, *_: object) -> Response:
            return Response(200, {}, body)

    with http.use_transport(Fixed()), pytest.raises(Unknown):
        login.code2session(appid="wx1", appsecret="s", code="c")


def test_secrets_are_not_shown(scene: Scene) -> None:
    session = exchange(scene, fresh_code(scene))
    assert session.session_key not in repr(session)
    assert scene.app.appsecret not in repr(scene.app)
    assert "PRIVATE KEY" not in repr(scene.account) and scene.account.apiv3_key not in repr(scene.account)
