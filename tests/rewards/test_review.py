"""Grants that wait for the merchant: what he sees, and what his decision does, once."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.campaigns.gifts import Form
from chalicelib.core import clock
from chalicelib.rewards import times
from infra.local.client import Person, Reply
from tests import invariants
from tests.rewards import shop
from tests.rewards.shop import COUPON, rewards, told
from tests.town import Town


def doubt(town: Town, form: Form = shop.BALANCE) -> tuple[Person, str]:
    """Somebody whose gift is doubtful, and the campaign."""
    ann, campaign = town.person("ann"), town.campaign(shop.offer())
    shop.promise(town, campaign, ann, "doubt", 300, form, subject="doubtful", seconds=0)
    shop.fall_due(town, ann, "doubt")
    return ann, campaign


def waiting(town: Town) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = town.admin.get("/v1/admin/held")["held"]
    return found


def decide(town: Town, held_id: str, what: str, key: str | None = None) -> Reply:
    return town.admin.call("POST", f"/v1/admin/held/{held_id}/{what}", {"note": "we asked him"}, key=key)


def test_it_is_listed_with_its_reasons(town: Town) -> None:
    ann, _ = doubt(town)
    (row,) = waiting(town)
    assert (row["play"], row["object_id"]) == ("rewards", ann.uid)
    assert [why["code"] for why in row["why"]] == ["star", "chain"]
    assert row["held_at"] == told(clock.now())
    assert row["decides_at"] == told(clock.now() + times.REVIEW)


def test_approved_it_is_given_once(town: Town) -> None:
    ann, campaign = doubt(town)
    (row,) = waiting(town)
    first = decide(town, row["held_id"], "approve", key="one-key-to-approve").expect(200)
    assert decide(town, row["held_id"], "approve", key="one-key-to-approve").expect(200) == first
    assert decide(town, row["held_id"], "reject").expect(409)["code"] == "not_held"
    assert (rewards(ann)[0]["state"], shop.balance(town, ann)) == ("granted", (300, 0))
    assert waiting(town) == []
    assert shop.budgets(town, campaign)["fen"]["taken"] == 300
    assert shop.audited(town, "held.approve")[1] == {"decision": "approved", "note": "we asked him"}
    invariants.check(town.books())


def test_refused_it_is_void_and_the_budget_is_free(town: Town) -> None:
    ann, campaign = doubt(town)
    (row,) = waiting(town)
    decide(town, row["held_id"], "reject").expect(200)
    line = rewards(ann, **{"Accept-Language": "en"})[0]
    assert (line["state"], line["reason"]) == ("void", "It did not pass the check.")
    assert shop.recorded(town, ann)[0]["reasons"] == [{"code": "refused", "detail": "商家已拒绝"}]
    assert shop.budgets(town, campaign)["fen"]["taken"] == 0
    assert waiting(town) == []
    invariants.check(town.books())


@pytest.mark.parametrize(("form", "state"), [(shop.BALANCE, "void"), (COUPON, "granted"), (shop.POINTS, "granted")])
def test_unseen_what_is_worth_money_is_not_given(town: Town, form: Form, state: str) -> None:
    ann, _ = doubt(town, form)
    clock.advance(7 * 86_400)
    town.minute()
    ann.come_back()
    assert rewards(ann)[0]["state"] == state
    assert waiting(town) == []
    invariants.check(town.books())


def test_undone_it_waits_no_more(town: Town) -> None:
    ann, _ = doubt(town)
    (row,) = waiting(town)
    shop.undo(town, ann, "doubt")
    assert decide(town, row["held_id"], "approve").expect(409)["code"] == "not_held"
    assert rewards(ann)[0]["state"] == "void"
    invariants.check(town.books())
