"""The page for merchants says how cash is set up: its answer is shown as it is, and every field is told."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest

from chalicelib.merchants.cash import CashLimits, CashTerms, Commission, Marketing
from infra.local.endpoint import ROOT
from tests.documents import rows
from tests.town import Town

PAGE = (ROOT / "docs/merchants.md").read_text()
CHINESE, ENGLISH = (
    half.split(f"\n### {heading}\n")[1].split("\n### ")[0]
    for half, heading in zip(PAGE.split("\n## English\n"), ("现金", "Cash"), strict=True)
)


def block(kind: str) -> Any:
    (text,) = re.findall(rf"<!-- {kind}: said -->\n```json\n(.*?)```", PAGE, re.DOTALL)
    return json.loads(text)


def test_what_is_asked_is_answered_as_it_is_shown(town: Town) -> None:
    answer = town.admin.call("PUT", "/v1/admin/cash", block("request")).expect(200)
    assert answer == block("answer") == town.admin.get("/v1/admin/cash")


def test_every_field_is_told() -> None:
    assert rows(ENGLISH) == set(CashTerms.__struct_fields__)


@pytest.mark.parametrize("half", [CHINESE, ENGLISH])
def test_what_a_field_has_in_it_is_told_in_both_languages(half: str) -> None:
    inner = [*CashLimits.__struct_fields__, "red_packet", "post", "description", "hold_days", "claim_days"]
    assert not [name for name in inner if f"`{name}`" not in half and f'"{name}"' not in half]


def test_the_defaults_are_told() -> None:
    defaults = msgspec.structs.asdict(CashLimits())
    told = "; ".join(str(defaults[name]) for name in ("times_a_day", "fen_a_day", "fen_a_year", "most_fen"))
    assert told in ENGLISH
    assert {Marketing().scene_id, Commission(post="a", description="b").scene_id} == {"1000", "1005"}
