"""The page about codes: answers as they are, every option of a campaign of codes, every refusal, every standing."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from chalicelib.campaigns.kinds.codes import CodesOffer
from chalicelib.campaigns.offer import Offer
from chalicelib.core.errors import Problem
from chalicelib.voucher import counter, guesses, problems
from chalicelib.voucher.items import MOST_RANGES
from chalicelib.voucher.states import CodeStanding
from infra.local.endpoint import ROOT
from tests.documents import shape, shown
from tests.town import Town
from tests.voucher import desk, shop

PAGE = (ROOT / "docs/codes.md").read_text()
SHOWN = shown(PAGE)


def told(town: Town) -> dict[str, Any]:
    """What the page shows."""
    cid = shop.campaign(town, shop.AMOUNT_COUPON)
    made = shop.mints(town, cid, 200).expect(201)
    bid = made["batch_id"]
    ann, staff = town.person("ann"), desk.staff(town)
    looked = shop.previews(ann, shop.code(town, bid)).expect(200)
    done = shop.redeems(ann, shop.code(town, bid)).expect(201)
    coffee = shop.batch(town, shop.COUNTER, size=9)
    handed = desk.scans(staff, shop.code(town, coffee)).expect(201)
    shop.redeems(ann, shop.code(town, bid, 1)).expect(409)
    whose = {"codes": [{"serial": 2, "user_id": ann.uid}, {"serial": 0, "user_id": ann.uid}]}
    bound = desk.acts(town, bid, "bind", whose).expect(200)
    undone = desk.undoes(town, bid).expect(200)
    status = desk.status(town, shop.code(town, coffee))
    desk.retires(town)
    keys = town.admin.get("/v1/admin/codes/keys?limit=1")
    return {
        "minted": made,
        "preview": looked,
        "redeemed": done,
        "pass": ann.api.get("/v1/me/pass"),
        "handed": handed,
        "bound": bound,
        "undone": undone,
        "status": status,
        "keys": {**keys, "behind": []},
    }


@pytest.fixture
def answers(town: Town) -> dict[str, Any]:
    return told(town)


@pytest.mark.parametrize(
    "name", ["minted", "preview", "redeemed", "pass", "handed", "bound", "undone", "status", "keys"]
)
def test_an_answer_is_shown_as_it_is(answers: dict[str, Any], name: str) -> None:
    assert shape(SHOWN[name]) == shape(answers[name])


def table(heading: str) -> set[str]:
    """What the first column of a table under a heading names."""
    part = PAGE.split(f"\n{heading}\n")[1].split("\n#")[0]
    return {name for row in re.findall(r"^\| (`.*?) \|", part, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}


def test_every_option_is_told() -> None:
    own = {field.name for field in msgspec.structs.fields(CodesOffer)}
    common = {field.name for field in msgspec.structs.fields(Offer)}
    assert own - common <= table("### The campaign")


def test_every_standing_is_told() -> None:
    assert table("### What a code may be") == {standing.value for standing in CodeStanding}


def test_every_refusal_is_told() -> None:
    codes = {problem.code for problem in vars(problems).values() if isinstance(problem, Problem)}
    assert codes - set(re.findall(r"`(\w+)`", PAGE)) == set()


def test_the_numbers_are_those_of_the_code() -> None:
    minutes = int(counter.LIFE.total_seconds() // 60)
    numbers = (
        f"{guesses.FEW} wrong codes in {int(guesses.WITHIN.total_seconds() // 60)} minutes",
        f"{guesses.MANY} on one day",
        f"one in {guesses.SAMPLED}",
        f"for {minutes} minutes",
        f"at most {MOST_RANGES} ranges",
    )
    assert [number for number in numbers if number not in PAGE] == []
