"""What people find, and what they are told before they pay."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.groupbuy.rules import LAST_HOLD
from infra.local.client import Person
from tests import invariants
from tests.campaigns.newcomers import new_only
from tests.town import Town


def offered(person: Person, campaign: str) -> list[str]:
    groups = person.api.get(f"/v1/campaigns/{campaign}/groups")["groups"]
    return [group["group_id"] for group in groups]


def quote(person: Person, campaign: str, **asked: Any) -> dict[str, Any]:
    told: dict[str, Any] = person.api.post(f"/v1/campaigns/{campaign}/quote", asked)
    return told


def test_who_lacks_fewest_is_offered_first_and_then_what_ends_soonest(town: Town) -> None:
    campaign = town.campaign(size=4, group_seconds=7200)
    groups = []
    for _ in range(4):
        groups.append(town.opened(campaign)[1]["group_id"])
        clock.advance(60)
    town.joined(groups[2])
    for _ in range(2):
        town.joined(groups[3])
    assert offered(town.person(), campaign) == [groups[3], groups[2], groups[0], groups[1]]


def test_all_groups_are_found_wherever_the_index_has_them(town: Town) -> None:
    campaign = town.campaign(size=4)
    groups = {town.opened(campaign)[1]["group_id"] for _ in range(30)}
    assert set(offered(town.person(), campaign)) == groups


def test_a_group_that_takes_nobody_any_more_is_not_offered(town: Town) -> None:
    campaign = town.campaign(size=3, group_seconds=3600)
    _, opened = town.opened(campaign)
    stranger = town.person()
    clock.advance(3600 - LAST_HOLD.total_seconds())
    assert offered(stranger, campaign) == [opened["group_id"]]
    clock.advance(1)
    assert offered(stranger, campaign) == []


def test_a_pending_group_is_its_leaders_alone(town: Town) -> None:
    campaign = town.campaign()
    leader, stranger = town.person("leader"), town.person("stranger")
    group = leader.open(campaign).expect(201)["group_id"]
    for person, seen in ((leader, 1), (stranger, 0)):
        assert len(person.api.get(f"/v1/groups/cards?ids={group}")["groups"]) == seen
        assert person.api.call("GET", f"/v1/groups/{group}").status == (200 if seen else 404)
        assert offered(person, campaign) == []


def test_a_seat_that_was_given_up_is_nobodys(town: Town) -> None:
    _, opened = town.opened(town.campaign())
    member = town.person()
    seat = member.join(opened["group_id"]).expect(201)
    assert len(member.group(opened["group_id"])["members"]) == 2
    member.api.post(f"/v1/orders/{seat['order_id']}/cancel")
    town.minute()
    page = member.group(opened["group_id"])
    assert (len(page["members"]), page["have"], page["my_seat"]["state"]) == (1, 1, "released")


def test_a_quote_is_for_all_units_of_a_seat_and_says_what_is_promised(town: Town) -> None:
    skus = [{**town.sku(), "leader_price_fen": 5900}]
    person = town.person()
    refunding = town.campaign(units_per_seat=3, skus=skus)
    leads = quote(person, refunding, role="leader")
    assert (leads["total_fen"], leads["quantity"]) == (3 * 5900, 3)
    assert sum(line["amount_fen"] for line in leads["lines"]) == leads["total_fen"]
    joins = quote(person, refunding)
    assert joins["total_fen"] == 3 * 6900
    told = [promise["en"] for promise in leads["promises"]]
    assert told[0].startswith("If too few units are left")
    assert told[1:] == [promise["en"] for promise in joins["promises"]]
    assert joins["promises"][0]["en"].startswith("A group that does not fill by its end is refunded")
    honouring = quote(person, town.campaign(at_expiry="honour_price"))
    assert honouring["promises"][0]["en"].startswith("If it does not fill by its end, whoever paid keeps")


@pytest.mark.parametrize("act", ["pause", "end"])
def test_what_does_not_run_is_not_quoted_opened_or_sold(town: Town, act: str) -> None:
    campaign = town.campaign()
    town.admin.post(f"/v1/admin/campaigns/{campaign}/{act}")
    person = town.person()
    asked = person.api.call("POST", f"/v1/campaigns/{campaign}/quote", {})
    for answer in (asked, person.open(campaign), person.buy(campaign)):
        assert (answer.status, answer.body["code"]) == (409, "campaign_not_running")


def test_the_page_says_that_only_new_users_may_join(town: Town) -> None:
    campaign = town.campaign(size=2, **new_only())
    leader, first = town.opened(campaign)
    town.joined(first["group_id"])
    town.minute()
    _, other = town.opened(campaign)
    assert town.person().group(other["group_id"])["may_join"]
    page = leader.group(other["group_id"])
    assert (page["may_join"], page["why_not"]["code"]) == (False, "new_users_only")


def test_a_seat_is_not_payable_past_its_groups_end(town: Town) -> None:
    campaign = town.campaign(group_seconds=3600, pay_window_seconds=1800)
    _, opened = town.opened(campaign)
    clock.advance(3600 - 600)
    member = town.person()
    seat = member.join(opened["group_id"]).expect(201)
    assert seat["pay_until"] == member.group(opened["group_id"])["ends_at"]


def test_closing_a_group_is_written_down_and_takes_it_off_the_list(town: Town) -> None:
    campaign = town.campaign(size=3, at_expiry="honour_price")
    leader, opened = town.opened(campaign)
    town.admin.post(f"/v1/admin/groups/{opened['group_id']}/close")
    assert offered(town.person(), campaign) == []
    invariants.check(town.items())
    town.minute()
    page = leader.group(opened["group_id"])
    assert (page["status"], page["why"]) == ("failed", "closed")
    done = [entry["action"] for entry in town.admin.get("/v1/admin/audit")["entries"]]
    assert "group.close" in done
