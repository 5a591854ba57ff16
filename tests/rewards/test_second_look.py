"""What a second look at value found: what orders hold while it is taken back, and grants that change meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core.store import read_one
from chalicelib.rewards import grants
from chalicelib.rewards.grants import Less
from chalicelib.rewards.items import Grant, grant_key
from chalicelib.rewards.plugged import SOURCES
from tests.rewards.shop import budgets, fall_due, give, grant, offer, promise
from tests.town import Town


def test_a_grant_that_became_less_meanwhile_gives_back_what_it_has(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    shop, ann = town.campaign(offer(fen=1000)), town.person()
    give(town, shop, ann, "other")
    assert promise(town, shop, ann, "one", seconds=0)
    before = budgets(town, shop)["fen"]["left"]
    key, stale = grant_key(grant(town, ann, "one").mid, ann.uid, "one"), grant(town, ann, "one")

    class Smaller:
        def rule(self, found: Grant) -> Any:
            return Less(40)

    monkeypatch.setitem(SOURCES, "tests", Smaller())
    fall_due(town, ann, "one")
    assert budgets(town, shop)["fen"]["left"] == before + 60
    seen = [stale]
    monkeypatch.setattr(grants, "read_one", lambda kind, at: seen.pop() if seen else read_one(kind, at))
    grants.undo(key, "order_refunded")
    assert not seen
    assert budgets(town, shop)["fen"]["left"] == before + 100
