"""The page about coupons shows answers as they are, all options and every refusal."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from chalicelib.campaigns.kinds.coupon import CouponOffer
from chalicelib.campaigns.offer import Offer
from chalicelib.core.errors import Problem
from chalicelib.coupons import problems
from infra.docs import problems as problems_table
from infra.local.endpoint import ROOT
from tests.coupons.shop import STACKED, TEN_OFF, buys, claimed, claims, gets, gives, pays, takes_back, template
from tests.documents import rows, shape, shown
from tests.town import Town

PAGE = (ROOT / "docs/coupons.md").read_text()
SHOWN = shown(PAGE)


@pytest.fixture
def answers(town: Town) -> dict[str, Any]:
    ann, ben, goods = town.person("ann"), town.person("ben"), town.campaign()
    campaign = template(town, STACKED)
    made = claims(ann, campaign).expect(201)
    dear = gets(town, ann, {**TEN_OFF, "title": "满 100 减 10", "threshold_fen": 10_000})
    rule: dict[str, Any] = {"validity": {"kind": "after_claim", "days": 30}, "instalments": {"pieces": 2}}
    pieces = gets(town, ben, **rule)
    quote = ann.api.post(f"/v1/campaigns/{goods}/quote", {"role": "solo", "pay_with": pays(made["coupon_id"])})
    buys(ann, goods, made["coupon_id"]).expect(201)
    given = gives(town, campaign, ben).expect(200)
    return {
        "claim": made,
        "instalments": ben.api.get(f"/v1/me/coupons/{pieces}"),
        "mine": {**ann.api.get("/v1/me/coupons"), "coupons": []},
        "quote": {name: quote[name] for name in ("total_fen", "parts", "cash_fen", "choices")},
        "refused": buys(ann, goods, dear).body,
        "given": given,
        "invalidated": takes_back(town, ann, claimed(ann, template(town))).expect(200),
        "issued": {**town.admin.get(f"/v1/admin/campaigns/{campaign}/coupons"), "coupons": []},
    }


@pytest.mark.parametrize("name", SHOWN)
def test_an_answer_is_shown_as_it_is(answers: dict[str, Any], name: str) -> None:
    assert shape(SHOWN[name]) == shape(answers[name])
    assert set(SHOWN) == set(answers)


def test_every_option_is_told() -> None:
    own = {field.name for field in msgspec.structs.fields(CouponOffer)}
    common = {field.name for field in msgspec.structs.fields(Offer)}
    table = PAGE.split("## For a merchant")[1].split("**What a coupon says**")[0]
    assert rows(table) == (own - common) | {"kind"}


def test_every_refusal_is_told_where_it_can_happen() -> None:
    table = PAGE.split("### What can be refused")[1].split("## For a merchant")[0]
    codes = {problem.code for problem in vars(problems).values() if isinstance(problem, Problem)}
    told = set(re.findall(r"`(\w+)`", table))
    assert codes <= told <= set(re.findall(r"^\| `(\w+)`", problems_table(), re.MULTILINE))
