"""What families' wallets hold: every one counted once, closed ones too, over as many answers as it takes."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.family import liability
from chalicelib.family.items import FAMILY_SHARDS, families_index
from chalicelib.family.states import FamilyState
from tests.family.shop import household
from tests.town import Town

PATH = "/v1/admin/families/liability"


def stands(town: Town, n: int, **changes: Any) -> None:
    """The ``n``th family, in the list of all."""
    mid = MerchantId(town.merchant.mid)
    place = {"gsi3pk": families_index(mid, n % FAMILY_SHARDS), "gsi3sk": f"{clock.iso(clock.now())}#{n:026d}"}
    household(town, town.person(), **place, **changes)


def test_nothing_is_owed_where_there_is_no_family(town: Town) -> None:
    none = {"families": 0, "granted_fen": 0, "paid_fen": 0, "arriving_fen": 0, "held": 0}
    shown = town.admin.get(PATH)
    assert shown == {"wallets": none, "closed": none, "whole": True, "cursor": None, "as_of": shown["as_of"]}


def test_wallets_are_added_up_and_closed_ones_are_told_beside(town: Town) -> None:
    stands(town, 1, granted=100, paid=1_000, held=2)
    stands(town, 2, paid=500, status=FamilyState.CLOSED)
    stands(town, 3, granted=7)
    shown = town.admin.get(PATH)
    assert shown["wallets"] == {"families": 3, "granted_fen": 107, "paid_fen": 1_500, "arriving_fen": 0, "held": 2}
    assert shown["closed"] == {"families": 1, "granted_fen": 0, "paid_fen": 500, "arriving_fen": 0, "held": 0}
    assert (shown["whole"], shown["cursor"]) == (True, None)


def test_more_than_an_answer_holds_is_asked_for_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liability, "AT_ONCE", 4)
    monkeypatch.setattr(liability, "PAGE", 2)
    for n in range(9):
        stands(town, n, granted=1)
    seen, cursor = [], ""
    while cursor is not None:
        shown = town.admin.get(f"{PATH}?cursor={cursor}" if cursor else PATH)
        assert shown["whole"] is False
        seen.append(shown["wallets"]["granted_fen"])
        cursor = shown["cursor"]
    assert seen == [4, 4, 1]
    assert town.admin.call("GET", f"{PATH}?cursor=AAAA").status == 422
