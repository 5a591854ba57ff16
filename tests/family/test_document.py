"""The pages about families tell every route, every refusal and every option, and answers as they are."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.errors import Problem
from chalicelib.coupons import shared_problems
from chalicelib.family import (
    admin_problems,
    ask_problems,
    money_problems,
    people_problems,
    problems,
    topup_problems,
)
from chalicelib.punchcards import problems as card_problems
from infra.docs import problems as problems_table
from infra.local.endpoint import ROOT
from tests.documents import shape, shown
from tests.family import people
from tests.family.acts import balance, buys, fills, wallet
from tests.family.asks_shop import asked
from tests.family.shop import cooled, endow
from tests.town import Town

PAGES = {name: (ROOT / f"docs/{name}.md").read_text() for name in ("family", "prepaid", "family-shared")}
ALL = "\n".join(PAGES.values())
SHOWN = shown(PAGES["family"])
OURS = ("/v1/families", "/v1/me/family", "/v1/family-invitations", "/v1/admin/families", "/v1/admin/cards")
MODULES = (
    *(admin_problems, ask_problems, money_problems, people_problems, problems, topup_problems),
    *(card_problems, shared_problems),
)


def answers_of(town: Town) -> dict[str, Any]:
    """What the page shows."""
    mum, ann = town.person("mum"), town.person("ann")
    created = mum.api.call("POST", "/v1/families", {"name": "小林一家"}).expect(201)
    fid = str(created["family_id"])
    invitation = mum.api.call("POST", f"/v1/families/{fid}/invitations", {"per_fen": 5000, "cap_fen": 20_000}).expect(
        201
    )
    preview = ann.api.call("GET", f"/v1/family-invitations/{invitation['code']}").expect(200)
    people.joins(ann, invitation["code"])
    cooled(town, fid, ann)
    endow(town, fid, 9_000, 0)
    balance(town, mum, 30_000)
    filled = fills(mum, fid, 30_000).expect(201)
    campaign = town.campaign()
    quoted = ann.api.call("POST", f"/v1/campaigns/{campaign}/quote", {"role": "solo"}).expect(200)
    clock.advance(1)
    held = buys(ann, campaign, wallet(fid)).expect(201)
    ann.pay(held).expect(200)
    town.hear()
    refund = {"amount_fen": held["cash_fen"] + 1000, "note": "少发一件"}
    town.admin.call("POST", f"/v1/admin/orders/{held['order_id']}/refund", refund).expect(200)
    ask = ann.api.get(f"/v1/families/{fid}/asks/{asked(ann, fid, campaign)}")
    return {
        "created": created,
        "invitation": invitation,
        "preview": preview,
        "choice": next(one for one in quoted["choices"] if one["tender"] == "family"),
        "filled": filled,
        "ask": ask,
        "ledger": mum.api.get(f"/v1/families/{fid}/ledger"),
        "month": mum.api.get(f"/v1/families/{fid}/summary"),
    }


@pytest.fixture
def answers(town: Town) -> dict[str, Any]:
    return answers_of(town)


def first(value: Any) -> Any:
    """An answer with the first of each list alone."""
    if isinstance(value, dict):
        return {name: first(part) for name, part in value.items()}
    return [first(part) for part in value[:1]] if isinstance(value, list) else value


def test_answers_are_shown_as_they_are(answers: dict[str, Any]) -> None:
    assert set(SHOWN) == set(answers)
    for name, told in SHOWN.items():
        assert shape(first(told)) == shape(first(answers[name])), name


def test_every_route_is_told() -> None:
    from app import app

    for served in app.served:
        if served.template.startswith(OURS):
            *_, last = (part for part in served.template.split("/") if not part.startswith("{"))
            assert f"/{last}" in ALL, served.template


def test_every_refusal_is_told() -> None:
    codes = {problem.code for module in MODULES for problem in vars(module).values() if isinstance(problem, Problem)}
    assert {code for code in codes if f"`{code}`" not in ALL} == set()
    assert codes <= set(re.findall(r"^\| `(\w+)`", problems_table(), re.MULTILINE))
