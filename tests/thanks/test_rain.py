"""A rain: announced gifts of announced amounts, one a person and burst, while any is left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.campaigns.gifts import Currency
from chalicelib.core import clock
from infra.local.client import Person
from tests import invariants
from tests.campaigns.rewards import BALANCE, POINTS, rain_offer, told_of_rain
from tests.thanks.shop import (
    GROWN,
    LOOKED,
    bursts,
    claim,
    claims,
    coupons,
    has,
    left,
    pouring,
    raining,
    ticket,
    wait_for,
)
from tests.town import Town


def grown(town: Town, *names: str, **changes: Any) -> tuple[str, list[Person]]:
    """A rain, and people who are no longer new; its first burst has begun for two seconds and more."""
    people = [town.person(name) for name in names]
    clock.advance(GROWN)
    campaign = raining(town, **changes)
    wait_for(town.admin.get(f"/v1/admin/campaigns/{campaign}/bursts"), 1)
    return campaign, people


def ranked(town: Town, person: Person, rank: int) -> None:
    """WeChat thinks so of somebody."""
    town.act("/_sim/ranks", name=person.name, rank=rank)


def takes(person: Person, campaign: str, burst: int = 1) -> Any:
    """Look, then claim."""
    given = ticket(person, campaign)
    clock.advance(LOOKED)
    return claims(person, campaign, burst, given)


def test_everybody_who_claims_gets_what_was_announced(town: Town) -> None:
    campaign, (ann, ben) = grown(town, "ann", "ben")
    page = bursts(ann, campaign)
    assert [(b["burst"], b["count"], b["gift"]["amount"], b["state"]) for b in page["bursts"]] == [
        (1, 100, 200, "running"),
        (2, 50, 500, "coming"),
    ]
    assert (page["may_claim"], page["why_not"], page["bursts"][0]["left"]) == (True, None, "plenty")
    for person in (ann, ben):
        answer = takes(person, campaign).expect(201)
        assert (answer["my_claim"]["state"], answer["my_claim"]["gift"]["amount"]) == ("granted", 200)
    town.minute()
    assert [(len(coupons(town, who)), coupons(town, who)[0].terms.off.most_fen) for who in (ann, ben)] == [(1, 200)] * 2
    assert left(town, campaign, "~burst.1") == 98
    invariants.check(town.books())


def test_one_gets_one_of_a_burst_whatever_key_he_asks_with(town: Town) -> None:
    campaign, (ann,) = grown(town, "ann")
    first = takes(ann, campaign).expect(201)
    again = takes_with(ann, campaign, "any ticket")
    assert (again["my_claim"], left(town, campaign, "~burst.1")) == (first["my_claim"], 99)
    page = bursts(ann, campaign)
    assert (page["may_claim"], page["why_not"], page["help_ticket"]) == (False, None, None)
    assert page["bursts"][0]["my_claim"]["state"] == "granted"


def takes_with(person: Person, campaign: str, help_ticket: str) -> Any:
    return claims(person, campaign, 1, help_ticket).expect(201)


@pytest.mark.parametrize(("form", "currency"), [(BALANCE, Currency.FEN), (POINTS, Currency.POINTS)])
def test_it_comes_in_its_form(town: Town, form: dict[str, Any], currency: Currency) -> None:
    campaign, (ann,) = grown(town, "ann", form=form)
    ranked(town, ann, 0)
    takes(ann, campaign).expect(201)
    town.minute()
    assert has(town, ann, currency) == 200
    invariants.check(town.books())


def test_a_burst_has_a_beginning_and_an_end(town: Town) -> None:
    ann = town.person("ann")
    clock.advance(GROWN)
    campaign = raining(town)
    early = bursts(ann, campaign)
    assert (early["may_claim"], early["why_not"]["code"]) == (False, "burst_not_yet")
    clock.advance(290)
    given = bursts(ann, campaign)["help_ticket"]
    assert claims(ann, campaign, 1, given).expect(409)["code"] == "burst_not_yet"
    clock.advance(9.999)
    assert claims(ann, campaign, 1, given).expect(409)["code"] == "burst_not_yet"
    clock.advance(60.001)
    claims(ann, campaign, 1, given).expect(201)
    ben = town.person("ben")
    clock.advance(0.001)
    assert claims(ben, campaign, 1, given).expect(409)["code"] == "burst_over"
    over = bursts(ben, campaign)
    assert (over["bursts"][0]["state"], over["help_ticket"], over["why_not"]["code"]) == ("over", None, "burst_not_yet")
    for number in (0, 3, "one"):
        assert claims(ann, campaign, number, given).status == 404  # type: ignore[arg-type]
    clock.advance(86_400)
    ben.come_back()
    assert bursts(ben, campaign)["why_not"]["code"] == "burst_over"


def test_the_last_one_is_somebodys_and_the_next_is_told(town: Town) -> None:
    burst = rain_offer(clock.now() + timedelta(seconds=GROWN))["bursts"][0]
    campaign, (ann, ben) = grown(town, "ann", "ben", bursts=[{**burst, "count": 1}])
    bens = ticket(ben, campaign)
    takes(ann, campaign).expect(201)
    assert claims(ben, campaign, 1, bens).expect(409)["code"] == "burst_gone"
    page = bursts(ben, campaign)
    assert (page["bursts"][0]["left"], page["bursts"][0]["left_said"]) == ("none", "已领完")
    assert (page["may_claim"], page["why_not"]["code"], page["help_ticket"]) == (False, "burst_gone", None)


def test_one_looks_before_he_claims(town: Town) -> None:
    campaign, (ann, ben) = grown(town, "ann", "ben")
    given = ticket(ann, campaign)
    assert claims(ann, campaign, 1, given).expect(409)["code"] == "help_too_fast"
    clock.advance(LOOKED)
    assert claims(ben, campaign, 1, given).expect(422)["code"] == "help_ticket_unfit"
    claims(ann, campaign, 1, given).expect(201)


def test_of_so_many_bursts_one_may_claim(town: Town) -> None:
    campaign, (ann,) = grown(town, "ann", bursts_each=1)
    takes(ann, campaign).expect(201)
    wait_for(bursts(ann, campaign), 2)
    page = bursts(ann, campaign)
    assert (page["bursts_each"], page["why_not"]["code"]) == (1, "burst_limit")
    assert claims(ann, campaign, 2, "none").expect(409)["code"] == "burst_limit"
    takes_with(ann, campaign, "again")
    invariants.check(town.books())


def test_only_new_users_may_claim_where_it_says_so(town: Town) -> None:
    sheet = {**told_of_rain(), "eligibility": "活动开始后首次访问的用户可以领取。"}
    old = town.person("old")
    clock.advance(7200)
    old.come_back()
    new = {"definition": "never_seen"}
    campaign = raining(town, who_may_claim="new_user", new_user=new, rule_sheet=sheet)
    ann = town.person("ann")
    wait_for(bursts(ann, campaign), 1)
    assert bursts(old, campaign)["why_not"]["code"] == "new_claimers_only"
    assert claims(old, campaign, 1, "none").expect(409)["code"] == "new_claimers_only"
    takes(ann, campaign).expect(201)


@pytest.mark.parametrize("form", [BALANCE, POINTS])
def test_what_is_doubtful_waits_for_the_merchant(town: Town, form: dict[str, Any]) -> None:
    campaign, (ann,) = grown(town, "ann", form=form)
    ranked(town, ann, 1 if form is BALANCE else 3)
    answer = takes(ann, campaign).expect(201)
    assert (answer["my_claim"]["state"], answer["detail"]) == ("checking", "已提交，正在确认")
    town.minute()
    waits = claim(town, ann, campaign, 1)
    assert waits is not None and waits.state.value == "review" and waits.note
    clock.advance(8 * 86_400)
    town.minute()
    ended = claim(town, ann, campaign, 1)
    assert ended is not None and ended.state.value == ("void" if form is BALANCE else "granted")
    assert left(town, campaign, "~burst.1") == (100 if form is BALANCE else 99)
    ann.come_back()
    assert bursts(ann, campaign)["bursts"][0]["my_claim"]["state"] == ("not_given" if form is BALANCE else "granted")
    invariants.check(town.books())


def test_what_is_denied_writes_nothing_and_says_nothing(town: Town) -> None:
    campaign, (ann,) = grown(town, "ann")
    ranked(town, ann, 4)
    answer = takes(ann, campaign).expect(409)
    assert (answer["code"], answer["detail"]) == ("claim_refused", "暂时无法领取")
    assert claim(town, ann, campaign, 1) is None
    assert left(town, campaign, "~burst.1") == 100


def test_nobody_claims_of_a_campaign_that_is_paused(town: Town) -> None:
    campaign, (ann,) = grown(town, "ann")
    given = ticket(ann, campaign)
    clock.advance(LOOKED)
    town.admin.post(f"/v1/admin/campaigns/{campaign}/pause")
    assert claims(ann, campaign, 1, given).expect(409)["code"] == "campaign_not_running"
    assert bursts(ann, campaign)["why_not"]["code"] == "campaign_not_running"


def test_its_merchant_sees_what_nobody_claimed(town: Town) -> None:
    campaign, (ann,) = grown(town, "ann")
    takes(ann, campaign).expect(201)
    first, second = town.admin.get(f"/v1/admin/campaigns/{campaign}/bursts")["bursts"]
    assert (first["claimed"], first["left"], first["claimed_total"], first["state"]) == (1, 99, 200, "running")
    assert (second["claimed"], second["left"], second["claimed_total"], second["state"]) == (0, 50, 0, "coming")


def test_its_terms_say_when_how_many_and_how_much(town: Town) -> None:
    campaign = raining(town, bursts_each=1)
    terms = town.person().api.get(f"/v1/campaigns/{campaign}")["terms"]
    assert (terms["kind"], terms["bursts_each"], terms["who_may_claim"]) == ("rain", 1, "any")
    assert [(burst["count"], burst["amount"]) for burst in terms["bursts"]] == [(100, 200), (50, 500)]
    assert "budget" not in terms


def test_its_merchant_reads_every_ground_of_a_doubt(town: Town) -> None:
    ann = town.person("ann")
    ranked(town, ann, 1)
    takes(ann, pouring(town)).expect(201)
    town.minute()
    (row,) = town.admin.get("/v1/admin/held")["held"]
    assert [why["code"] for why in row["why"]] == ["rank_raised", "young_account"]
    (line,) = town.admin.get(f"/v1/admin/users/{ann.uid}/rewards")["rewards"]
    assert [why["code"] for why in line["reasons"]] == ["rank_raised", "young_account"]
    assert all(why["detail"] != why["code"] for why in line["reasons"])
