"""The page about bargains shows answers as they are, all options and every refusal."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from chalicelib.bargain import problems
from chalicelib.campaigns.kinds.bargain import BargainOffer
from chalicelib.campaigns.offer import Offer
from chalicelib.core.errors import Problem
from infra.docs import problems as problems_table
from infra.local.endpoint import ROOT
from tests.bargain.shop import buys, gives, grown, helps, offer, page, starts
from tests.documents import rows, shape, shown
from tests.town import Town

PAGE = (ROOT / "docs/bargain.md").read_text()
SHOWN = shown(PAGE)


@pytest.fixture
def answers(town: Town) -> dict[str, Any]:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    begun = starts(ann, town.campaign(offer(reserve="order", split="falling"))).expect(201)
    bid = begun["bargain_id"]
    return {
        "start": begun,
        "help": helps(ben, bid).expect(201),
        "page": page(cat, bid),
        "quote": ann.api.post(f"/v1/bargains/{bid}/quote"),
        "order": buys(ann, bid).expect(201),
        "frozen": gives(cat, bid, "none").body,
        "record": town.admin.get(f"/v1/admin/bargains/{bid}"),
    }


@pytest.mark.parametrize("name", SHOWN)
def test_an_answer_is_shown_as_it_is(answers: dict[str, Any], name: str) -> None:
    assert shape(SHOWN[name]) == shape(answers[name])
    assert set(SHOWN) == set(answers)


def test_every_option_is_told() -> None:
    own = {field.name for field in msgspec.structs.fields(BargainOffer)}
    common = {field.name for field in msgspec.structs.fields(Offer)}
    table = PAGE.split("## For a merchant")[1].split("**Helps that wait.**")[0]
    assert rows(table) == (own - common) | {"kind"}


def test_every_refusal_is_told_where_it_can_happen() -> None:
    table = PAGE.split("### What can be refused")[1].split("## For a merchant")[0]
    codes = {problem.code for problem in vars(problems).values() if isinstance(problem, Problem)}
    told = set(re.findall(r"`(\w+)`", table))
    assert codes <= told <= set(re.findall(r"^\| `(\w+)`", problems_table(), re.MULTILINE))
