"""An order whose time is over, and a WeChat that answers what nobody expects."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from chalicelib.core import clock, due
from chalicelib.core.money import Fen
from chalicelib.core.rate import Rate
from chalicelib.orders import payment, timers
from chalicelib.orders.numbers import refund_number
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.states import OrderState
from chalicelib.orders.stuck import StuckMoney
from chalicelib.wechat import pay
from chalicelib.wechat.account import PayAccount
from chalicelib.wechat.http import WechatError
from chalicelib.wechat.pay import Closed
from chalicelib.wechat.trade import Trade
from tests import invariants
from tests.emulator import Call
from tests.groupbuy.scenes import at_wechat, pays_after_all
from tests.orders.test_late_payment import late_trade, stored
from tests.town import Death, Town


def test_a_payment_that_differs_holds_up_nobody_elses_group(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    leader, opened = town.opened(town.campaign(size=3, group_seconds=3600))
    member = town.person()
    seat = member.join(opened["group_id"]).expect(201)
    member.pay(seat, notify=False).expect(200)
    ask = pay.query

    def another_amount(account: PayAccount, number: str) -> Trade | None:
        trade = ask(account, number)
        return replace(trade, total=Fen(1)) if trade and number.startswith(seat["order_id"]) else trade

    monkeypatch.setattr(pay, "query", another_amount)
    town.pass_time(7200)
    town.stream()
    leader.come_back()
    member.come_back()
    assert leader.order(opened["order_id"])["state"] == "refund"
    assert member.order(seat["order_id"])["state"] == "released"
    assert [item.reason for item in town.items() if isinstance(item, StuckMoney)] == ["payment_differs"]


def test_orders_are_closed_in_turn(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = town.campaign(size=4)
    orders = [town.person().open(campaign).expect(201)["order_id"] for _ in range(3)]
    clock.advance(7200)
    monkeypatch.setattr(timers, "RATE", Rate(normal=1, slow=1))
    with town.transport.watched() as asked:
        for number in (1, 2, 3):
            town.minute()
            assert sum("GET" in what for what in asked) == number
            assert [stored(town, oid).state for oid in orders].count(OrderState.RELEASED) == number
            clock.advance(1)


def test_a_refusal_of_wechat_is_an_answer_that_decides_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    _, opened = town.opened(town.campaign(group_seconds=3600))
    member = town.person()
    seat = member.join(opened["group_id"]).expect(201)
    answers = iter(range(10_000))

    def refused(account: PayAccount, number: str) -> Trade | None:
        if next(answers) % 2:
            raise WechatError("NO_AUTH", status=403)
        return None

    with monkeypatch.context() as silent:
        silent.setattr(pay, "query", refused)
        silent.setattr(pay, "close", lambda account, number: Closed.PAID)
        town.pass_time(3600)
    assert due.dead() == []
    town.pass_time(600)
    member.come_back()
    assert member.order(seat["order_id"])["state"] == "released"


def test_stuck_money_is_told_although_the_process_dies(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    _, opened = town.opened(town.campaign())
    seat = town.person().join(opened["group_id"]).expect(201)
    trade = replace(late_trade(town, seat["order_id"]), total=Fen(1))
    ref = PaymentRef.of(stored(town, seat["order_id"]))

    def die(call: Call) -> None:
        if b"|STUCK#" in call.body:
            raise Death

    town.emulator.after = die
    with pytest.raises(Death):
        payment.take(ref, trade)
    assert '"StuckMoney":1' in capsys.readouterr().out


def test_an_hour_without_wechat_delays_everything_and_loses_nothing(town: Town) -> None:
    _, opened = town.opened(town.campaign(size=4, group_seconds=3600))
    paid, unpaid = town.person(), town.person()
    seats = [person.join(opened["group_id"]).expect(201) for person in (paid, unpaid)]
    paid.pay(seats[0], notify=False).expect(200)
    for endpoint in ("prepay", "query", "close", "refund"):
        town.act("/_sim/faults", endpoint=endpoint, kind="unreachable", count=10_000)
    town.pass_time(3 * 3600, tick=300)
    town.stream()
    paid.come_back()
    assert paid.order(seats[0]["order_id"])["state"] == "closing"
    assert due.dead() == []
    town.control("DELETE", "/_sim/faults", {}, None).expect(200)
    town.pass_time(3600)
    town.stream()
    town.pass_time(2 * 3600, tick=300)
    invariants.at_rest(town.items(), town.sim.world)
    paid.come_back()
    assert paid.order(seats[0]["order_id"])["state"] == "refund"
    assert [refund["status"] for refund in town.refunds(seats[0]["order_id"])] == ["SUCCESS"]


def test_of_two_attempts_that_were_both_paid_the_first_is_kept_and_the_second_goes_back(town: Town) -> None:
    _, opened = town.opened(town.campaign(size=3))
    member = town.person()
    seat = member.join(opened["group_id"]).expect(201)
    first = at_wechat(town, seat, 1)
    first.closed = True
    again = member.api.post(f"/v1/orders/{seat['order_id']}/prepay")
    member.pay(again, notify=False).expect(200)
    pays_after_all(town, seat)()
    assert member.order(seat["order_id"])["state"] == "paid"
    assert town.act("/_sim/notify", out_trade_no=f"{seat['order_id']}-2")["status"] == 204
    town.pass_time(600)
    town.stream()
    town.hear()
    second = at_wechat(town, seat, 2)
    assert [refund.out_refund_no for refund in second.refunds] == [refund_number(seat["order_id"], 2)]
    assert first.refunds == []
    assert member.order(seat["order_id"])["state"] == "paid"
