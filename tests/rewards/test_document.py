"""The page about rewards shows answers as they are, every state and every reason to move value."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.errors import Problem
from chalicelib.rewards import problems, rules
from chalicelib.rewards.states import Why
from chalicelib.rewards.words import Standing
from infra.local.endpoint import ROOT
from tests.documents import rows, shape, shown
from tests.rewards import shop
from tests.rewards.shop import POINTS
from tests.town import Town

PAGE = (ROOT / "docs/rewards.md").read_text()
SHOWN = shown(PAGE)


@pytest.fixture
def answers(town: Town) -> dict[str, Any]:
    ann, ben, campaign = town.person("ann"), town.person("ben"), town.campaign(shop.offer())
    shop.give(town, campaign, ann, "gift-1", 500, POINTS)
    clock.advance(1)
    shop.give(town, campaign, ann, "gift-2", 500, shop.COUPON)
    shop.promise(town, campaign, ben, "gift-3", subject="doubtful", seconds=0)
    shop.fall_due(town, ben, "gift-3")
    town.stream()
    town.pass_time(120)
    budget = town.admin.get(f"/v1/admin/campaigns/{campaign}/budget")
    return {
        "rewards": ann.api.get("/v1/me/rewards?limit=1"),
        "accounts": ann.api.get("/v1/me/accounts"),
        "record": town.admin.get(f"/v1/admin/users/{ben.uid}/rewards"),
        "rebuild": shop.rebuilt(town, ann),
        "budget": {**budget, "budgets": budget["budgets"][:1]},
    }


@pytest.mark.parametrize("name", SHOWN)
def test_an_answer_is_shown_as_it_is(answers: dict[str, Any], name: str) -> None:
    assert shape(SHOWN[name]) == shape(answers[name])
    assert set(SHOWN) == set(answers)


@pytest.mark.parametrize(("heading", "known"), [("### States", Standing), ("### Why", Why)])
def test_every_word_of_a_statement_is_told(heading: str, known: type[Standing] | type[Why]) -> None:
    table = PAGE.split(f"\n{heading}\n")[1].split("\n#")[0]
    assert rows(table) == {one.value for one in known}


def test_every_refusal_is_told() -> None:
    codes = {problem.code for problem in vars(problems).values() if isinstance(problem, Problem)}
    assert codes - set(re.findall(r"`(\w+)`", PAGE)) == set()


def test_the_numbers_are_those_of_the_rules() -> None:
    told = (
        f"{rules.KNOWN} hours before",
        f"{rules.FASTER} times the median",
        f"{rules.FLOOR_PERCENT} % of the budget",
        f"{rules.LOW_PERCENT} %",
        f"{rules.MOST_HOURS} hours",
    )
    assert [number for number in told if number not in PAGE] == []
