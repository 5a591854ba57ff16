"""While a campaign's cash waits: who is tried, who hears of it, and what nobody loses by it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.cash import offering, pausing, rules, timers
from chalicelib.cash.problems import CASH_PAUSED
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.rate import Rate
from chalicelib.rewards.states import CashState
from tests.cash import shop
from tests.cash.acts import ONE_DAY
from tests.cash.meanwhile import OFFERS, meanwhile
from tests.cash.shop import DAY
from tests.cash.test_trouble import pauses
from tests.town import Town


def test_an_offer_waits_for_its_turn(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offering, "RATE", Rate(normal=1, slow=1))
    ann, ben, campaign = town.person("ann"), town.person("ben"), shop.opened(town)
    shop.given(town, campaign, ann)
    shop.given(town, campaign, ben)
    assert shop.tap(town, ann).confirm
    assert shop.tap(town, ben).cash.state is CashState.SENDING
    assert shop.at_wechat(town, ben) is None
    town.pass_time(120)
    assert shop.cash(town, ben).state is CashState.WAITING


def withdrawn_at(town: Town, monkeypatch: pytest.MonkeyPatch, name: str) -> tuple[int, int]:
    """How many questions and withdrawals reach WeChat where two users take back what is on its way, at one a second."""
    ann, ben, campaign = town.person("ann"), town.person("ben"), shop.opened(town)
    for person in (ann, ben):
        shop.given(town, campaign, person)
        shop.tap(town, person)
        shop.cancel(town, person)
    with monkeypatch.context() as slow, town.transport.watched() as asked:
        slow.setattr(timers, name, Rate(normal=1, slow=1))
        town.minute()
    town.pass_time(120)
    assert {shop.cash(town, person).state for person in (ann, ben)} == {CashState.CLAIMABLE}
    return sum("GET" in what for what in asked), sum("cancel" in what for what in asked)


def test_transfers_are_asked_about_in_turn(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    assert withdrawn_at(town, monkeypatch, "QUESTIONS") == (1, 1)


def test_transfers_are_withdrawn_at_their_rate(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    assert withdrawn_at(town, monkeypatch, "WITHDRAWALS") == (2, 1)


def test_while_one_is_tried_the_others_wait(town: Town) -> None:
    ann, ben, cat = (town.person(name) for name in ("ann", "ben", "cat"))
    campaign = shop.opened(town, fen=0)
    for person in (ann, ben, cat):
        shop.given(town, campaign, person)
    shop.tap(town, ann)
    clock.advance(rules.PAUSE.total_seconds())
    refused = list[str]()

    def cat_asks() -> None:
        with pytest.raises(RippleError) as told:
            shop.tap(town, cat)
        refused.append(told.value.problem.code)

    with meanwhile(town, OFFERS, cat_asks):
        shop.tap(town, ben)
    assert refused == [CASH_PAUSED.code]
    assert shop.cash(town, cat).state is CashState.CLAIMABLE


def test_a_pause_that_began_anew_outlives_what_was_accepted_before(town: Town) -> None:
    ann, ben, campaign = town.person("ann"), town.person("ben"), shop.opened(town, fen=0)
    shop.given(town, campaign, ann)
    shop.given(town, campaign, ben)
    shop.tap(town, ann)
    clock.advance(rules.PAUSE.total_seconds())
    shop.fill(town)
    (first,) = pauses(town)

    def it_ends_and_begins() -> None:
        town.emulator.forget(first.key)
        clock.advance(1)
        pausing.pause(shop.mid_of(town), campaign, "NO_AUTH")

    with meanwhile(town, OFFERS, it_ends_and_begins, after=True):
        assert shop.tap(town, ben).confirm
    (second,) = pauses(town)
    assert (second.why, second.since) == ("NO_AUTH", first.since + rules.PAUSE + timedelta(seconds=1))


def test_somebody_hears_of_a_pause(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    ann, campaign = town.person("ann"), shop.opened(town, fen=0)
    shop.given(town, campaign, ann)
    shop.tap(town, ann)
    assert '"CashPaused"' in capsys.readouterr().out


def test_whoever_is_overtaken_at_the_end_of_a_pause_waits_for_its_next_end(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town, fen=0)
    shop.given(town, campaign, ann)
    shop.tap(town, ann)
    clock.advance(rules.PAUSE.total_seconds())
    town.emulator.meanwhile(lambda: pausing.pause(shop.mid_of(town), campaign, "NOT_ENOUGH"))
    shop.fall_due(town, ann)
    found = shop.cash(town, ann)
    assert found.due is not None
    assert found.due >= clock.now() + rules.PAUSE
    assert [found.waits, shop.at_wechat(town, ann)] == [None, None]


def test_nobody_loses_what_could_not_be_tried_since_a_pause(town: Town) -> None:
    ann, ben, campaign = town.person("ann"), town.person("ben"), shop.opened(town, fen=0)
    shop.given(town, campaign, ann)
    shop.given(town, campaign, ben, form=ONE_DAY)
    clock.advance(DAY - rules.PAUSE.total_seconds() - 60)
    shop.tap(town, ann)
    clock.advance(rules.PAUSE.total_seconds() + 61)
    shop.fall_due(town, ben)
    found = shop.cash(town, ben)
    assert (found.state, found.until) == (CashState.CLAIMABLE, clock.now() + rules.LONGER)
