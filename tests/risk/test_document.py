"""The page about risk shows answers as they are, requests that are taken, and every refusal."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from chalicelib.accounts.problems import NAME_DECIDED, TEXT_REFUSED
from chalicelib.accounts.routes import NameDecision
from chalicelib.core import clock
from chalicelib.core.errors import Problem
from chalicelib.sharing import problems
from chalicelib.sharing.held_routes import Ruling, Rulings
from infra.local.endpoint import ROOT
from tests.accounts.texts import DOUBTFUL
from tests.bargain.shop import befriend, grown, helps, offer, started
from tests.documents import shape, shown
from tests.town import Town

PAGE = (ROOT / "docs/risk.md").read_text()
SHOWN = shown(PAGE)
REQUESTS = re.findall(r"```http\nPOST (\S+)\n(.*?)```", PAGE, re.DOTALL)
BODIES = {"approve": Ruling, "decide": Rulings, "nickname": NameDecision}


@pytest.fixture
def answers(town: Town) -> dict[str, Any]:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    ben.api.call("PATCH", "/v1/me", {"nickname": "李雷"}).expect(200)
    campaign = town.campaign(offer())
    bid = started(ann, campaign)
    befriend(ann, campaign, ben, cat)
    helps(ben, bid).expect(201)
    queue = town.admin.get("/v1/admin/held?limit=1")
    helps(cat, bid).expect(201)
    approved, other = [each["held_id"] for each in town.admin.get("/v1/admin/held")["held"]]
    decided = town.admin.post(f"/v1/admin/held/{approved}/approve", {"note": "looked at it"})
    several = {"held_ids": [approved, other], "decision": "reject"}
    clock.advance(600)
    cat.api.call("PATCH", "/v1/me", {"nickname": DOUBTFUL}).expect(200)
    return {
        "held": queue,
        "decided": decided,
        "several": town.admin.post("/v1/admin/held/decide", several),
        "nicknames": town.admin.get("/v1/admin/nicknames"),
    }


@pytest.mark.parametrize("name", SHOWN)
def test_an_answer_is_shown_as_it_is(answers: dict[str, Any], name: str) -> None:
    assert shape(SHOWN[name]) == shape(answers[name])
    assert set(SHOWN) == set(answers)


def test_no_other_answer_is_shown() -> None:
    assert PAGE.count("```json") == len(SHOWN)


@pytest.mark.parametrize(("path", "sent"), REQUESTS)
def test_a_request_is_shown_as_it_is_taken(path: str, sent: str) -> None:
    msgspec.json.decode(sent, type=BODIES[path.rpartition("/")[2]])


def test_every_refusal_is_told_and_no_other() -> None:
    table = PAGE.split("## What can be refused")[1].split("## For operators")[0]
    own = {problem.code for problem in vars(problems).values() if isinstance(problem, Problem)}
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == own | {TEXT_REFUSED.code, NAME_DECIDED.code}
