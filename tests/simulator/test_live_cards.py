"""Live cards from WeChat's side: what may be said of one, and until when."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.core import clock
from tests.simulator.letters import access
from tests.wechat.scene import Scene, enter

pytestmark = pytest.mark.usefixtures("emulator")

CREATE, SEND = "/cgi-bin/message/wxopen/activityid/create", "/cgi-bin/message/wxopen/updatablemsg/send"
COUNTED = {"member_count": "1", "room_limit": "3"}
STARTED = {"path": "pages/group/index?g=1", "version_type": "release"}


def made(scene: Scene) -> str:
    answer = json.loads(scene.sim.handle("GET", f"{CREATE}?access_token={access(scene)}", {}, b"")[2])
    assert answer["expiration_time"] == int(clock.now().timestamp()) + 86_400
    return str(answer["activity_id"])


def info(parameters: dict[str, Any]) -> dict[str, Any]:
    return {"parameter_list": [{"name": name, "value": value} for name, value in parameters.items()]}


def told(scene: Scene, document: Any) -> int:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    answer = scene.sim.handle("POST", f"{SEND}?access_token={access(scene)}", {}, body)
    return int(json.loads(answer[2])["errcode"])


def say(scene: Scene, activity_id: str, state: Any = 0, parameters: dict[str, Any] | None = None) -> int:
    usual = STARTED if state == 1 else COUNTED
    chosen = info(usual if parameters is None else parameters)
    return told(scene, {"activity_id": activity_id, "target_state": state, "template_info": chosen})


def cards(scene: Scene) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = scene.sim.control("GET", f"/_sim/cards?appid={scene.app.appid}")["cards"]
    return found


def test_a_card_counts_then_starts_and_then_nothing(scene: Scene) -> None:
    card = made(scene)
    assert [say(scene, card), say(scene, card, parameters={"member_count": "2", "room_limit": "3"})] == [0, 0]
    assert [say(scene, card, 1), say(scene, card, 0), say(scene, card, 1)] == [0, 47502, 47502]
    (seen,) = cards(scene)
    assert [(each["state"], each.get("member_count"), each.get("path")) for each in seen["updates"]] == [
        (0, "1", None),
        (0, "2", None),
        (1, None, STARTED["path"]),
    ]


def test_after_a_day_nothing_changes(scene: Scene) -> None:
    card = made(scene)
    clock.advance(86_399)
    assert say(scene, card) == 0
    clock.advance(1)
    assert [say(scene, card), say(scene, card, 1)] == [47504, 47504]
    assert len(cards(scene)[0]["updates"]) == 1


def test_whose_card_it_is(scene: Scene) -> None:
    other = enter(scene.sim, "two", appid="wx0000000000000002", mchid="1900000002")
    card = made(scene)
    assert [say(other, card), say(scene, "966_none")] == [47501, 47501]
    assert cards(other) == []


@pytest.mark.parametrize(
    ("state", "parameters", "code"),
    [
        (2, COUNTED, 47502),
        (-1, COUNTED, 47502),
        ("0", COUNTED, 47001),
        (True, STARTED, 47001),
        (0, {}, 47001),
        (0, {"member_count": "1"}, 47001),
        (0, {"room_limit": "3"}, 47001),
        (0, {**COUNTED, "member_count": 1}, 47001),
        (0, {**COUNTED, "member_count": ""}, 47001),
        (0, {**COUNTED, "room_limit": "three"}, 47001),
        (0, {**COUNTED, "price": "1"}, 47001),
        (1, COUNTED, 47001),
        (1, {"path": "pages/a"}, 47001),
        (1, {"version_type": "release"}, 47001),
        (1, {**STARTED, "version_type": "formal"}, 47503),
        (1, {**STARTED, **COUNTED}, 0),
    ],
)
def test_what_is_said_is_checked(scene: Scene, state: Any, parameters: dict[str, Any], code: int) -> None:
    assert say(scene, made(scene), state, parameters) == code
    assert len(cards(scene)[0]["updates"]) == (code == 0)


def test_other_forms_are_refused(scene: Scene) -> None:
    card = made(scene)
    twice = {"parameter_list": [{"name": "member_count", "value": "1"}] * 2}
    assert told(scene, b"") == 44002
    odd: list[Any] = [[], {}, {"activity_id": card}, {"activity_id": card, "target_state": 0, "template_info": []}]
    for wrong in odd:
        assert told(scene, wrong) == 47001
    lists: list[Any] = [twice, {"parameter_list": ["x"]}, {"parameter_list": {}}]
    for listed in lists:
        assert told(scene, {"activity_id": card, "target_state": 0, "template_info": listed}) == 47001
    answer = scene.sim.handle("POST", f"{SEND}?access_token=x", {}, b"{}")
    assert json.loads(answer[2])["errcode"] == 40001
