"""Cash whose time ends while its merchant keeps it from its user, and cash that WeChat never gets to know."""

from __future__ import annotations

import msgspec
import pytest

from chalicelib.campaigns.gifts import AsCash
from chalicelib.core import clock
from chalicelib.rewards.states import CashState
from tests.cash import shop
from tests.cash.shop import DAY
from tests.cash.test_trouble import pauses
from tests.rewards import shop as rewards
from tests.town import Town

SHORT = AsCash(hold_days=0, claim_days=1)
PAUSED = msgspec.structs.replace(shop.TERMS, paused=True)


def test_who_asked_in_time_loses_nothing_while_his_merchant_pauses(town: Town) -> None:
    ann, ben, campaign = town.person("ann"), town.person("ben"), shop.opened(town)
    shop.given(town, campaign, ann, form=SHORT)
    shop.given(town, campaign, ben, form=SHORT)
    town.sim.faults.add("transfer", "unreachable")
    shop.tap(town, ann)
    shop.set_up(town, PAUSED)
    town.pass_time(3 * DAY, 600)
    assert shop.cash(town, ben).state is CashState.CLAIMABLE
    assert shop.cash(town, ann).state is CashState.SENDING
    shop.set_up(town)
    town.pass_time(900, 60)
    assert shop.tap(town, ann).confirm


def test_an_attempt_that_fails_while_the_merchant_pauses_can_be_made_again(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann, form=SHORT)
    clock.advance(DAY - 600)
    shop.tap(town, ann)
    shop.set_up(town, PAUSED)
    shop.wait_until(town, ann, "claimable")
    town.pass_time(DAY, 600)
    shop.set_up(town)
    again = shop.tap(town, ann)
    assert again.cash.n == 2
    shop.confirm(town, again, ann)
    assert shop.cash(town, ann).state is CashState.PAID


@pytest.mark.parametrize("days", [1, 4])
def test_who_asked_in_time_waits_for_an_empty_account(town: Town, days: int) -> None:
    ann, campaign = town.person("ann"), shop.opened(town, fen=0)
    shop.given(town, campaign, ann, form=SHORT)
    clock.advance(DAY - 600)
    shop.tap(town, ann)
    town.pass_time(days * DAY + 1200, 60)
    assert shop.cash(town, ann).state is CashState.SENDING
    shop.fill(town)
    town.pass_time(600, 60)
    assert shop.tap(town, ann).confirm


@pytest.mark.parametrize("after", [1, 15, 29, 31])
def test_nothing_ends_between_a_pause_and_who_is_tried_after_it(town: Town, after: int) -> None:
    ann, ben, campaign = town.person("ann"), town.person("ben"), shop.opened(town, fen=0)
    shop.given(town, campaign, ben, form=SHORT)
    clock.advance(300 + after)
    shop.given(town, campaign, ann, form=SHORT)
    clock.advance(DAY - 600 - 2 * after)
    shop.tap(town, ann)
    clock.advance(300 + after)
    assert pauses(town)[0].until < clock.now()
    shop.fall_due(town, ben)
    shop.fall_due(town, ben)
    assert shop.cash(town, ben).state is CashState.CLAIMABLE


def test_a_pause_that_nobody_ends_keeps_nothing_for_ever(town: Town) -> None:
    ann, ben, campaign = town.person("ann"), town.person("ben"), shop.opened(town, fen=0)
    shop.given(town, campaign, ann)
    shop.given(town, campaign, ben, form=SHORT)
    shop.tap(town, ann)
    shop.cancel(town, ann)
    town.pass_time(3 * DAY, 600)
    assert pauses(town)
    assert shop.cash(town, ben).state is CashState.RETURNED
    assert rewards.budgets(town, campaign)["cash"]["taken"] == 100


def test_what_wechat_has_never_known_ends_before_it_could_have_forgotten_it(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    town.act("/_sim/faults", endpoint="transfer", kind="unreachable", count=100_000)
    shop.tap(town, ann)
    town.pass_time(25 * DAY - 1800, 7200)
    assert shop.cash(town, ann).state is CashState.SENDING
    town.pass_time(7200, 600)
    found = shop.cash(town, ann)
    assert (found.state, found.n) == (CashState.CLAIMABLE, 1)
    town.control("DELETE", "/_sim/faults", {}, None)
    assert shop.tap(town, ann).confirm


def test_that_wechat_knows_nothing_of_what_it_may_have_forgotten_proves_nothing(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann, form=AsCash(hold_days=0, claim_days=1))
    town.act("/_sim/faults", endpoint="transfer", kind="unreachable", count=100_000)
    shop.tap(town, ann)
    clock.advance(29 * DAY)
    shop.fall_due(town, ann)
    shop.cancel(town, ann)
    town.pass_time(600, 60)
    assert shop.cash(town, ann).state is CashState.CANCELLING
