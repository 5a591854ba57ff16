"""Money for a seat that was already given back: it takes the seat again where it can, and goes back where it cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.accounts.items import User
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.money import Fen
from chalicelib.core.store import read_one
from chalicelib.merchants.service import pay_account
from chalicelib.orders import payment
from chalicelib.orders.items import Order, Payment, order_key
from chalicelib.orders.numbers import trade_number
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.states import Disposition
from chalicelib.orders.stuck import StuckMoney
from chalicelib.wechat import http
from chalicelib.wechat.http import Response, Transport
from chalicelib.wechat.trade import Trade, TradeState
from infra.local.client import Person
from tests import invariants
from tests.town import Town


def stored(town: Town, order_id: str) -> Order:
    order = read_one(Order, order_key(MerchantId(town.merchant.mid), order_id))
    assert order is not None
    return order


def late_trade(town: Town, order_id: str) -> Trade:
    """What WeChat says when it contradicts its own answer: the attempt was paid after all."""
    order = stored(town, order_id)
    account = pay_account(order.mid)
    payer = next(i for i in town.items() if isinstance(i, User) and i.uid == order.uid)
    return Trade(
        appid=account.appid,
        mchid=account.mchid,
        out_trade_no=trade_number(order.oid, 1),
        state=TradeState.SUCCESS,
        state_name="SUCCESS",
        transaction_id=f"4200{order.oid}",
        openid=payer.openid,
        attach=PaymentRef.of(order).attach(),
        total=Fen(order.cash_fen),
        payer_total=Fen(order.cash_fen),
        currency="CNY",
        success_time=clock.now(),
    )


def pay_late(town: Town, order_id: str) -> str:
    """Take such a payment; what it turned out to be."""
    return payment.take(PaymentRef.of(stored(town, order_id)), late_trade(town, order_id))


def released(town: Town, group_id: str, sku_id: str | None = None) -> tuple[Person, str]:
    """Somebody whose seat was released, and his order."""
    late = town.person()
    seat = late.join(group_id, sku_id).expect(201)
    late.api.post(f"/v1/orders/{seat['order_id']}/cancel")
    town.minute()
    assert late.order(seat["order_id"])["state"] == "released"
    return late, seat["order_id"]


def test_nobody_looks_after_a_released_order_any_more(town: Town) -> None:
    _, opened = town.opened(town.campaign())
    _, order_id = released(town, opened["group_id"])
    assert stored(town, order_id).due is None


def dispositions(town: Town, order_id: str) -> list[Disposition]:
    return [i.disposition for i in town.items() if isinstance(i, Payment) and i.pk.endswith(order_id)]


def test_with_room_the_seat_is_taken_again(town: Town) -> None:
    leader, opened = town.opened(town.campaign())
    late, order_id = released(town, opened["group_id"])
    assert pay_late(town, order_id) == "seated"
    assert pay_late(town, order_id) == "duplicate"
    page = late.group(opened["group_id"])
    assert (page["paid"], page["left"], page["my_seat"]["state"]) == (2, 1, "paid")
    assert leader.group(opened["group_id"])["status"] == "open"


def test_the_last_seat_taken_again_completes_the_group(town: Town) -> None:
    _, opened = town.opened(town.campaign(size=2))
    late, order_id = released(town, opened["group_id"])
    assert pay_late(town, order_id) == "completes"
    assert late.group(opened["group_id"])["status"] == "succeeded"
    town.minute()
    assert late.order(order_id)["state"] == "confirmed"


def test_in_a_settling_group_the_seat_is_taken_again_too(town: Town) -> None:
    _, opened = town.opened(town.campaign(group_seconds=3600))
    late, order_id = released(town, opened["group_id"])
    clock.advance(3400)
    slow = town.person()
    slow.join(opened["group_id"]).expect(201)
    town.act("/_sim/faults", endpoint="query", kind="5xx", count=10_000)
    clock.advance(260)
    town.minute()
    assert late.group(opened["group_id"])["status"] == "settling"
    assert pay_late(town, order_id) == "seated"


def owed_back(town: Town, order_id: str, late: Person) -> None:
    assert pay_late(town, order_id) == "owed"
    assert pay_late(town, order_id) == "duplicate"
    assert dispositions(town, order_id) == [Disposition.OWED]
    late.come_back()
    assert late.order(order_id)["state"] == "refund"
    invariants.check(town.items())


def test_without_room_it_goes_back(town: Town) -> None:
    _, opened = town.opened(town.campaign(size=2))
    late, order_id = released(town, opened["group_id"])
    town.person().join(opened["group_id"]).expect(201)
    owed_back(town, order_id, late)


def test_after_the_outcome_it_goes_back(town: Town) -> None:
    _, opened = town.opened(town.campaign(group_seconds=3600))
    late, order_id = released(town, opened["group_id"])
    town.pass_time(3700)
    owed_back(town, order_id, late)


def test_it_never_touches_a_newer_seat_of_the_same_user(town: Town) -> None:
    _, opened = town.opened(town.campaign())
    late, old = released(town, opened["group_id"])
    newer = late.join(opened["group_id"]).expect(201)
    owed_back(town, old, late)
    late.pay(newer).expect(200)
    town.hear()
    assert late.group(opened["group_id"])["my_seat"] == {"state": "paid", "order_id": newer["order_id"]}


def test_not_beyond_the_users_limits(town: Town) -> None:
    campaign = town.campaign(limits={"open": 5, "join": 5, "take_part": 1})
    _, opened = town.opened(campaign)
    _, other = town.opened(campaign)
    late, order_id = released(town, opened["group_id"])
    late.join(other["group_id"]).expect(201)
    owed_back(town, order_id, late)


@pytest.mark.parametrize(("left", "outcome"), [(1, "seated"), (0, "owed")])
def test_with_several_skus_only_with_a_unit_of_its_own(town: Town, left: int, outcome: str) -> None:
    red, blue = {**town.sku(), "sku_id": "red", "stock": 2}, {**town.sku(), "sku_id": "blue", "stock": 2}
    campaign = town.campaign(size=4, skus=[red, blue])
    leader = town.person()
    seat = leader.open(campaign, "red").expect(201)
    leader.pay(seat).expect(200)
    town.hear()
    _, order_id = released(town, seat["group_id"], "blue")
    for _ in range(2 - left):
        town.person().join(seat["group_id"], "blue").expect(201)
    assert pay_late(town, order_id) == outcome
    invariants.check(town.items())


def test_a_leader_whose_group_is_void_gets_his_money_back(town: Town) -> None:
    leader = town.person()
    seat = leader.open(town.campaign()).expect(201)
    leader.api.post(f"/v1/orders/{seat['order_id']}/cancel")
    town.minute()
    owed_back(town, seat["order_id"], leader)
    town.pass_time(300)
    assert dispositions(town, seat["order_id"]) == [Disposition.OWED]


class PaysAfterQuery:
    """A WeChat whose user confirms the payment just after the order was asked about."""

    def __init__(self, inner: Transport, pay: Callable[[], object]) -> None:
        self.inner = inner
        self.pay: Callable[[], object] | None = pay

    def send(self, method: str, url: str, headers: dict[str, str], body: bytes | None, timeout: float) -> Response:
        answer = self.inner.send(method, url, headers, body, timeout)
        if "/out-trade-no/" in url and method == "GET" and self.pay is not None:
            pay, self.pay = self.pay, None
            pay()
        return answer


def test_a_payment_that_lands_between_query_and_close_is_honoured(town: Town) -> None:
    _, opened = town.opened(town.campaign(size=2))
    member = town.person()
    seat = member.join(opened["group_id"]).expect(201)
    member.api.post(f"/v1/orders/{seat['order_id']}/cancel")
    between = PaysAfterQuery(http.transport(), lambda: member.pay(seat, notify=False).expect(200))
    with http.use_transport(between):
        town.minute()
    assert between.pay is None
    assert member.order(seat["order_id"])["state"] == "paid"
    assert member.group(opened["group_id"])["status"] == "succeeded"


def test_a_second_transaction_under_one_number_is_stuck_money(town: Town) -> None:
    _, opened = town.opened(town.campaign())
    late, order_id = released(town, opened["group_id"])
    trade = late_trade(town, order_id)
    ref = PaymentRef.of(stored(town, order_id))
    assert payment.take(ref, trade) == "seated"
    with pytest.raises(RippleError, match="notification_mismatch"):
        payment.take(ref, replace(trade, transaction_id="4200another"))
    assert late.group(opened["group_id"])["paid"] == 2
    assert [i.reason for i in town.items() if isinstance(i, StuckMoney)] == ["second_transaction_of_one_number"]


@pytest.mark.parametrize("field", ["uid", "object_id", "role"])
def test_a_reference_that_is_not_the_orders_own_is_stuck_money(town: Town, field: str) -> None:
    _, opened = town.opened(town.campaign())
    late, order_id = released(town, opened["group_id"])
    ref = PaymentRef.of(stored(town, order_id))
    other: Any = {"uid": "01ANOTHERUSER", "object_id": f"{ref.object_id}0", "role": "leader"}[field]
    with pytest.raises(RippleError, match="notification_mismatch"):
        payment.take(replace(ref, **{field: other}), late_trade(town, order_id))
    assert late.order(order_id)["state"] == "released"
    assert [i.reason for i in town.items() if isinstance(i, StuckMoney)] == ["payment_of_no_order"]
