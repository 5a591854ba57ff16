"""Live cards: made before they are shared, following what they are of, and left alone at its end."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.rate import Bucket, Rate, bucket_key
from chalicelib.core.store import read_one
from chalicelib.notices import cards
from chalicelib.notices.card_items import Card, card_key
from chalicelib.notices.card_making import SPARED
from chalicelib.notices.card_rules import FIRST_LOOK, LEAST_LEFT, MOST, PACE, STARTED
from infra.local.client import Person
from tests.notices.shop import says
from tests.town import Town

HOUR = 3600
DAY = 24 * HOUR


def the_card(town: Town, group: str) -> Card:
    found = read_one(Card, card_key(MerchantId(town.merchant.mid), "group", group))
    assert found is not None
    return found


def said(town: Town, activity_id: str) -> list[str]:
    """What WeChat was told of a card, in its order."""
    answer = town.control("GET", f"/_sim/cards?appid={town.merchant.appid}", {}, None).expect(200)
    (found,) = (one for one in answer["cards"] if one["activity_id"] == activity_id)
    return [
        f"{one['member_count']}/{one['room_limit']}" if one["state"] == 0 else one["path"] for one in found["updates"]
    ]


def made(town: Town) -> int:
    """How many live cards WeChat has made."""
    return sum(not one.openid for one in town.sim.world.activities.values())


def shared(town: Town, **offer: Any) -> tuple[Person, str, str]:
    """A leader who shares his open group: he, the group, and the activity of the card."""
    leader, seat = town.opened(town.campaign(**{"size": 3, "group_seconds": HOUR, **offer}))
    group: str = seat["group_id"]
    return leader, group, leader.group(group)["share"]["card"]["activity_id"]


def failed(capsys: pytest.CaptureFixture[str]) -> int:
    return sum(
        '"CardsFailed"' in line and json.loads(line)["CardsFailed"] for line in capsys.readouterr().out.splitlines()
    )


def test_everybody_sends_the_same_card(town: Town) -> None:
    leader, seat = town.opened(town.campaign(size=3))
    first = leader.group(seat["group_id"])["share"]["card"]
    assert first == {
        "activity_id": first["activity_id"],
        "member_count": 1,
        "room_limit": 3,
        "until": "2026-11-12T12:00:00Z",
    }
    town.joined(seat["group_id"])
    town.person().join(seat["group_id"]).expect(201)
    second = town.person().group(seat["group_id"])["share"]["card"]
    assert second == {**first, "member_count": 2}, "who has not paid is not there yet"
    assert made(town) == 1


def test_a_card_follows_its_group_to_its_start_and_no_further(town: Town) -> None:
    says(town, version="trial")
    leader, group, card = shared(town)
    town.stream()
    assert said(town, card) == [], "it was sent with the count that it has"
    town.joined(group)
    town.stream()
    assert said(town, card) == ["2/3"]
    clock.advance(PACE.total_seconds())
    town.joined(group)
    town.stream()
    page = f"pages/group/index?g={group}"
    assert said(town, card) == ["2/3", page]
    assert town.sim.world.activities[card].updates[-1].parameters["version_type"] == "trial"
    assert leader.group(group)["share"]["card"] is None, "nobody can come any more"
    town.pass_time(DAY, tick=HOUR)
    assert said(town, card) == ["2/3", page]
    assert the_card(town, group).due is None


def test_what_happens_at_once_is_told_at_once_and_the_last_of_it_by_the_sweeper(town: Town) -> None:
    _, group, card = shared(town, size=5)
    for _ in range(3):
        town.joined(group)
        town.stream()
    assert said(town, card) == ["2/5"]
    assert the_card(town, group).due == clock.now() + PACE
    town.pass_time(PACE.total_seconds(), tick=1)
    assert said(town, card) == ["2/5", "4/5"]


def test_what_nobody_tells_of_is_found_by_looks_that_become_rare(town: Town) -> None:
    _, group, card = shared(town, size=5)
    made_at = clock.now()
    town.joined(group)
    town.pass_time(FIRST_LOOK.total_seconds())
    assert said(town, card) == ["2/5"]
    town.joined(group)
    for times in (2, 4, 8):
        assert the_card(town, group).due == made_at + times * FIRST_LOOK
        town.pass_time(times * FIRST_LOOK.total_seconds() / 2, tick=10)
    assert said(town, card) == ["2/5", "3/5"]


def test_the_drain_of_a_group_lets_its_card_start(town: Town) -> None:
    _, group, card = shared(town, size=2)
    town.pass_time(10 * 60)
    town.joined(group)
    town.pass_time(120)
    assert said(town, card) == [f"pages/group/index?g={group}"]
    assert the_card(town, group).due is None


def test_a_failed_group_keeps_its_last_count_and_its_page_tells_the_end(town: Town) -> None:
    leader, group, card = shared(town)
    share = leader.group(group)["share"]
    town.joined(group)
    town.stream()
    town.pass_time(HOUR + 120)
    town.stream()
    assert said(town, card) == ["2/3"]
    assert the_card(town, group).due is None
    friend = town.person()
    opened = friend.api.post("/v1/entries", {"query": share["path"].partition("?")[2], "scene_value": 1007})
    assert (opened["open"]["kind"], opened["open"]["id"]) == ("group", group)
    page = friend.group(group)
    assert (page["status"], page["why"], page["may_join"]) == ("failed", "expired", False)
    assert page["why_not"]["next"], "what he can do instead"
    assert page["share"]["card"] is None


def test_a_group_that_succeeded_tells_who_comes_by_its_card(town: Town) -> None:
    _, group, _ = shared(town, size=2)
    town.joined(group)
    friend = town.person()
    page = friend.group(group)
    assert (page["status"], page["may_join"]) == ("succeeded", False)
    assert page["why_not"]["next"]


def test_an_expired_card_ends_quietly_and_a_refused_one_is_counted(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    leader, group, card = shared(town, size=5)
    town.sim.world.activities[card].made_at -= timedelta(days=1)
    town.joined(group)
    town.stream()
    assert [one.ended for one in the_card(town, group).activities] == ["47504"]
    assert failed(capsys) == 0
    another = leader.group(group)["share"]["card"]["activity_id"]
    assert another != card
    assert the_card(town, group).due == clock.now() + FIRST_LOOK
    clock.advance(PACE.total_seconds())
    del town.sim.world.activities[another]
    town.joined(group)
    town.stream()
    assert [one.ended for one in the_card(town, group).activities] == ["47504", "47501"]
    assert failed(capsys) == 1


def test_a_card_is_renewed_before_its_end_and_both_follow(town: Town) -> None:
    leader, group, first = shared(town, size=5, group_seconds=2 * DAY, shipping={"within_hours": 72})
    town.pass_time(DAY - LEAST_LEFT.total_seconds(), tick=HOUR)
    leader.come_back()
    assert leader.group(group)["share"]["card"]["activity_id"] == first
    clock.advance(1)
    second = leader.group(group)["share"]["card"]["activity_id"]
    assert second != first
    town.joined(group)
    town.stream()
    assert (said(town, first), said(town, second)) == (["2/5"], ["2/5"])
    town.pass_time(HOUR)
    town.joined(group)
    town.stream()
    assert (said(town, first), said(town, second)) == (["2/5"], ["2/5", "3/5"])
    town.pass_time(DAY, tick=HOUR)
    assert the_card(town, group).due is None, "nothing lives that could be changed"


def test_of_one_group_few_cards_live_at_a_time(town: Town) -> None:
    leader, group, _ = shared(town, size=5)
    for _ in range(3):
        town.sim.world.activities.clear()
        town.joined(group)
        town.stream()
        clock.advance(PACE.total_seconds())
        leader.group(group)
    assert len(the_card(town, group).activities) == MOST
    assert leader.group(group)["share"]["card"] is None


def test_a_look_waits_for_a_silent_wechat_once_in_a_while(town: Town) -> None:
    leader, seat = town.opened(town.campaign(size=3))
    town.act("/_sim/faults", endpoint="activity", kind="unreachable")
    for _ in range(2):
        assert leader.group(seat["group_id"])["share"]["card"] is None
    clock.advance(SPARED.total_seconds())
    assert leader.group(seat["group_id"])["share"]["card"] is not None


def test_a_merchant_may_do_without(town: Town) -> None:
    says(town, cards=False)
    leader, seat = town.opened(town.campaign(size=3))
    assert leader.group(seat["group_id"])["share"]["card"] is None
    assert made(town) == 0


def test_an_answer_that_was_lost_is_no_failure(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    _, group, card = shared(town, size=3)
    town.act("/_sim/faults", endpoint="card", kind="lost", count=2)
    town.joined(group)
    town.stream()
    waits = the_card(town, group).due
    bucket = read_one(Bucket, bucket_key(MerchantId(town.merchant.mid), cards.API))
    assert bucket is not None and bucket.most == cards.CALLS.slow
    town.joined(group)
    town.stream()
    assert the_card(town, group).due == waits, "whoever waits for WeChat is not disturbed"
    town.pass_time(HOUR)
    assert said(town, card) == ["2/3", f"pages/group/index?g={group}"]
    assert [one.ended for one in the_card(town, group).activities] == [STARTED]
    assert failed(capsys) == 0


def test_what_is_told_while_somebody_tells_wechat_is_not_forgotten(town: Town) -> None:
    _, group, card = shared(town, size=5)
    mate = town.person()
    seat = mate.join(group).expect(201)
    town.joined(group)

    before = town.transport.arrives

    def meanwhile(method: str, path: str, body: bytes) -> None:
        if path.endswith("/updatablemsg/send"):
            town.transport.arrives = before
            mate.pay(seat).expect(200)
            town.hear()
            town.stream()

    town.transport.arrives = meanwhile
    town.stream()
    assert said(town, card) == ["2/5"]
    assert the_card(town, group).due == clock.now() + PACE
    town.pass_time(PACE.total_seconds(), tick=1)
    assert said(town, card) == ["2/5", "3/5"]


def test_merchants_cards_share_a_rate(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "CALLS", Rate(1, 1))
    groups = [shared(town, size=5)[1:] for _ in range(2)]
    for group, _ in groups:
        town.joined(group)
    town.stream()
    assert sorted(said(town, card) for _, card in groups) == [[], ["2/5"]]
    town.pass_time(1, tick=1)
    assert [said(town, card) for _, card in groups] == [["2/5"], ["2/5"]]
