"""The page about sharing shows answers as they are, requests that are taken, and every refusal."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest

from chalicelib.core import clock
from chalicelib.core.errors import Problem
from chalicelib.invite import problems
from chalicelib.sharing import refusals
from chalicelib.sharing.routes import NewEntry
from infra.local.endpoint import ROOT
from tests.bargain.shop import offer, page, started
from tests.documents import shape, shown
from tests.invite.family import by_code, by_share, code_of, counted
from tests.sharing.friends import comes_by, enters, text_of
from tests.town import Town

PAGE = (ROOT / "docs/sharing.md").read_text()
SHOWN = shown(PAGE)
REQUESTS = re.findall(r"```http\nPOST /v1/entries\n(.*?)```", PAGE, re.DOTALL)
[ASKED] = re.findall(r"```http\nPOST /v1/shares/\w+/text\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def answers(town: Town) -> dict[str, Any]:
    names = {"ann": "安然", "ben": "李雷", "cat": "王小明"}
    people = []
    for name, nickname in names.items():
        clock.advance(1)
        people.append(town.person(name))
        people[-1].api.call("PATCH", "/v1/me", {"nickname": nickname}).expect(200)
    ann, ben, cat = people
    share = page(ann, started(ann, town.campaign(offer())))["share"]
    entry = comes_by(ben, share)
    clock.advance(60)
    accepted = by_share(ben, share).expect(201)
    by_code(cat, code_of(ann)).expect(201)
    counted(town)
    return {
        "share": share,
        "entry": entry,
        "text": text_of(ann, share, **json.loads(ASKED)).expect(200),
        "pasted_code": enters(ben, text=json.loads(REQUESTS[1])["text"]).expect(200),
        "code": ann.api.post(f"/v1/shares/{share['share_id']}/code"),
        "private_card": ann.api.post(f"/v1/shares/{share['share_id']}/private-card"),
        "accepted": accepted,
        "invites": ann.api.get("/v1/invites"),
        "leaderboard": cat.api.get(f"/v1/campaigns/{entry['open']['id'].split('-')[0]}/leaderboard"),
        "graph": town.admin.get(f"/v1/admin/users/{ann.uid}/invites?limit=1"),
    }


@pytest.mark.parametrize("name", SHOWN)
def test_an_answer_is_shown_as_it_is(answers: dict[str, Any], name: str) -> None:
    assert shape(SHOWN[name]) == shape(answers[name])
    assert set(SHOWN) == set(answers)


def test_no_other_answer_is_shown() -> None:
    assert PAGE.count("```json") == len(SHOWN)


@pytest.mark.parametrize("sent", REQUESTS)
def test_a_request_is_shown_as_it_is_taken(sent: str) -> None:
    msgspec.json.decode(sent, type=NewEntry)


def test_a_text_reads_as_it_is_shown(answers: dict[str, Any]) -> None:
    def words(text: str) -> str:
        return text.partition("#小程序://")[0]

    assert words(SHOWN["text"]["text"]) == words(answers["text"]["text"])
    assert SHOWN["pasted_code"]["open"] == answers["pasted_code"]["open"]
    assert SHOWN["pasted_code"]["code"] == answers["pasted_code"]["code"]


def test_every_refusal_is_told_and_no_other() -> None:
    table = PAGE.split("### What can be refused")[1].split("### For a play")[0]
    declared = {**vars(refusals), **vars(problems)}.values()
    codes = {problem.code for problem in declared if isinstance(problem, Problem)}
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == codes
