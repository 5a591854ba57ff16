"""The page about packets shows answers as they are, all options and every refusal."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from chalicelib.campaigns.gifts import Shares
from chalicelib.campaigns.kinds.gift import GiftOffer
from chalicelib.campaigns.kinds.unlock import UnlockOffer
from chalicelib.campaigns.offer import Offer
from chalicelib.core.errors import PROBLEMS, Problem
from chalicelib.redpacket import problems
from infra.local.endpoint import ROOT
from tests.documents import rows, shape, shown
from tests.redpacket.shop import bought, claims, goods, grown, helps, of_order, page, starts, takes, unlock_offer
from tests.town import Town

PAGE = (ROOT / "docs/redpackets.md").read_text()
SHOWN = shown(PAGE)


@pytest.fixture
def answers(town: Town) -> dict[str, Any]:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    begun = starts(ann, town.campaign(unlock_offer())).expect(201)
    helped = helps(ben, begun["packet_id"]).expect(201)
    campaign = town.campaign(goods())
    oid = bought(town, ann, campaign)
    town.stream()
    brought = ann.api.get(f"/v1/orders/{oid}/packet")
    rid = of_order(campaign, oid)
    return {
        "start": begun,
        "help": helped,
        "order": brought,
        "claim": claims(ben, rid).expect(201),
        "page": page(cat, rid),
        "own": takes(ann, rid, "none", "claims").body,
        "record": town.admin.get(f"/v1/admin/packets/{rid}"),
    }


@pytest.mark.parametrize("name", SHOWN)
def test_an_answer_is_shown_as_it_is(answers: dict[str, Any], name: str) -> None:
    assert shape(SHOWN[name]) == shape(answers[name])
    assert set(SHOWN) == set(answers)


@pytest.mark.parametrize(
    ("head", "kind", "common"),
    [("**An unlock campaign**", UnlockOffer, Offer), ("**A gift campaign**", GiftOffer, Offer)],
)
def test_every_option_is_told(head: str, kind: type[Offer], common: type[Offer]) -> None:
    own = {field.name for field in msgspec.structs.fields(kind)} - {f.name for f in msgspec.structs.fields(common)}
    table = PAGE.split(head)[1].split("\n\n")[1]
    assert rows(table) == own | {"kind"}


def test_every_option_after_an_order_is_told() -> None:
    table = PAGE.split("**After an order**")[1].split("\n\n")[1]
    told = set(re.findall(r"`(\w+)`", "\n".join(line.split("|")[1] for line in table.splitlines())))
    assert told == {field.name for field in msgspec.structs.fields(Shares)}


def test_every_refusal_is_told_where_it_can_happen() -> None:
    table = PAGE.split("### What can be refused")[1].split("## For a merchant")[0]
    codes = {problem.code for problem in vars(problems).values() if isinstance(problem, Problem)}
    assert codes <= set(re.findall(r"`(\w+)`", table)) <= set(PROBLEMS)
