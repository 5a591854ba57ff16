"""Cash when WeChat refuses, does not answer, or knows nothing: never twice, never lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.cash.items import CashPause
from chalicelib.cash.problems import CASH_PAUSED
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.rewards.states import CashState
from chalicelib.wechat.http import Response
from tests.cash import shop
from tests.town import Town


def pauses(town: Town) -> list[CashPause]:
    return [item for item in town.items() if isinstance(item, CashPause)]


def test_an_empty_account_pauses_the_campaigns_cash_and_resumes_by_itself(town: Town) -> None:
    ann, ben, campaign = town.person("ann"), town.person("ben"), shop.opened(town, fen=0)
    shop.given(town, campaign, ann)
    shop.given(town, campaign, ben)
    assert shop.tap(town, ann).cash.state is CashState.SENDING
    (pause,) = pauses(town)
    assert pause.why == "NOT_ENOUGH"
    with pytest.raises(RippleError, match=CASH_PAUSED.code):
        shop.tap(town, ben)
    town.pass_time(600)
    assert shop.cash(town, ann).state is CashState.SENDING
    assert pauses(town)[0].since == pause.since
    shop.fill(town)
    town.pass_time(600)
    assert shop.cash(town, ann).state is CashState.WAITING
    assert not pauses(town)
    assert shop.tap(town, ben).confirm
    shop.confirm(town, shop.tap(town, ann), ann)
    assert shop.cash(town, ann).n == 1


def test_an_answer_that_was_lost_is_asked_for_under_the_same_number(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    town.sim.faults.add("transfer", "lost")
    tapped = shop.tap(town, ann)
    assert (tapped.cash.state, tapped.confirm) == (CashState.SENDING, None)
    town.pass_time(120)
    assert shop.cash(town, ann).state is CashState.WAITING
    assert shop.operations(town)["locked"] == 100
    assert len(town.sim.world.transfers) == 1


def test_a_call_that_never_arrived_is_made_again(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    town.sim.faults.add("transfer", "unreachable")
    shop.tap(town, ann)
    assert shop.at_wechat(town, ann) is None
    town.pass_time(120)
    assert shop.cash(town, ann).state is CashState.WAITING


def test_what_wechat_surely_does_not_know_keeps_its_number(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    town.sim.faults.add("transfer", "unreachable")
    shop.tap(town, ann)
    shop.cancel(town, ann)
    clock.advance(60)
    shop.fall_due(town, ann)
    assert shop.cash(town, ann).state is CashState.CANCELLING
    clock.advance(30)
    shop.fall_due(town, ann)
    found = shop.cash(town, ann)
    assert (found.state, found.n) == (CashState.CLAIMABLE, 1)
    assert found.day is None
    shop.confirm(town, shop.tap(town, ann), ann)
    assert shop.cash(town, ann).state is CashState.PAID


def test_a_failure_of_risk_is_tried_under_the_next_number(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    town.sim.faults.add("transfer", "risk")
    assert shop.tap(town, ann).cash.state is CashState.CLAIMABLE
    assert (shop.cash(town, ann).n, shop.cash(town, ann).failed) == (2, "TRANSFER_RISK")


def test_money_that_wechat_does_not_find_for_half_an_hour_is_heard_of(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    ann, campaign = town.person("ann"), shop.opened(town, fen=0)
    shop.given(town, campaign, ann)
    town.sim.faults.add("transfer", "processing", count=1)
    shop.tap(town, ann)
    town.pass_time(1500)
    assert "cash_paused" not in capsys.readouterr().out
    town.pass_time(1200)
    assert '"wechat_code":"PROCESSING"' in capsys.readouterr().out
    shop.fill(town)
    town.pass_time(600)
    assert shop.cash(town, ann).state is CashState.WAITING
    capsys.readouterr()
    town.pass_time(3600)
    assert "cash_paused" not in capsys.readouterr().out


def test_no_cash_expires_while_it_is_paused(town: Town) -> None:
    ann, ben, campaign = town.person("ann"), town.person("ben"), shop.opened(town, fen=0)
    shop.given(town, campaign, ann)
    shop.given(town, campaign, ben)
    clock.advance(30 * shop.DAY - 60)
    shop.tap(town, ann)
    town.pass_time(1800)
    assert shop.cash(town, ben).state is CashState.CLAIMABLE
    shop.fill(town)
    town.pass_time(600)
    assert shop.tap(town, ben).confirm


def test_of_many_that_wait_one_is_tried(town: Town) -> None:
    campaign, people = shop.opened(town, fen=0), [town.person() for _ in range(4)]
    for person in people:
        shop.given(town, campaign, person)
    for person in people:
        if not pauses(town):
            shop.tap(town, person)
    (pause,) = pauses(town)
    for person in people[1:]:
        clock.advance((pauses(town)[0].until - clock.now()).total_seconds())
        shop.tap(town, person)
    clock.advance((pauses(town)[0].until - clock.now()).total_seconds())
    offered = list[str]()

    def gate(what: str, send: Callable[[], Response]) -> Response:
        offered.extend([what] if what.startswith("WeChat POST") else [])
        return send()

    town.transport.gate = gate
    for person in people:
        shop.fall_due(town, person)
    assert len(offered) == 1
    assert pauses(town)[0].since == pause.since


def test_a_transfer_that_wechat_never_takes_is_not_the_only_one_that_is_tried(town: Town) -> None:
    ann, ben, campaign = town.person("ann"), town.person("ben"), shop.opened(town, fen=0)
    town.act("/_sim/scenes", mchid=town.merchant.mchid, scenes=["1000", "1005"])
    shop.given(town, campaign, ann, why=shop.COMMISSION)
    shop.given(town, campaign, ben)
    shop.tap(town, ann)
    town.act("/_sim/scenes", mchid=town.merchant.mchid, scenes=["1000"])
    shop.fill(town)
    (pause,) = pauses(town)
    town.pass_time(400, 20)
    assert pauses(town)[0].since == pause.since
    assert shop.tap(town, ben).confirm
    assert not pauses(town)
    assert shop.cash(town, ann).state is CashState.SENDING
