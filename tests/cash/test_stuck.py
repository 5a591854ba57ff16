"""Transfers that WeChat refuses or is silent about are listed, explained, tried at once when asked, gone at last."""

from __future__ import annotations

import pytest

from chalicelib.cash.driving import DRIVER
from chalicelib.cash.settling import TRANSFER
from chalicelib.core import clock
from chalicelib.orders import stuck
from chalicelib.orders.stuck import Reason
from chalicelib.rewards.states import CashState
from infra.local.client import Person
from tests.cash import books_shop as books
from tests.cash import shop
from tests.cash.test_flow_differences import rows
from tests.orders.test_desk import act
from tests.town import Town


@pytest.fixture
def refused(town: Town) -> Person:
    """Somebody whose transfer WeChat refuses, as long as it is not told to take it."""
    campaign, ann = books.opened(town), town.person("ann")
    town.act("/_sim/scenes", mchid=town.merchant.mchid, scenes=[])
    shop.given(town, campaign, ann)
    assert shop.tap(town, ann).cash.state is CashState.SENDING
    return ann


def test_a_refused_transfer_is_listed_tried_at_once_when_asked_and_gone(town: Town, refused: Person) -> None:
    (row,) = rows(town)
    assert (row["reason"], row["number"]) == ("transfer_refused_invalid_request", shop.number_of(refused))
    assert (row["retryable"], row["order_id"], row["facts"]["amount_fen"]) == (True, None, 100)
    assert act(town, row, "resolve", {"note": "paid by hand"}).body["code"] == "stuck_still_owed"
    town.act("/_sim/scenes", mchid=town.merchant.mchid, scenes=["1000"])
    assert act(town, row, "retry").status == 204
    town.minute()
    assert shop.cash(town, refused).state is CashState.WAITING
    (row,) = rows(town)
    shop.confirm(town, shop.tap(town, refused), refused)
    assert (rows(town), act(town, row, "retry").status) == ([], 404)


def test_a_late_word_of_an_attempt_that_has_ended_can_be_resolved(town: Town, refused: Person) -> None:
    town.act("/_sim/scenes", mchid=town.merchant.mchid, scenes=["1000"])
    town.pass_time(600)
    shop.cancel(town, refused)
    shop.wait_until(town, refused, "claimable")
    stuck.record(shop.mid_of(town), Reason.TRANSFER_SLOW, shop.number_of(refused), {"amount_fen": 100}, effect=TRANSFER)
    assert shop.tap(town, refused).cash.n == 2
    (row,) = rows(town)
    assert act(town, row, "retry").body["code"] == "stuck_not_retryable"
    assert act(town, row, "resolve", {"note": "it was over before"}).status == 204
    assert rows(town) == []


def test_a_transfer_without_an_end_is_told_after_days_and_asked_about_when_somebody_wants_it(town: Town) -> None:
    campaign, ann = books.opened(town), town.person("ann")
    books.asked(town, campaign, ann)
    town.act("/_sim/faults", endpoint="transfer_query", kind="unreachable", count=100_000)
    town.act("/_sim/faults", endpoint="notify", kind="lost", count=100_000)
    clock.advance(26 * shop.DAY)
    shop.fall_due(town, ann)
    (row,) = rows(town)
    assert (row["reason"], row["retryable"]) == ("transfer_slow", True)
    town.control("DELETE", "/_sim/faults", {}, None)
    assert act(town, row, "retry").status == 204
    town.minute()
    assert (shop.cash(town, ann).n, rows(town)) == (2, [])


def test_what_ends_while_somebody_wants_it_tried_is_due_no_more(
    town: Town, refused: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.act("/_sim/scenes", mchid=town.merchant.mchid, scenes=["1000"])
    tried = stuck.is_tried

    def meanwhile(row: stuck.StuckMoney) -> bool:
        seen = tried(row)
        if seen:
            town.pass_time(300)
            shop.confirm(town, shop.tap(town, refused), refused)
        return seen

    (row,) = rows(town)
    monkeypatch.setattr(stuck, "is_tried", meanwhile)
    assert act(town, row, "retry").status == 404
    found = shop.cash(town, refused)
    assert (found.state, found.due) == (CashState.PAID, None)


@pytest.mark.parametrize("number", ["OLDSHOP17", ""])
def test_what_is_no_number_of_ours_has_nobody_who_tries(town: Town, number: str) -> None:
    mid = shop.mid_of(town)
    stuck.record(mid, Reason.TRANSFER_REFUSED, number, {"amount_fen": 1}, code="X")
    assert [(row["retryable"], row["reason"]) for row in rows(town)] == [(False, "transfer_refused_x")]
    assert DRIVER.key(mid, number) is None


def test_only_cash_that_is_on_its_way_is_tried(town: Town) -> None:
    campaign, ann = books.opened(town), town.person("ann")
    tapped = books.asked(town, campaign, ann)
    number = shop.number_of(ann)
    assert DRIVER.tries(shop.cash(town, ann), number)
    assert not DRIVER.tries(shop.cash(town, ann), shop.number_of(ann, n=2))
    assert not DRIVER.tries(shop.cash(town, ann), "OLDSHOP17")
    assert not DRIVER.tries(books.setup(town), number)
    shop.confirm(town, tapped, ann)
    assert not DRIVER.tries(shop.cash(town, ann), number)
