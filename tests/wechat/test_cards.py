"""Short Links, private cards, live ones, and what WeChat seals for a client."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.wechat import card, link, opendata
from chalicelib.wechat.http import Quota, Unknown, Unsent, WechatError
from infra.local.wechat_sim import cards
from tests.wechat.scene import Scene

pytestmark = pytest.mark.usefixtures("emulator")

KEY = base64.b64encode(bytes(range(16))).decode()


def opens(scene: Scene, found: str) -> str:
    return cards.opened(scene.sim.world, scene.app.appid, found)


def test_a_short_link_opens_its_page(scene: Scene) -> None:
    made = link.short_link(scene.app, page_url="pages/group/index?g=1&s=2", title="一起拼2026年秋茶礼盒" * 4)
    assert opens(scene, made) == "pages/group/index?g=1&s=2"
    assert len(made.split("/")[3]) == link.TITLE_LETTERS


def test_another_is_made_every_time(scene: Scene) -> None:
    assert len({link.short_link(scene.app, page_url="pages/a", title="茶") for _ in range(3)}) == 3


def test_a_page_that_is_not_released_has_no_link(scene: Scene) -> None:
    with pytest.raises(WechatError) as refused:
        link.short_link(scene.app, page_url="elsewhere/a", title="茶")
    assert refused.value.code == "40066"


def test_a_days_links_are_counted(scene: Scene) -> None:
    scene.sim.world.short_links_a_day = 2
    for _ in range(2):
        link.short_link(scene.app, page_url="pages/a", title="茶")
    with pytest.raises(Quota):
        link.short_link(scene.app, page_url="pages/a", title="茶")
    clock.advance(86_400)
    link.short_link(scene.app, page_url="pages/a", title="茶")


def test_a_link_lives_thirty_days(scene: Scene) -> None:
    made = link.short_link(scene.app, page_url="pages/a", title="茶")
    clock.advance(30 * 86_400)
    assert opens(scene, made) == "pages/a"
    clock.advance(86_400)
    with pytest.raises(Exception, match="no such link"):
        opens(scene, made)


ASK: dict[str, Callable[[Scene], str]] = {
    "short_link": lambda scene: link.short_link(scene.app, page_url="pages/a", title="茶"),
    "activity": lambda scene: card.private_activity(scene.app, openid=scene.openid),
}


def shown(scene: Scene) -> list[dict[str, Any]]:
    """What was said about the one card."""
    (one,) = scene.sim.control("GET", f"/_sim/cards?appid={scene.app.appid}")["cards"]
    found: list[dict[str, Any]] = one["updates"]
    return found


def test_a_live_card_counts_and_starts(scene: Scene) -> None:
    made = card.live_activity(scene.app, 2.0)
    assert made.expires_at == clock.now() + timedelta(days=1)
    for have in (1, 2):
        card.card_count(scene.app, made.id, have=have, need=3)
    card.card_started(scene.app, made.id, path="pages/group/index?g=1", version="trial")
    assert [each["state"] for each in shown(scene)] == [0, 0, 1]
    assert (shown(scene)[1]["member_count"], shown(scene)[1]["room_limit"]) == ("2", "3")
    assert (shown(scene)[2]["path"], shown(scene)[2]["version_type"]) == ("pages/group/index?g=1", "trial")


def refused(say: Callable[[], None]) -> str:
    with pytest.raises(WechatError) as refusal:
        say()
    return refusal.value.code


def test_a_card_that_started_or_expired_or_is_none_changes_no_more(scene: Scene) -> None:
    made = card.live_activity(scene.app, 2.0)
    start = partial(card.card_started, scene.app, path="pages/a", version="release")
    start(made.id)
    assert refused(lambda: card.card_count(scene.app, made.id, have=1, need=3)) == card.OVER
    assert refused(lambda: start(made.id)) == card.OVER
    assert refused(lambda: start("966_none")) == card.UNKNOWN_ACTIVITY
    assert refused(lambda: start("")) == card.INCOMPLETE
    clock.advance(86_400)
    assert refused(lambda: start(made.id)) == card.EXPIRED


def test_a_live_card_is_had_in_time_or_not_at_all(scene: Scene) -> None:
    scene.fault("activity", "slow", seconds=1.5)
    with pytest.raises(Unknown):
        card.live_activity(scene.app, 1.0)
    scene.sim.control("POST", "/_sim/tokens/kill", {"appid": scene.app.appid})
    scene.fault("token", "slow", seconds=1.5)
    with pytest.raises(Unsent):
        card.live_activity(scene.app, 1.0)
    scene.fault("activity", "slow", seconds=0.5)
    assert card.live_activity(scene.app, 1.0).id


@pytest.mark.parametrize("ends", [None, "1794398400", 1.5])
def test_a_live_card_without_an_end_is_none(scene: Scene, ends: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card, "call_api", lambda *_, **__: {"activity_id": "A", "expiration_time": ends})
    with pytest.raises(Unknown):
        card.live_activity(scene.app, 1.0)


@pytest.mark.parametrize(("kind", "said"), [("lost", 1), ("busy", 0), ("unreachable", 0), ("slow", 1), ("5xx", 0)])
def test_what_was_not_answered_is_said_again_without_harm(scene: Scene, kind: str, said: int) -> None:
    made = card.live_activity(scene.app, 2.0)
    scene.fault("card", kind)
    with pytest.raises(Unknown):
        card.card_count(scene.app, made.id, have=1, need=3)
    assert len(shown(scene)) == said
    card.card_count(scene.app, made.id, have=1, need=3)
    assert len(shown(scene)) == said + 1


@pytest.mark.parametrize("endpoint", ASK)
@pytest.mark.parametrize("kind", ["busy", "quota", "lost", "garbled", "5xx", "unreachable"])
def test_no_answer_decides_nothing(scene: Scene, endpoint: str, kind: str) -> None:
    scene.sim.control("POST", "/_sim/faults", {"endpoint": endpoint, "kind": kind})
    with pytest.raises(Unknown):
        ASK[endpoint](scene)


@pytest.mark.parametrize("answer", [{"link": 7}, {"link": ""}, {}])
def test_an_answer_without_what_was_asked_is_none(
    scene: Scene, answer: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (link, card):
        monkeypatch.setattr(module, "call_api", lambda *_, **__: answer)
    for ask in ASK.values():
        with pytest.raises(Unknown):
            ask(scene)


def test_a_private_card_is_of_somebody_whom_wechat_knows(scene: Scene) -> None:
    made = card.private_activity(scene.app, openid=scene.openid)
    assert scene.sim.world.activities[made].openid == scene.openid
    with pytest.raises(WechatError) as refused:
        card.private_activity(scene.app, openid="o-nobody")
    assert refused.value.code == "40003"


def sealed(scene: Scene, plain: bytes, key: str = KEY) -> tuple[str, str]:
    closed = cards.sealed(scene.sim.world, key, plain)
    return closed["iv"], closed["encryptedData"]


def marked(scene: Scene, **changes: Any) -> bytes:
    mark = {"appid": scene.app.appid, "timestamp": int(clock.now().timestamp()), **changes}
    return json.dumps({"activityId": "A", "watermark": mark}).encode()


def test_what_is_sealed_for_us_opens(scene: Scene) -> None:
    for plain in (marked(scene), b'{"activityId": "A"}', b'{"activityId":"A" }   '):
        iv, closed = sealed(scene, plain)
        assert opendata.opened(KEY, iv, closed, scene.app.appid)["activityId"] == "A"


@pytest.mark.parametrize("changes", [{"appid": "wxother"}, {"timestamp": 0}, {"timestamp": "now"}, {"appid": None}])
def test_another_apps_or_an_old_one_does_not(scene: Scene, changes: dict[str, Any]) -> None:
    iv, closed = sealed(scene, marked(scene, **changes))
    with pytest.raises(opendata.Unreadable):
        opendata.opened(KEY, iv, closed, scene.app.appid)


def test_nothing_else_opens(scene: Scene) -> None:
    iv, closed = sealed(scene, marked(scene))
    raw = base64.b64decode(closed)
    spoiled = base64.b64encode(raw[:-1] + bytes([raw[-1] ^ 1])).decode()
    other = base64.b64encode(b"another key of16").decode()
    long = base64.b64encode(bytes(range(32))).decode()
    tries = [
        (other, iv, closed),
        (long, iv, closed),
        (KEY, iv, spoiled),
        (KEY, iv[:-4], closed),
        (KEY, iv, closed[:-4]),
        (KEY, iv, ""),
        (KEY, "?", closed),
        (KEY, *sealed(scene, b"[1]")),
        (KEY, *sealed(scene, b"\xff")),
    ]
    for key, start, text in tries:
        with pytest.raises(opendata.Unreadable):
            opendata.opened(key, start, text, scene.app.appid)
