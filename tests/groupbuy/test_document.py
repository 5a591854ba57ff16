"""The page about group-buy shows answers as they are, all options, every refusal and every kind of stuck money."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from chalicelib.campaigns.kinds.groupbuy import GroupBuyOffer
from chalicelib.campaigns.offer import Offer
from chalicelib.core import clock
from chalicelib.core.errors import Problem
from chalicelib.groupbuy import problems
from chalicelib.orders.stuck import CODED, Reason
from infra.local.endpoint import ROOT
from tests.documents import rows, shape, shown
from tests.town import Town

PAGE = (ROOT / "docs/groupbuy.md").read_text()
SHOWN = shown(PAGE)


@pytest.fixture
def answers(town: Town) -> dict[str, Any]:
    campaign = town.campaign(size=3, group_seconds=3600)
    leader, opened = town.opened(campaign)
    page = leader.group(opened["group_id"])
    town.joined(opened["group_id"])
    town.joined(opened["group_id"])
    full = town.person().join(opened["group_id"])
    loser, lost = town.opened(campaign)
    clock.advance(3600)
    town.minute()
    loser.come_back()
    return {
        "quote": town.person().api.post(f"/v1/campaigns/{campaign}/quote"),
        "open": town.person().open(campaign).expect(201),
        "page": page,
        "order": {**loser.order(lost["order_id"]), "role": "member"},
        "full": full.body,
    }


@pytest.mark.parametrize("name", SHOWN)
def test_an_answer_is_shown_as_it_is(answers: dict[str, Any], name: str) -> None:
    assert shape(SHOWN[name]) == shape(answers[name])
    assert set(SHOWN) == set(answers)


def test_every_option_is_told() -> None:
    own = {field.name for field in msgspec.structs.fields(GroupBuyOffer)}
    common = {field.name for field in msgspec.structs.fields(Offer)}
    table = PAGE.split("## For a merchant")[1].split("**Before it runs.**")[0]
    assert rows(table) == (own - common) | {"kind"}


def test_every_refusal_is_told_where_it_can_happen() -> None:
    table = PAGE.split("### What can be refused")[1].split("## For a merchant")[0]
    codes = {problem.code for problem in vars(problems).values() if isinstance(problem, Problem)}
    assert codes <= set(re.findall(r"`(\w+)`", table))


def test_every_kind_of_stuck_money_is_told_on_one_page() -> None:
    lines = [line for page in (ROOT / "docs").glob("*.md") for line in page.read_text().splitlines()]
    rows = [line.split(" | ")[0] for line in lines if line.startswith("| StuckMoney")]
    told = re.findall(r"`(\w+)`", "".join(rows))
    whole = [next((name for name in CODED if word.startswith(f"{name}_")), word) for word in told]
    assert sorted(whole) == sorted(Reason)
