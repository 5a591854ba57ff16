"""Cash that nobody can ask for does not expire: not while its merchant pays nothing, nor before a new attempt."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.campaigns.gifts import AsCash
from chalicelib.cash import rules
from chalicelib.core import clock
from chalicelib.merchants.cash import CashTerms
from chalicelib.rewards.states import CashState
from infra.local.client import Person
from tests.cash import shop
from tests.cash.shop import DAY, HOUR
from tests.town import Town

A_DAY = AsCash(hold_days=0, claim_days=1)
PAYS_NOTHING = CashTerms(kind=shop.TERMS.kind, marketing=shop.TERMS.marketing, limits=shop.TERMS.limits, paused=True)


def short_of_money(town: Town, seconds: float) -> tuple[Person, Person]:
    """Ann's attempt finds no money so many seconds before Ben's claim is over."""
    ann, ben, campaign = town.person("ann"), town.person("ben"), shop.opened(town, fen=0)
    shop.given(town, campaign, ben, form=A_DAY)
    clock.advance(DAY - seconds)
    shop.given(town, campaign, ann, form=A_DAY)
    assert shop.tap(town, ann).cash.state is CashState.SENDING
    return ann, ben


def test_no_claim_expires_between_a_pause_and_the_next_attempt(town: Town) -> None:
    _, ben = short_of_money(town, rules.PAUSE.total_seconds() + 1)
    clock.advance(rules.PAUSE.total_seconds() + 2)
    shop.fall_due(town, ben)
    found = shop.cash(town, ben)
    assert found.state is CashState.CLAIMABLE
    assert found.until > clock.now() + timedelta(hours=23)


def test_a_pause_that_nobody_tries_to_end_keeps_nothing_for_ever(town: Town) -> None:
    ann, ben = short_of_money(town, 2 * HOUR)
    shop.cancel(town, ann)
    town.pass_time(29 * HOUR, HOUR)
    assert {shop.cash(town, person).state for person in (ann, ben)} == {CashState.RETURNED}
