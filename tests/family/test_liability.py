"""What families' wallets hold: every one counted once, closed ones too, over as many answers as it takes."""

from __future__ import annotations

import pytest

from chalicelib.core.ids import MerchantId
from chalicelib.family import liability
from chalicelib.family.items import family_key
from chalicelib.family.states import FamilyState
from tests.family.topup_shop import as_if, listed
from tests.town import Town

PATH = "/v1/admin/families/liability"


def test_nothing_is_owed_where_there_is_no_family(town: Town) -> None:
    none = {"families": 0, "granted_fen": 0, "paid_fen": 0, "arriving_fen": 0, "held": 0}
    shown = town.admin.get(PATH)
    assert shown == {"wallets": none, "closed": none, "whole": True, "cursor": None, "as_of": shown["as_of"]}


def test_wallets_are_added_up_and_closed_ones_are_told_beside(town: Town) -> None:
    listed(town, town.person(), granted=100, paid=1_000)
    other, third = listed(town, town.person(), paid=500), listed(town, town.person(), granted=7)
    closed, holding = (family_key(MerchantId(town.merchant.mid), fid) for fid in (other, third))
    with as_if(town, closed, status=FamilyState.CLOSED), as_if(town, holding, held=2, arriving=30):
        shown = town.admin.get(PATH)
    assert shown["wallets"] == {"families": 3, "granted_fen": 107, "paid_fen": 1_500, "arriving_fen": 30, "held": 2}
    assert shown["closed"] == {"families": 1, "granted_fen": 0, "paid_fen": 500, "arriving_fen": 0, "held": 0}
    assert (shown["whole"], shown["cursor"]) == (True, None)


def test_more_than_an_answer_holds_is_asked_for_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liability, "AT_ONCE", 4)
    monkeypatch.setattr(liability, "PAGE", 2)
    for _ in range(9):
        listed(town, town.person(), granted=1)
    seen, cursor = [], ""
    while cursor is not None:
        shown = town.admin.get(f"{PATH}?cursor={cursor}" if cursor else PATH)
        assert shown["whole"] is False
        seen.append(shown["wallets"]["granted_fen"])
        cursor = shown["cursor"]
    assert seen == [4, 4, 1]
    assert town.admin.call("GET", f"{PATH}?cursor=AAAA").status == 422
