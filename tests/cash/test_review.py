"""Cash of somebody whom WeChat's risk rank speaks against: its merchant looks first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.cash import rules
from chalicelib.rewards.states import CashState
from infra.local.client import Person
from tests.cash import shop
from tests.cash.shop import DAY
from tests.rewards import shop as rewards
from tests.town import Town


def doubtful(town: Town, rank: int = 3, name: str = "ann") -> tuple[Person, str]:
    """Somebody of a rank, who has asked for his cash."""
    ann, campaign = town.person(name), shop.opened(town)
    town.act("/_sim/ranks", name=name, rank=rank)
    shop.given(town, campaign, ann)
    return ann, campaign


def waiting(town: Town) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = town.admin.get("/v1/admin/held")["held"]
    return found


@pytest.mark.parametrize(("rank", "asked"), [(0, False), (2, False), (3, True), (4, True)])
def test_from_rank_three_on_the_merchant_is_asked(town: Town, rank: int, asked: bool) -> None:
    ann, _ = doubtful(town, rank)
    tapped = shop.tap(town, ann)
    assert (tapped.cash.state is CashState.REVIEW) == asked
    assert len(waiting(town)) == asked
    assert shop.operations(town)["locked"] == (0 if asked else 100)


def test_what_the_merchant_approves_can_be_asked_for(town: Town) -> None:
    ann, campaign = doubtful(town)
    shop.tap(town, ann)
    assert shop.tap(town, ann).cash.state is CashState.REVIEW
    (held,) = waiting(town)
    town.admin.post(f"/v1/admin/held/{held['held_id']}/approve", {})
    found = shop.cash(town, ann)
    assert (found.state, found.cleared) == (CashState.CLAIMABLE, 1)
    assert found.note is None
    assert not waiting(town)
    assert shop.tap(town, ann).confirm
    assert shop.tally(town, campaign)["flight"] == 100


def test_the_merchant_reads_why_it_waits(town: Town) -> None:
    ann, _ = doubtful(town, 4)
    shop.tap(town, ann)
    (held,) = waiting(town)
    assert held["play"] == "cash"
    assert [why["code"] for why in held["why"]] == ["rank_worst"]


def test_an_approval_late_in_its_time_leaves_three_days(town: Town) -> None:
    ann, _ = doubtful(town)
    until = shop.cash(town, ann).until
    town.pass_time(30 * DAY - 3600, 3600)
    ann.come_back()
    shop.tap(town, ann)
    town.pass_time(2 * 3600, 600)
    (held,) = waiting(town)
    town.admin.post(f"/v1/admin/held/{held['held_id']}/approve", {})
    assert shop.cash(town, ann).until > until + rules.CLEARED_FOR - timedelta(hours=2)
    assert shop.tap(town, ann).confirm


@pytest.mark.parametrize("unseen", [False, True])
def test_what_the_merchant_refuses_or_never_sees_goes_back(town: Town, unseen: bool) -> None:
    ann, campaign = doubtful(town)
    shop.tap(town, ann)
    if unseen:
        town.pass_time(7 * DAY + 3600, 3600)
    else:
        (held,) = waiting(town)
        town.admin.post(f"/v1/admin/held/{held['held_id']}/reject", {})
    found = shop.cash(town, ann)
    assert (found.state, found.note) == (CashState.RETURNED, "not_approved" if unseen else "refused")
    assert rewards.budgets(town, campaign)["cash"]["taken"] == 0
    assert rewards.rebuilt(town, ann)["agree"]
