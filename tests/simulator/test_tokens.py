"""stable_token's second mode, which production never uses, and its limits."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.core import clock
from tests.wechat.scene import Scene


def ask(scene: Scene, **changed: Any) -> dict[str, Any]:
    document = {
        "grant_type": "client_credential",
        "appid": scene.app.appid,
        "secret": scene.app.appsecret,
        "force_refresh": False,
    } | changed
    _, _, body = scene.sim.handle("POST", "/cgi-bin/stable_token", {}, json.dumps(document).encode())
    answer: dict[str, Any] = json.loads(body)
    return answer


def usable(scene: Scene, token: str) -> int:
    _, _, body = scene.sim.handle("GET", f"/cgi-bin/get_api_domain_ip?access_token={token}", {}, b"")
    return int(json.loads(body).get("errcode", 0))


def test_everybody_gets_the_same_token(scene: Scene) -> None:
    first = ask(scene)
    assert first["expires_in"] == 7200
    clock.advance(100)
    assert ask(scene) == first | {"expires_in": 7100}


def test_force_kills_the_old_token_at_once(scene: Scene) -> None:
    old, new = ask(scene)["access_token"], ask(scene, force_refresh=True)["access_token"]
    assert old != new
    assert (usable(scene, old), usable(scene, new)) == (40001, 0)


def test_force_is_limited_to_every_30_seconds_and_20_a_day(scene: Scene) -> None:
    for _ in range(20):
        assert ask(scene, force_refresh=True)["access_token"]
        clock.advance(29)
        assert "errcode" in ask(scene, force_refresh=True)
        clock.advance(1)
    assert ask(scene, force_refresh=True)["errcode"] == 45009
    clock.advance(86400)
    assert ask(scene, force_refresh=True)["access_token"]


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"appid": "wx0"}, 40013),
        ({"appid": ""}, 41002),
        ({"secret": "wrong"}, 40125),
        ({"grant_type": "password"}, 40002),
        ({"force_refresh": "yes"}, 47001),
    ],
)
def test_wrong_questions(scene: Scene, changed: dict[str, Any], errcode: int) -> None:
    answer = ask(scene, **changed)
    assert answer["errcode"] == errcode
    assert " rid: " in answer["errmsg"]


def test_a_call_without_a_token_or_with_a_wrong_one(scene: Scene) -> None:
    assert usable(scene, "") == 41001
    assert usable(scene, "never-issued") == 40001
