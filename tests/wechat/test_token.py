"""The access token: shared, renewed early, replaced when WeChat says so."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core import clock, store
from chalicelib.core.table import table
from chalicelib.wechat import token
from chalicelib.wechat.http import Unknown, WechatError, call_api
from tests.emulator import Emulator
from tests.wechat.scene import Scene, enter

pytestmark = pytest.mark.usefixtures("emulator")


def current(scene: Scene) -> str:
    found = scene.sim.world.tokens[scene.app.appid].current
    assert found
    return found.value


def domain_ip(access: str) -> dict[str, Any]:
    return call_api("GET", "/cgi-bin/get_api_domain_ip", {"access_token": access}, timeout=1.0)


def test_one_question_serves_all_processes_for_nearly_two_hours(scene: Scene) -> None:
    first = token.access_token(scene.app)
    scene.fault("token", "busy", count=None)
    for _ in range(6):
        clock.advance(1000)
        token.forget()
        assert token.access_token(scene.app) == first == current(scene)


def test_a_process_that_knows_the_token_reads_nothing(scene: Scene, emulator: Emulator) -> None:
    token.access_token(scene.app)
    before = len(emulator.calls)
    token.access_token(scene.app)
    assert len(emulator.calls) == before


def test_a_token_is_renewed_before_its_end(scene: Scene) -> None:
    first = token.access_token(scene.app)
    clock.advance(7200 - 299)
    second = token.access_token(scene.app)
    assert second != first
    assert domain_ip(first) and domain_ip(second), "both live for five minutes"
    clock.advance(300)
    with pytest.raises(WechatError) as refusal:
        domain_ip(first)
    assert refusal.value.code == "42001"


def test_before_the_last_five_minutes_a_process_does_not_ask_at_every_call(scene: Scene) -> None:
    token.access_token(scene.app)
    clock.advance(7200 - 301)
    again = token.access_token(scene.app)
    scene.fault("token", "busy", count=None)
    assert token.access_token(scene.app) == again


def test_the_stored_token_names_its_end_and_stands_under_its_merchant(scene: Scene) -> None:
    access = token.access_token(scene.app)
    item = store.read_one(token.TokenItem, table(scene.app.mid).key("MER", sk="TOKEN"))
    assert item and item.token == access
    assert (item.expires_at - clock.now()).total_seconds() == 7200


def test_a_dead_token_is_replaced_and_the_call_repeated_once(scene: Scene) -> None:
    old = token.access_token(scene.app)
    scene.sim.control("POST", "/_sim/tokens/kill", {"appid": scene.app.appid})
    used: list[str] = []

    def call(access: str) -> dict[str, Any]:
        used.append(access)
        return domain_ip(access)

    assert token.with_token(scene.app, call)["ip_list"]
    assert used == [old, current(scene)]
    token.forget()
    assert token.access_token(scene.app) == current(scene), "other processes find the new one"


@pytest.mark.parametrize("code", ["40001", "40014", "42001"])
def test_a_second_refusal_is_final(scene: Scene, code: str) -> None:
    calls: list[str] = []

    def refuse(access: str) -> None:
        calls.append(access)
        raise WechatError(code, status=200)

    with pytest.raises(WechatError):
        token.with_token(scene.app, refuse)
    assert len(calls) == 2


def test_another_refusal_is_not_repeated(scene: Scene) -> None:
    calls: list[str] = []

    def refuse(access: str) -> None:
        calls.append(access)
        raise WechatError("43101", status=200)

    with pytest.raises(WechatError):
        token.with_token(scene.app, refuse)
    assert len(calls) == 1


@pytest.mark.parametrize("kind", ["busy", "quota", "5xx", "lost", "slow", "garbled"])
def test_no_usable_answer_is_unknown_and_nothing_is_kept(scene: Scene, kind: str) -> None:
    scene.fault("token", kind)
    with pytest.raises(Unknown):
        token.access_token(scene.app)
    assert token.access_token(scene.app) == current(scene)


def test_merchants_have_their_own_tokens(scene: Scene) -> None:
    other = enter(scene.sim, "two", appid="wx0000000000000002", mchid="1900000002")
    assert token.access_token(scene.app) != token.access_token(other.app)
