"""The page about words, and about the documents of codes, shows answers as they are, all options and every refusal."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chalicelib.campaigns import problems as campaign_problems
from chalicelib.campaigns.kinds.brings import BringsAtCounter, BringsCoupon, BringsGift, BringsGoods
from chalicelib.campaigns.kinds.codes import CodesOffer
from chalicelib.campaigns.kinds.word import WordOffer
from chalicelib.campaigns.offer import Offer
from chalicelib.core.errors import Problem
from chalicelib.voucher import word_problems
from infra.docs import problems as problems_table
from infra.local.endpoint import ROOT
from tests.documents import names, shape, shown, told
from tests.town import Town
from tests.voucher import words

PAGE = (ROOT / "docs/words.md").read_text()
SHOWN = shown(PAGE)


def answers_of(town: Town) -> dict[str, Any]:
    """What the page shows."""
    cid = words.spoken(town, words.COUPON, total=2)
    ann, ben, cat = town.person("ann"), town.person("ben"), town.person("cat")
    preview = words.asks(ann).expect(200)
    redeemed = words.says(ann).expect(201)
    words.says(ben).expect(201)
    return {
        "preview": preview,
        "redeemed": redeemed,
        "gone": words.says(cat).body,
        "record": words.record(town, cid),
        "taken": words.publishes(town, words.drafted(town)).body,
    }


@pytest.fixture
def answers(town: Town) -> dict[str, Any]:
    return answers_of(town)


@pytest.mark.parametrize("name", SHOWN)
def test_an_answer_is_shown_as_it_is(answers: dict[str, Any], name: str) -> None:
    assert shape(SHOWN[name]) == shape(answers[name])
    assert set(SHOWN) == set(answers)


def test_every_option_is_told() -> None:
    assert told(PAGE, "A document of codes") == (names(CodesOffer) - names(Offer)) | {"kind"}
    assert told(PAGE, "A document of a word") == (names(WordOffer) - names(Offer)) | {"kind"}
    brought = {str(kind.__struct_config__.tag) for kind in (BringsGift, BringsCoupon, BringsGoods, BringsAtCounter)}
    assert told(PAGE, "What they bring") == brought


def test_every_refusal_is_told() -> None:
    codes = {problem.code for problem in vars(word_problems).values() if isinstance(problem, Problem)}
    assert codes | {campaign_problems.WORD_TAKEN.code} <= told(PAGE, "What can be refused")
    assert told(PAGE, "What can be refused") <= set(re.findall(r"^\| `(\w+)`", problems_table(), re.MULTILINE))
