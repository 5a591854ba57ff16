"""The page about cash shows answers as they are, every state and failure, all refusals and the numbers of the rules."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.campaigns.gifts import AsCash
from chalicelib.cash import problems, routes, rules, words
from chalicelib.cash.words import Failure
from chalicelib.core import clock
from chalicelib.core.errors import PROBLEMS, Problem
from chalicelib.edge.operation import operation_of
from chalicelib.merchants.cash import CashLimits
from chalicelib.rewards.states import CashState
from infra.local.endpoint import ROOT
from tests.cash import gifts, shop
from tests.documents import ROW, shape, shown
from tests.town import Town

PAGE = (ROOT / "docs/cash.md").read_text()
SHOWN = shown(PAGE)


@pytest.fixture
def answers(town: Town) -> dict[str, Any]:
    ann, campaign = town.person("ann"), shop.opened(town)
    cash_id = shop.given(town, campaign, ann, form=AsCash(hold_days=1, claim_days=30))
    mine = ann.api.get("/v1/me/cash")
    clock.advance(shop.DAY)
    ann.come_back()
    claimed = gifts.claims(ann, cash_id).expect(200)
    second = shop.given(town, campaign, ann, "gift-2")
    ann.confirm_transfer(gifts.claims(ann, second).expect(200)["confirm"], fail_reason="PAYEE_ACCOUNT_ABNORMAL")
    gifts.confirms(town, ann, claimed)
    return {
        "mine": mine,
        "claim": claimed,
        "paid": gifts.page(ann, cash_id),
        "failed": gifts.page(ann, second),
        "cancel": gifts.cancels(ann, gifts.claims(ann, second).expect(200)["cash_id"]).expect(202),
    }


@pytest.mark.parametrize("name", SHOWN)
def test_an_answer_is_shown_as_it_is(answers: dict[str, Any], name: str) -> None:
    assert shape(SHOWN[name]) == shape(answers[name])
    assert set(SHOWN) == set(answers)


def rows(heading: str) -> set[str]:
    """What the lines of a table are of."""
    table = PAGE.split(f"\n{heading}\n")[1].split("\n#")[0]
    return set(ROW.findall(table))


def test_every_state_is_told() -> None:
    assert rows("### States") == {state.value for state in CashState}


def test_every_failure_is_told() -> None:
    declared = {one.code for one in vars(words).values() if isinstance(one, Failure)}
    assert rows("### Why it came to nothing") == declared == {*(f.code for f in words.FAILURES.values()), "not_paid"}


def test_every_refusal_is_told_where_it_can_happen() -> None:
    raised = {problem.code for act in (routes.claim, routes.cancel) for problem in operation_of(act).problems}
    codes = {problem.code for problem in vars(problems).values() if isinstance(problem, Problem)}
    assert codes <= rows("### What can be refused") == raised <= set(PROBLEMS)


def test_the_numbers_are_those_of_the_rules() -> None:
    limits = CashLimits()
    told = (
        f"{rules.CONFIRM_TIME.total_seconds() / 3600:.0f} hours",
        f"{rules.NAME_NEEDED_FEN / 100:,.0f} yuan",
        f"{limits.times_a_day} times",
        f"{limits.fen_a_day / 100:,.0f} yuan a day",
        f"{limits.fen_a_year / 100:,.0f} yuan a year",
        f"{rules.REVIEW.days} days",
        f"{rules.CLEARED_FOR.days} days",
        f"{rules.PAUSE.total_seconds() / 60:.0f} minutes",
    )
    assert [number for number in told if number not in PAGE] == []
