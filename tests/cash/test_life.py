"""Cash from the gift to the account at WeChat: each state, and what it leaves."""

from __future__ import annotations

import pytest

from chalicelib.campaigns.gifts import AsCash
from chalicelib.cash import rules, service
from chalicelib.cash.problems import CASH_NOT_SENT, CASH_NOT_YET, CASH_OVER
from chalicelib.core import clock
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.rewards.states import CashState
from chalicelib.wechat.transfer import TransferState
from tests.cash import shop
from tests.cash.shop import DAY
from tests.rewards import shop as rewards
from tests.town import Town


def test_a_gift_of_cash_waits_for_its_user(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    found = shop.cash(town, ann)
    assert (found.state, found.amount, found.n, found.due) == (CashState.CLAIMABLE, 100, 1, found.until)
    assert shop.tally(town, campaign) == {"claimable": 100, "flight": 0, "paid": 0, "returned": 0}
    assert rewards.grant(town, ann, "gift-1").drawn == []


def test_a_tap_asks_wechat_at_once_and_the_user_confirms(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    tapped = shop.tap(town, ann)
    assert tapped.cash.state is CashState.WAITING
    assert tapped.confirm is not None
    assert set(tapped.confirm) == {"mchId", "appId", "package"}
    assert shop.operations(town)["locked"] == 100
    shop.confirm(town, tapped, ann)
    found = shop.cash(town, ann)
    assert found.state is CashState.PAID
    assert [found.due, found.body, found.package] == [None] * 3
    assert shop.operations(town)["paid"] == 100
    assert shop.tally(town, campaign) == {"claimable": 0, "flight": 0, "paid": 100, "returned": 0}
    (row,) = shop.ended(town, ann)
    assert (row.state, row.amount, row.number) == (TransferState.SUCCESS, 100, shop.number_of(ann))
    assert rewards.rebuilt(town, ann)["agree"]


def test_a_second_tap_has_the_same_page(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    first = shop.tap(town, ann)
    assert shop.tap(town, ann).confirm == first.confirm
    assert shop.operations(town)["locked"] == 100


def test_what_nobody_confirms_can_be_asked_for_again_under_the_next_number(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    shop.tap(town, ann)
    clock.advance(DAY + 60)
    assert service.told(shop.cash(town, ann)).confirm is None
    shop.wait_until(town, ann, "claimable")
    found = shop.cash(town, ann)
    assert (found.n, found.failed) == (2, "OVERDUE_CLOSE")
    assert found.day is None
    assert shop.operations(town) == {"available": 100_000, "locked": 0, "paid": 0}
    shop.confirm(town, shop.tap(town, ann), ann)
    assert shop.cash(town, ann).state is CashState.PAID
    assert [row.state for row in shop.ended(town, ann)] == [TransferState.FAIL, TransferState.SUCCESS]


def test_what_nobody_asks_for_goes_back_to_the_budget(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    assert rewards.budgets(town, campaign)["cash"]["taken"] == 100
    town.pass_time(30 * DAY + 3600, 3600)
    found = shop.cash(town, ann)
    assert (found.state, found.drawn, found.note, found.due) == (CashState.RETURNED, [], "not_claimed", None)
    assert rewards.budgets(town, campaign)["cash"]["taken"] == 0
    assert shop.tally(town, campaign) == {"claimable": 0, "flight": 0, "paid": 0, "returned": 100}
    with pytest.raises(RippleError, match=CASH_OVER.code):
        shop.tap(town, ann)
    assert rewards.rebuilt(town, ann)["agree"]


def test_it_can_be_asked_for_when_its_hold_is_over_and_not_before(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann, form=AsCash(hold_days=7, claim_days=1))
    clock.advance(7 * DAY - 1)
    with pytest.raises(RippleError, match=CASH_NOT_YET.code):
        shop.tap(town, ann)
    clock.advance(1)
    assert shop.tap(town, ann).confirm


def test_its_last_instant_is_still_in_time(town: Town) -> None:
    ann, ben, campaign = town.person("ann"), town.person("ben"), shop.opened(town)
    shop.given(town, campaign, ann, form=AsCash(hold_days=0, claim_days=1))
    shop.given(town, campaign, ben, form=AsCash(hold_days=0, claim_days=1))
    clock.advance(DAY)
    assert shop.tap(town, ann).confirm
    clock.advance(0.001)
    with pytest.raises(RippleError, match=CASH_OVER.code):
        shop.tap(town, ben)


def test_a_user_takes_his_asking_back(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    shop.tap(town, ann)
    assert shop.cancel(town, ann).state is CashState.CANCELLING
    assert shop.cancel(town, ann).state is CashState.CANCELLING
    assert shop.tap(town, ann).confirm is None
    shop.wait_until(town, ann, "claimable")
    assert (shop.cash(town, ann).n, shop.operations(town)["available"]) == (2, 100_000)
    with pytest.raises(RippleError, match=CASH_NOT_SENT.code):
        shop.cancel(town, ann)


def test_a_confirmation_that_overtakes_the_withdrawal_is_a_payment(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    tapped = shop.tap(town, ann)
    shop.cancel(town, ann)
    shop.confirm(town, tapped, ann)
    assert shop.cash(town, ann).state is CashState.PAID


def test_what_ends_after_its_time_goes_back_to_the_budget(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann, form=AsCash(hold_days=0, claim_days=1))
    clock.advance(DAY - 60)
    shop.tap(town, ann)
    shop.wait_until(town, ann, "returned")
    assert shop.cash(town, ann).failed == "OVERDUE_CLOSE"
    assert rewards.budgets(town, campaign)["cash"]["taken"] == 0
    assert rewards.rebuilt(town, ann)["agree"]


def test_foreign_cash_is_not_there(town: Town) -> None:
    ann, ben, campaign = town.person("ann"), town.person("ben"), shop.opened(town)
    shop.given(town, campaign, ann)
    with pytest.raises(RippleError, match=NOT_FOUND.code):
        shop.tap(town, ben)
    assert rules.CONFIRM_TIME.total_seconds() == DAY
