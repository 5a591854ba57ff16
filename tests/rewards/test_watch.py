"""Spending is watched: seen within a minute, warned of once, and a campaign that runs away is paused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.core import clock, consumers
from chalicelib.rewards.items import Watch
from infra.local.client import Person
from tests import invariants
from tests.proof.stage import rest
from tests.rewards import shop
from tests.rewards.shop import budgets, change, shards
from tests.town import Context, Town

FIRST = 1000


def watch(town: Town) -> Watch:
    (found,) = (item for item in town.items() if isinstance(item, Watch))
    return found


def settle(town: Town) -> None:
    """The stream tells, and somebody looks until nothing moves."""
    town.stream()
    town.pass_time(180, tick=30)


def metrics(capsys: pytest.CaptureFixture[str], name: str) -> list[dict[str, Any]]:
    """Every line of a metric since the last look."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    return [line for line in lines if name in line]


def hours(town: Town, campaign: str, person: Person, *amounts: int) -> None:
    """Hours in which so much was drawn."""
    for n, amount in enumerate(amounts):
        shop.promise(town, campaign, person, f"hour-{clock.now():%d%H}-{n}", amount, seconds=90 * 86_400)
        settle(town)
        clock.advance(3600 - 180)


def test_what_moves_is_seen_within_a_minute(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer())
    town.stream()
    assert not [item for item in town.items() if isinstance(item, Watch)], "nothing moved yet"
    shop.promise(town, campaign, ann, "one", 300)
    shop.promise(town, campaign, ann, "two", 200)
    town.stream()
    own = watch(town)
    assert own.due is not None and 0 < (own.due - clock.now()).total_seconds() <= 60
    town.pass_time(60)
    assert watch(town).paces is not None
    (hour,) = budgets(town, campaign)["fen"]["hours"]
    assert hour["drawn"] == 500
    town.pass_time(60)
    assert watch(town).due is None, "nothing moves any more"
    shop.promise(town, campaign, ann, "three", 100)
    settle(town)
    assert [hour["drawn"] for hour in budgets(town, campaign)["fen"]["hours"]] == [600]
    invariants.check(town.books())


def test_records_that_are_repeated_or_lost_do_not_matter(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer())
    shop.promise(town, campaign, ann, "lost", 300)
    town._is_new(next(s.serialize() for s in shards(town, campaign) if s.taken), [])
    shop.promise(town, campaign, ann, "told", 200)
    records = [{"dynamodb": {"NewImage": shard.serialize()}} for shard in shards(town, campaign)] * 3
    consumers.streamed({"Records": records}, Context())
    assert watch(town).asked == 1, "one write for a batch"
    town.pass_time(120)
    assert [hour["drawn"] for hour in budgets(town, campaign)["fen"]["hours"]] == [500]


def test_what_moves_during_a_look_is_looked_at_again(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer())
    shop.promise(town, campaign, ann, "one", 300)
    town.stream()
    town.pass_time(60)
    shop.promise(town, campaign, ann, "two", 300)
    town.stream()
    assert watch(town).due is not None
    town.pass_time(120)
    assert [hour["drawn"] for hour in budgets(town, campaign)["fen"]["hours"]] == [600]


def test_it_is_warned_once_at_four_fifths(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer(fen=FIRST))
    shop.promise(town, campaign, ann, "one", 790)
    settle(town)
    assert (metrics(capsys, "BudgetLow"), budgets(town, campaign)["fen"]["low"]) == ([], False)
    shop.promise(town, campaign, ann, "two", 10)
    settle(town)
    assert len(metrics(capsys, "BudgetLow")) == 1
    assert budgets(town, campaign)["fen"]["low"]
    assert shop.audited(town, "campaign.budget-low") == ("system", {"fen": "800 of 1000"})
    shop.promise(town, campaign, ann, "three", 50)
    settle(town)
    assert metrics(capsys, "BudgetLow") == []
    change(town, campaign, "top-up", 1000).expect(200)
    settle(town)
    shop.promise(town, campaign, ann, "four", 750)
    settle(town)
    assert len(metrics(capsys, "BudgetLow")) == 1, "a larger budget is warned of anew"


def test_a_campaign_that_runs_away_is_paused(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer())
    hours(town, campaign, ann, *[FIRST] * 6)
    ann.come_back()
    shop.promise(town, campaign, ann, "much", 5000, seconds=90 * 86_400)
    settle(town)
    assert budgets(town, campaign)["fen"]["hours"][-1]["drawn"] == 5000
    assert town.admin.get(f"/v1/admin/campaigns/{campaign}")["status"] == "published", "just five times"
    shop.promise(town, campaign, ann, "more", 1, seconds=90 * 86_400)
    settle(town)
    assert town.admin.get(f"/v1/admin/campaigns/{campaign}")["status"] == "paused"
    assert len(metrics(capsys, "SpendingPaused")) == 1
    assert shop.audited(town, "campaign.pause") == ("system", {"budget": "fen", "drawn": "5001"})
    invariants.check(town.books())


def test_whoever_resumes_it_has_decided_for_that_hour(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer())
    hours(town, campaign, ann, *[FIRST] * 6)
    shop.promise(town, campaign, ann, "much", 6000, seconds=90 * 86_400)
    settle(town)
    town.admin.post(f"/v1/admin/campaigns/{campaign}/resume")
    capsys.readouterr()
    shop.promise(town, campaign, ann, "more", 6000, seconds=90 * 86_400)
    settle(town)
    assert town.admin.get(f"/v1/admin/campaigns/{campaign}")["status"] == "published"
    assert metrics(capsys, "SpendingPaused") == []


def test_few_hours_or_little_money_pause_nothing(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer(fen=1_000_000))
    hours(town, campaign, ann, *[FIRST] * 5)
    shop.promise(town, campaign, ann, "much", 90_000, seconds=90 * 86_400)
    settle(town)
    clock.advance(3600)
    assert town.admin.get(f"/v1/admin/campaigns/{campaign}")["status"] == "published", "five hours are known"
    shop.promise(town, campaign, ann, "little", 49_999, seconds=90 * 86_400)
    settle(town)
    assert town.admin.get(f"/v1/admin/campaigns/{campaign}")["status"] == "published", "under a twentieth of it"


def test_a_campaign_that_has_ended_is_left_ended(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer())
    hours(town, campaign, ann, *[FIRST] * 6)
    town.admin.post(f"/v1/admin/campaigns/{campaign}/end")
    capsys.readouterr()
    shop.promise(town, campaign, ann, "much", 6000, seconds=90 * 86_400)
    settle(town)
    assert town.admin.get(f"/v1/admin/campaigns/{campaign}")["status"] == "ended"
    assert metrics(capsys, "SpendingPaused") == []


def test_it_rests_when_all_is_seen(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer())
    shop.promise(town, campaign, ann, "one", 300)
    quiet = rest(town)
    invariants.at_rest(town.books(), town.sim.world, quiet)
