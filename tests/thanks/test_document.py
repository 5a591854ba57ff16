"""The page about what orders bring, and about rains, shows answers as they are, all options and every refusal."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chalicelib.campaigns.gifts import AfterOrder
from chalicelib.campaigns.kinds.rain import Burst, RainOffer
from chalicelib.campaigns.offer import Offer
from chalicelib.core import clock
from chalicelib.core.errors import Problem
from chalicelib.redpacket import rain_problems
from infra.docs import problems as problems_table
from infra.local.endpoint import ROOT
from tests.bargain.shop import LOOKED
from tests.documents import names, shape, shown, told
from tests.thanks.shop import bursts, claims, giving, orders, raining, tell, wait_for
from tests.town import Town

PAGE = (ROOT / "docs/after-order.md").read_text()
SHOWN = shown(PAGE)


def answers_of(town: Town) -> dict[str, Any]:
    """What the page shows."""
    campaign = giving(town)
    ann = town.person("ann")
    terms = ann.api.get(f"/v1/campaigns/{campaign}")["terms"]["after_order"]
    promises = ann.api.post(f"/v1/campaigns/{campaign}/quote")["promises"]
    bought = orders(town, campaign, "ann")
    tell(town, bought)
    rain = raining(town)
    wait_for(town.admin.get(f"/v1/admin/campaigns/{rain}/bursts"), 1)
    seen = bursts(ann, rain)
    clock.advance(LOOKED)
    claimed = claims(ann, rain, 1, seen["help_ticket"]).expect(201)
    return {
        "terms": terms,
        "promises": [promise for promise in promises if "赠完即止" in promise["zh"]],
        "brought": bought.shown["brought"],
        "bursts": seen,
        "claim": claimed,
        "early": claims(ann, rain, 2, "none").body,
        "record": town.admin.get(f"/v1/admin/campaigns/{rain}/bursts"),
    }


@pytest.fixture
def answers(town: Town) -> dict[str, Any]:
    return answers_of(town)


@pytest.mark.parametrize("name", SHOWN)
def test_an_answer_is_shown_as_it_is(answers: dict[str, Any], name: str) -> None:
    assert shape(SHOWN[name]) == shape(answers[name])
    assert set(SHOWN) == set(answers)


def test_every_option_is_told() -> None:
    assert told(PAGE, "What a paid order brings") == names(AfterOrder)
    assert told(PAGE, "A rain's document") == (names(RainOffer) - names(Offer)) | names(Burst) | {"kind"}


def test_every_refusal_is_told() -> None:
    table = PAGE.split("### What can be refused")[1].split("\n## ")[0]
    codes = {problem.code for problem in vars(rain_problems).values() if isinstance(problem, Problem)}
    said = set(re.findall(r"`(\w+)`", table))
    assert codes <= said <= set(re.findall(r"^\| `(\w+)`", problems_table(), re.MULTILINE))
