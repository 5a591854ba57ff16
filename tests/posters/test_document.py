"""The page about posters shows answers as they are, all options and every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core.errors import Problem
from chalicelib.pictures import problems as drawing_problems
from chalicelib.pictures.document import Poster
from chalicelib.posters import problems
from infra.local.endpoint import ROOT
from tests.documents import names, shape, shown, told
from tests.posters import shop
from tests.town import Town

PAGE = (ROOT / "docs/posters.md").read_text()
SHOWN = shown(PAGE)


def answers_of(town: Town) -> dict[str, Any]:
    """What the page shows."""
    ident = shop.released(town)
    _, person, share = shop.offered(town, ident)
    return {
        "mine": shop.asks(person, share).expect(200),
        "preview": shop.looks(town, shop.written(town, shop.shouting())),
        "picture": shop.sends(town.admin, shop.picture()).expect(201),
    }


@pytest.fixture
def answers(town: Town) -> dict[str, Any]:
    return answers_of(town)


@pytest.mark.parametrize("name", SHOWN)
def test_an_answer_is_shown_as_it_is(answers: dict[str, Any], name: str) -> None:
    assert shape(SHOWN[name]) == shape(answers[name])
    assert set(SHOWN) == set(answers)


def test_every_option_is_told() -> None:
    assert told(PAGE, "A poster's document") == names(Poster)


def test_every_refusal_is_told() -> None:
    declared = {**vars(problems), **vars(drawing_problems)}.values()
    codes = {problem.code for problem in declared if isinstance(problem, Problem)}
    assert told(PAGE, "What can be refused") == codes
