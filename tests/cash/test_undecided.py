"""Attempts of which nothing is sure: when absence is believed, how long is asked and offered, and who hears of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.cash import offering, rules, service, settling
from chalicelib.cash.items import CashDay, CashYear, year_entry
from chalicelib.cash.problems import CASH_OVER
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.orders.stuck import StuckMoney
from chalicelib.rewards.states import CashState
from tests.cash import shop
from tests.cash.acts import ONE_DAY, failing, lost
from tests.cash.meanwhile import meanwhile
from tests.cash.shop import DAY, HOUR
from tests.cash.test_trouble import pauses
from tests.rewards import shop as rewards
from tests.town import Town


def trouble(town: Town) -> list[str]:
    """What is stuck, by its reason."""
    return [item.reason for item in town.items() if isinstance(item, StuckMoney)]


def test_absence_counts_as_of_the_question(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    lost(town, ann)
    shop.cancel(town, ann)
    clock.advance(60)
    with meanwhile(town, "GET", lambda: clock.advance(40), after=True):
        shop.fall_due(town, ann)
    found = shop.cash(town, ann)
    assert found.state is CashState.CANCELLING
    assert found.intent_at is not None
    assert found.due == found.intent_at + rules.SURELY_ABSENT


def test_what_is_offered_while_wechat_is_asked_is_not_absent(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann, form=ONE_DAY)
    lost(town, ann)
    clock.advance(2 * DAY + HOUR)
    with meanwhile(town, "GET", lambda: offering.offer_again(shop.cash(town, ann), None), after=True):
        shop.fall_due(town, ann)
    assert shop.cash(town, ann).state is CashState.WAITING


def test_what_lacks_money_at_wechat_is_offered_again(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town, fen=0)
    shop.given(town, campaign, ann)
    town.sim.faults.add("transfer", "accepted", seconds=10)
    shop.tap(town, ann)
    town.pass_time(120)
    at_wechat = shop.at_wechat(town, ann)
    assert at_wechat is not None
    assert at_wechat["state"] == "PROCESSING"
    assert shop.cash(town, ann).state is CashState.SENDING
    shop.fill(town)
    town.pass_time(600)
    assert shop.cash(town, ann).state is CashState.WAITING


def test_a_refusal_of_one_transfer_is_told_until_it_is_over(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    town.act("/_sim/scenes", mchid=town.merchant.mchid, scenes=["1005"])
    assert shop.tap(town, ann).cash.state is CashState.SENDING
    assert trouble(town) == ["transfer_refused_invalid_request"]
    assert not pauses(town)
    town.act("/_sim/scenes", mchid=town.merchant.mchid, scenes=["1000"])
    town.pass_time(600)
    shop.confirm(town, shop.tap(town, ann), ann)
    assert trouble(town) == []


def test_what_is_confirmed_can_not_be_withdrawn_and_is_paid(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    shop.confirm(town, shop.tap(town, ann), ann, seconds=600)
    shop.cancel(town, ann)
    shop.fall_due(town, ann)
    found = shop.cash(town, ann)
    assert found.state is CashState.CANCELLING
    assert [found.waits, found.fails] == [None, None]
    town.pass_time(HOUR)
    town.hear()
    assert shop.cash(town, ann).state is CashState.PAID


def test_the_day_to_confirm_begins_once(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    shop.tap(town, ann)
    begun = shop.cash(town, ann).asked_at
    clock.advance(HOUR)
    offering.offer_again(shop.cash(town, ann), None)
    assert shop.cash(town, ann).asked_at == begun


def test_an_offer_that_never_arrived_is_given_up_a_day_after_its_time(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann, form=ONE_DAY)
    lost(town, ann)
    clock.advance(2 * DAY + 1)
    town.sim.faults.add("transfer", "unreachable")
    shop.fall_due(town, ann)
    assert shop.cash(town, ann).state is CashState.SENDING
    clock.advance(90)
    shop.fall_due(town, ann)
    found = shop.cash(town, ann)
    assert (found.state, found.drawn) == (CashState.RETURNED, [])
    assert shop.at_wechat(town, ann) is None


@pytest.mark.parametrize("known", [False, True])
def test_what_wechat_may_have_forgotten_is_for_a_person(town: Town, known: bool) -> None:
    ann, campaign = town.person("ann"), shop.opened(town, fen=0)
    shop.given(town, campaign, ann)
    town.sim.faults.add("transfer", "accepted" if known else "unreachable")
    shop.tap(town, ann)
    clock.advance(rules.SURE.total_seconds() - 1)
    shop.fall_due(town, ann)
    assert trouble(town) == []
    for pause in pauses(town):
        town.emulator.forget(pause.key)
    shop.fill(town)
    clock.advance((rules.FORGOTTEN - rules.SURE + rules.SURELY_ABSENT).total_seconds())
    with meanwhile(town, "nothing", lambda: None) as calls:
        shop.fall_due(town, ann)
        shop.cancel(town, ann)
        if not known:
            shop.fall_due(town, ann)
    assert trouble(town) == ["transfer_slow"]
    assert not [call for call in calls if "POST" in call]
    assert shop.cash(town, ann).state is CashState.CANCELLING


def test_a_worker_at_the_last_instant_takes_nothing(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann, form=ONE_DAY)
    clock.advance(DAY)
    shop.fall_due(town, ann)
    assert shop.tap(town, ann).confirm


def test_numbers_run_out(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "MOST_TRIES", 2)
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    for state in (CashState.CLAIMABLE, CashState.RETURNED):
        town.sim.faults.add("transfer", "risk")
        shop.tap(town, ann)
        assert shop.cash(town, ann).state is state


def test_what_fails_during_a_pause_stays_his(town: Town) -> None:
    ann, ben, campaign = town.person("ann"), town.person("ben"), shop.opened(town, fen=100)
    for person in (ann, ben):
        shop.given(town, campaign, person, form=ONE_DAY)
    clock.advance(DAY - 60)
    shop.tap(town, ann)
    shop.tap(town, ben)
    clock.advance(120)
    failing(town, ann)()
    town.hear()
    assert shop.cash(town, ann).state is CashState.CLAIMABLE
    shop.fall_due(town, ann)
    assert shop.cash(town, ann).until > clock.now() + rules.LONGER
    clock.advance(rules.PAUSE.total_seconds())
    assert shop.tap(town, ann).cash.state is CashState.WAITING


def test_what_fails_after_a_pause_is_the_campaigns(town: Town) -> None:
    ann, ben, campaign = town.person("ann"), town.person("ben"), shop.opened(town, fen=100)
    for person in (ann, ben):
        shop.given(town, campaign, person, form=ONE_DAY)
    clock.advance(DAY - 60)
    shop.tap(town, ann)
    shop.tap(town, ben)
    clock.advance(DAY + HOUR)
    town.hear()
    assert shop.cash(town, ann).state is CashState.RETURNED


def test_a_gift_that_is_undone_calls_its_transfer_back(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    shop.tap(town, ann)
    rewards.undo(town, ann, shop.REF)
    rewards.fall_due(town, ann, shop.REF)
    assert shop.cash(town, ann).state is CashState.CANCELLING
    shop.fall_due(town, ann)
    clock.advance(3)
    town.hear()
    assert (shop.cash(town, ann).state, shop.cash(town, ann).n) == (CashState.CLAIMABLE, 2)
    with pytest.raises(RippleError, match=CASH_OVER.code):
        shop.tap(town, ann)
    town.pass_time(120)
    assert shop.cash(town, ann).state is CashState.RETURNED
    assert rewards.rebuilt(town, ann)["agree"]


def test_a_gift_that_was_paid_is_a_debt_when_it_is_undone(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    shop.confirm(town, shop.tap(town, ann), ann)
    rewards.undo(town, ann, shop.REF)
    rewards.fall_due(town, ann, shop.REF)
    assert rewards.grant(town, ann, shop.REF).debt == 100
    assert rewards.account(town, ann, "cash").debt == 100


def test_between_two_questions_a_quarter_of_the_time_passes(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    shop.tap(town, ann)
    found, minute = shop.cash(town, ann), timedelta(minutes=1)
    assert found.tapped_at is not None
    for passed, pause in ((1, 1), (8, 2), (40, 10), (400, 30)):
        now = found.tapped_at + passed * minute
        assert rules.look_again(found, now) == now + pause * minute
    found.state = CashState.SENDING
    assert rules.look_again(found, found.tapped_at + 400 * minute) == found.tapped_at + 405 * minute


def test_a_year_is_listed_and_a_day_forgotten(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    shop.given(town, campaign, ann, "later")
    shop.tap(town, ann)
    day = next(item for item in town.items() if isinstance(item, CashDay))
    year = next(item for item in town.items() if isinstance(item, CashYear))
    assert day.ttl == int((clock.parse("2026-11-11T00:00:00+08:00") + service.DAY_KEPT).timestamp())
    assert (year.gsi1pk, year.gsi1sk) == year_entry(shop.mid_of(town), ann.uid, "2026")


def test_his_cash_is_listed_the_newest_first(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    for ref in ("one", "two", "three"):
        shop.given(town, campaign, ann, ref)
        clock.advance(60)
    first, after = service.mine(shop.mid_of(town), ann.uid, 2, None)
    rest, _ = service.mine(shop.mid_of(town), ann.uid, 2, after)
    assert [one.ref for one in (*first, *rest)] == ["three", "two", "one"]
