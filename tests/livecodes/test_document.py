"""The page about live codes shows answers as they are, the request that is taken, all options and every refusal."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest

from chalicelib.core import clock
from chalicelib.core.errors import Problem
from chalicelib.livecodes import problems
from chalicelib.livecodes.admin_routes import NewLiveCode
from chalicelib.livecodes.states import Standing
from chalicelib.livecodes.targets import GroupTo, PageTo, StoreTo
from infra.docs import problems as problems_table
from infra.local.endpoint import ROOT
from tests.documents import rows, shape, shown
from tests.livecodes import pictures, shop
from tests.sharing.friends import comes_by
from tests.town import Town

PAGE = (ROOT / "docs/livecodes.md").read_text()
SHOWN = shown(PAGE)
ASKED = dict(re.findall(r"<!-- request: (\w+) -->\n```json\n(.*?)```", PAGE, re.DOTALL))


def asked(town: Town, target: dict[str, Any], picture: str) -> dict[str, Any]:
    """A target that the page shows, with a picture that this merchant has sent."""
    to = target["to"]
    return pictures.placed(town, {**target, "to": {**to, "picture_id": picture} if "picture_id" in to else to})


def answers_of(town: Town) -> dict[str, Any]:
    """What the page shows."""
    create = json.loads(ASKED["create"])
    create["targets"] = [asked(town, one, "QR1") for one in create["targets"]]
    lid = town.admin.call("POST", "/v1/admin/live-codes", create).expect(201)["live_id"]
    ann, ben, cat = town.person("ann"), town.person("ben"), town.person("cat")
    ben.api.call("PATCH", "/v1/me", {"nickname": "李雷"}).expect(200)
    page = shop.looks(ann, lid)
    comes_by(ben, page["share"])
    place = shop.takes(ben, lid).expect(200)
    record, scans, days = shop.record(town, lid), shop.scans(town, lid, 1), shop.days(town, lid, 1)
    printed = town.admin.post(f"/v1/admin/live-codes/{lid}/code")
    for number in (1, 2):
        shop.retargets(town, lid, number, capacity=1).expect(200)
    shop.takes(ann, lid).expect(200)
    full = shop.takes(cat, lid).body
    clock.advance(7 * 86_400)
    ben.come_back()
    return {
        "page": page,
        "place": place,
        "expired": shop.takes(ben, lid).expect(200),
        "full": full,
        "record": record,
        "scans": scans,
        "days": days,
        "printed": printed,
    }


@pytest.fixture
def answers(town: Town) -> dict[str, Any]:
    return answers_of(town)


@pytest.mark.parametrize("name", SHOWN)
def test_an_answer_is_shown_as_it_is(answers: dict[str, Any], name: str) -> None:
    assert shape(SHOWN[name]) == shape(answers[name])
    assert set(SHOWN) == set(answers)


def test_the_next_qr_code_is_set_as_shown(town: Town) -> None:
    lid = shop.made(town, shop.group())
    clock.advance(6 * 86_400)
    renew = asked(town, json.loads(ASKED["renew"]), "QR2")
    record = town.admin.call("PUT", f"/v1/admin/live-codes/{lid}/targets/1", renew).expect(200)
    assert record["targets"][0]["to"] == renew["to"]


def told(after: str, head: str) -> set[str]:
    """What the first table with that head names after some words."""
    table = PAGE.split(after)[1].split(f"| {head} |", 1)[1].split("\n\n")[0]
    return rows(table)


def test_every_option_is_told() -> None:
    assert told("## For a merchant", "option") == {field.name for field in msgspec.structs.fields(NewLiveCode)}
    kinds = {str(kind.__struct_config__.tag) for kind in (GroupTo, PageTo, StoreTo)}
    assert told("## For a merchant", "`to.kind`") == told("## For a mini-program", "`to.kind`") == kinds
    assert told("## For a mini-program", "`standing`") == {standing.value for standing in Standing}
    wanted = {field.name for kind in (GroupTo, PageTo, StoreTo) for field in msgspec.structs.fields(kind)}
    table = PAGE.split("## For a merchant")[1].split("| `to.kind` |")[1].split("\n\n")[0]
    assert wanted <= set(re.findall(r"`(\w+)`", table))


def test_every_route_of_the_merchants_is_told() -> None:
    from app import app

    table = PAGE.split("## For a merchant")[1].split("- **A capacity is exact.**")[0]
    ours = [served for served in app.served if served.template.startswith("/v1/admin/live-codes")]
    assert all(served.template.rsplit("/", 1)[-1].strip("{}").replace("live_", "") in table for served in ours)


def test_every_refusal_is_told() -> None:
    codes = {problem.code for problem in vars(problems).values() if isinstance(problem, Problem)}
    table = told("### What can be refused", "code")
    assert table == codes
    assert table <= set(re.findall(r"^\| `(\w+)`", problems_table(), re.MULTILINE))
