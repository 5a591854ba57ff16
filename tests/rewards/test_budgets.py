"""A campaign's budgets: shown over all shards, topped up and released exactly, whatever is drawn meanwhile."""

from __future__ import annotations

from chalicelib.campaigns import stock
from chalicelib.campaigns.items import Campaign
from chalicelib.core import clock
from tests import invariants
from tests.bargain.shop import offer as bargain_offer
from tests.bargain.shop import started
from tests.rewards import shop
from tests.rewards.shop import budgets, change, shards
from tests.town import Town


def sound(town: Town) -> None:
    invariants.check(town.books())


def test_a_budget_is_shown_over_all_shards(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer(fen=10_000, points=None))
    shop.promise(town, campaign, ann, "one", 300)
    shop.give(town, campaign, ann, "two", 200)
    (found,) = budgets(town, campaign).values()
    assert len(shards(town, campaign)) > 1
    assert (found["said"], found["added"], found["total"]) == (10_000, 0, 10_000)
    assert (found["left"], found["taken"], found["used_percent"], found["low"]) == (9500, 500, 5, False)
    assert found["hours"] == []
    sound(town)


def test_a_campaign_that_gives_nothing_has_none(town: Town) -> None:
    campaign = town.campaign()
    assert budgets(town, campaign) == {}
    refused = change(town, campaign, "top-up", 100).expect(422)
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("budget_unknown", "/budget")
    draft = town.admin.post("/v1/admin/campaigns", {"offer": shop.offer()})["campaign_id"]
    town.admin.call("GET", f"/v1/admin/campaigns/{draft}/budget").expect(404)
    change(town, draft, "top-up", 100).expect(404)
    change(town, campaign, "top-up", 0).expect(422)


def test_a_top_up_is_spread_and_happens_once(town: Town) -> None:
    campaign = town.campaign(shop.offer(fen=10_000))
    before = [shard.left for shard in shards(town, campaign)]
    change(town, campaign, "top-up", 1007, key="one-key-to-top-it-up").expect(200)
    change(town, campaign, "top-up", 1007, key="one-key-to-top-it-up").expect(200)
    assert change(town, campaign, "top-up", 9, key="one-key-to-top-it-up").expect(409)
    found = budgets(town, campaign)
    assert (found["fen"]["said"], found["fen"]["added"], found["fen"]["total"]) == (10_000, 1007, 11_007)
    assert found["points"]["added"] == 0
    after = [shard.left for shard in shards(town, campaign)]
    more = [b - a for a, b in zip(before, after, strict=True)]
    assert (sum(more), max(more) - min(more)) == (1007, 1)
    assert shop.audited(town, "campaign.budget.top-up")[1] == {"budget": "fen", "amount": "1007"}
    sound(town)


def test_what_is_used_up_is_there_again(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer(fen=100))
    assert shop.promise(town, campaign, ann, "one")
    assert not shop.promise(town, campaign, ann, "two")
    change(town, campaign, "top-up", 100).expect(200)
    assert shop.promise(town, campaign, ann, "two")
    assert budgets(town, campaign)["fen"]["used_percent"] == 100
    sound(town)


def test_this_process_looks_again(town: Town) -> None:
    campaign = town.campaign(shop.offer(fen=100))
    (shard,) = shards(town, campaign)
    stock._short[shard.mid, shard.cid, "~fen"] = clock.now() + stock.SHORT_FOR, 100
    change(town, campaign, "top-up", 1).expect(200)
    assert (shard.mid, shard.cid, "~fen") not in stock._short


def test_only_what_is_free_is_released(town: Town) -> None:
    ann, campaign = town.person("ann"), town.campaign(shop.offer(fen=10_000))
    shop.promise(town, campaign, ann, "one", 400)
    refused = change(town, campaign, "release", 9601).expect(409)
    assert (refused["code"], refused["left"], refused["errors"][0]["pointer"]) == ("budget_short", 9600, "/amount")
    change(town, campaign, "release", 9600).expect(200)
    found = budgets(town, campaign)["fen"]
    assert (found["left"], found["taken"], found["added"], found["total"]) == (0, 400, -9600, 400)
    sound(town)
    shop.undo(town, ann, "one")
    assert budgets(town, campaign)["fen"]["left"] == 400
    change(town, campaign, "release", 400).expect(200)
    assert budgets(town, campaign)["fen"]["total"] == 0
    sound(town)


def test_a_bargains_budget_is_one_too(town: Town) -> None:
    campaign = town.campaign(bargain_offer(budget_fen=6000))
    ann, ben = town.person("ann"), town.person("ben")
    started(ann, campaign)
    found = budgets(town, campaign)["budget"]
    assert (found["currency"], found["total"], found["taken"] > 0) == ("fen", 6000, True)
    change(town, campaign, "top-up", 6000, budget="budget").expect(200)
    started(ben, campaign)
    sound(town)
    change(town, campaign, "release", 1, budget="budget").expect(200, 409)
    sound(town)


def test_the_campaign_remembers_what_was_added(town: Town) -> None:
    campaign = town.campaign(shop.offer())
    change(town, campaign, "top-up", 500).expect(200)
    change(town, campaign, "release", 200).expect(200)
    change(town, campaign, "top-up", 7, budget="points").expect(200)
    (own,) = (item for item in town.items() if isinstance(item, Campaign))
    assert own.added == {"~fen": 300, "~points": 7}
    sound(town)
