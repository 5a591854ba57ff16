"""The page about segments and recalls shows answers as they are, all options and every refusal."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chalicelib.core.errors import Problem
from chalicelib.merchants.segments import SegmentTerms
from chalicelib.recall import problems
from chalicelib.recall.routes import NewRecall
from chalicelib.recall.states import Segment, Stop
from infra.docs import problems as problems_table
from infra.local.endpoint import ROOT
from tests.coupons.shop import template
from tests.documents import names, shape, shown, told
from tests.recall.shop import PATH, RECALLS, asleep, key_of, recalls
from tests.thanks.shop import handle
from tests.town import Town

PAGE = (ROOT / "docs/recall.md").read_text()
SHOWN = shown(PAGE)


def answers_of(town: Town) -> dict[str, Any]:
    """What the page shows."""
    asleep(town, "ann")
    segments = town.admin.get(PATH)
    users = town.admin.get(f"{PATH}/asleep/users")
    rid = recalls(town, template(town))
    handle(key_of(town, rid))
    return {
        "segments": {**segments, "segments": segments["segments"][:1]},
        "users": users,
        "recall": town.admin.get(f"{RECALLS}/{rid}"),
    }


@pytest.fixture
def answers(town: Town) -> dict[str, Any]:
    return answers_of(town)


@pytest.mark.parametrize("name", SHOWN)
def test_an_answer_is_shown_as_it_is(answers: dict[str, Any], name: str) -> None:
    assert shape(SHOWN[name]) == shape(answers[name])
    assert set(SHOWN) == set(answers)


def test_every_option_segment_and_reason_is_told() -> None:
    assert told(PAGE, "Where segments begin") == names(SegmentTerms)
    assert told(PAGE, "The segments") == {segment.value for segment in Segment}
    assert told(PAGE, "Starting a recall") == names(NewRecall)
    assert told(PAGE, "Why a recall stops") == {stop.value for stop in Stop}


def test_every_refusal_is_told() -> None:
    codes = {problem.code for problem in vars(problems).values() if isinstance(problem, Problem)}
    refused = told(PAGE, "What can be refused")
    assert codes <= refused <= set(re.findall(r"^\| `(\w+)`", problems_table(), re.MULTILINE))
