"""What a merchant owes in cash is known to the fen at any moment, campaign by campaign."""

from __future__ import annotations

import msgspec
import pytest

from chalicelib.campaigns.gifts import AsCash
from chalicelib.cash import liability, rules
from chalicelib.core import clock
from chalicelib.core.ids import CampaignId
from chalicelib.core.store import Contended
from infra.local.client import Api
from tests.cash import books_shop as books
from tests.cash import shop
from tests.orders.mornings import morning
from tests.rewards import shop as rewards
from tests.town import Town, send

NOTHING = dict.fromkeys(("promised_fen", "claimable_fen", "in_flight_fen", "owed_fen", "paid_fen", "returned_fen"), 0)


def sums(town: Town, campaign: str) -> tuple[int, ...]:
    """Free, promised, claimable, in flight, paid, returned."""
    told = books.owed(town, campaign)
    assert told["owed_fen"] == told["promised_fen"] + told["claimable_fen"] + told["in_flight_fen"]
    assert told["total_fen"] == told["free_fen"] + told["owed_fen"] + told["paid_fen"]
    names = ("free", "promised", "claimable", "in_flight", "paid", "returned")
    return tuple(told[f"{name}_fen"] for name in names)


def test_each_fen_of_a_budget_is_in_one_place_from_the_promise_to_the_payment(town: Town) -> None:
    campaign, ann, ben = books.opened(town), town.person("ann"), town.person("ben")
    assert sums(town, campaign) == (100_000, 0, 0, 0, 0, 0)
    rewards.promise(town, campaign, ann, shop.REF, 300, shop.AT_ONCE, seconds=60)
    assert sums(town, campaign) == (99_700, 300, 0, 0, 0, 0)
    clock.advance(60)
    rewards.fall_due(town, ann, shop.REF)
    assert sums(town, campaign) == (99_700, 0, 300, 0, 0, 0)
    tapped = shop.tap(town, ann)
    assert sums(town, campaign) == (99_700, 0, 0, 300, 0, 0)
    shop.given(town, campaign, ben, form=AsCash(hold_days=90, claim_days=30))
    shop.confirm(town, tapped, ann)
    assert sums(town, campaign) == (99_600, 0, 100, 0, 300, 0)
    rewards.undo(town, ben, shop.REF)
    town.pass_time(120)
    assert sums(town, campaign) == (99_700, 0, 0, 0, 300, 100)
    assert books.owed(town, campaign)["steady"]


def test_what_is_put_to_a_budget_is_of_its_total(town: Town) -> None:
    campaign = books.opened(town)
    rewards.change(town, campaign, "top-up", 500, "cash").expect(200)
    assert books.owed(town, campaign)["total_fen"] == 100_500
    rewards.change(town, campaign, "release", 1_500, "cash").expect(200)
    assert books.owed(town, campaign) | {"now": 0} == {
        "campaign_id": campaign,
        "total_fen": 99_000,
        "free_fen": 99_000,
        **NOTHING,
        "steady": True,
        "paused": None,
        "now": 0,
    }


def test_a_campaign_whose_cash_waits_says_why_and_until_when(town: Town) -> None:
    campaign, ann = books.opened(town, fen=0), town.person("ann")
    shop.given(town, campaign, ann)
    since = clock.now()
    shop.tap(town, ann)
    told = books.owed(town, campaign)["paused"]
    assert told["why"] == "NOT_ENOUGH"
    assert (told["since"], told["until"]) == (rewards.told(since), rewards.told(since + rules.PAUSE))
    shop.fill(town)
    town.pass_time(600)
    assert books.owed(town, campaign)["paused"] is None


def test_all_campaigns_that_give_cash_are_listed_beside_the_account(town: Town) -> None:
    first, seen_at = books.opened(town), clock.now()
    town.campaign()
    second = town.campaign(shop.offer())
    clock.advance(60)
    books.paid(town, second, town.person("ann"))
    town.admin.post(f"/v1/admin/campaigns/{second}/end")
    town.admin.post("/v1/admin/campaigns", {"offer": shop.offer()})
    told = town.admin.get("/v1/admin/cash/liability?limit=50")
    assert {one["campaign_id"] for one in told["campaigns"]} == {first, second}
    assert {one["campaign_id"]: one["paid_fen"] for one in told["campaigns"]} == {first: 0, second: 100}
    said = {"balance_fen": 10_000_000, "seen_by": "merchant", "seen_at": rewards.told(seen_at)}
    assert told["operations"] == said
    morning(town)
    told = town.admin.get("/v1/admin/cash/liability")
    assert told["operations"]["balance_fen"] == 99_900


def test_the_list_comes_in_pages_that_have_each_campaign_once(town: Town) -> None:
    campaigns = {books.opened(town, fen=0), *(town.campaign(shop.offer()) for _ in range(4))}
    town.campaign()
    found, cursor = list[str](), ""
    while True:
        page = town.admin.get(f"/v1/admin/cash/liability?limit=2{cursor}")
        found += [one["campaign_id"] for one in page["campaigns"]]
        if page["cursor"] is None:
            break
        cursor = f"&cursor={page['cursor']}"
    assert (sorted(found), len(found)) == (sorted(campaigns), 5)


def test_a_campaign_without_cash_owes_nothing_and_one_that_is_not_there_is_not(town: Town) -> None:
    told = books.owed(town, town.campaign())
    assert {name: told[name] for name in ("total_fen", "free_fen", *NOTHING)} == {
        "total_fen": 0,
        "free_fen": 0,
        **NOTHING,
    }
    assert town.admin.get("/v1/admin/cash/liability")["operations"] is None
    assert town.admin.call("GET", "/v1/admin/campaigns/NOBODYS/cash", None).status == 404
    campaign = books.opened(town)
    other = Api(send, town.second().api_key)
    assert other.call("GET", f"/v1/admin/campaigns/{campaign}/cash", None).status == 404
    assert other.get("/v1/admin/cash/liability")["campaigns"] == []


def test_a_campaign_that_is_written_all_the_time_is_told_and_said_not_to_be_steady(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = books.opened(town)
    books.asked(town, campaign, town.person())

    def contended(*keys: object) -> None:
        raise Contended

    mid, cid = shop.mid_of(town), CampaignId(campaign)
    steady = liability.of_campaign(mid, cid)
    monkeypatch.setattr(liability, "read_whole", contended)
    assert liability.of_campaign(mid, cid) == msgspec.structs.replace(steady, steady=False)
