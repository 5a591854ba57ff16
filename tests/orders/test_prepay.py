"""Asking WeChat to collect: the body never changes, an intent precedes every call, a known answer needs none."""

from __future__ import annotations

import os

import pytest

from chalicelib.core import clock
from chalicelib.core.config import config
from chalicelib.core.ids import MerchantId, OrderId
from chalicelib.core.store import read_one
from chalicelib.orders.items import Order, order_key
from chalicelib.orders.numbers import parse_refund_number, parse_trade_number, refund_number, trade_number
from infra.local.client import Reply
from tests.town import Town


def stored(town: Town, order_id: str) -> Order:
    order = read_one(Order, order_key(MerchantId(town.merchant.mid), order_id))
    assert order is not None
    return order


def prepays(town: Town, order_id: str) -> int:
    answer = town.control("GET", f"/_sim/orders/{order_id}-1", {}, None)
    return len(answer.body["prepay_ids"]) if answer.status == 200 else 0


def test_a_repeat_asks_once_and_then_answers_from_memory(town: Town) -> None:
    _, opened = town.opened(town.campaign())
    member = town.person()
    seat = member.join(opened["group_id"]).expect(201)
    path = f"/v1/orders/{seat['order_id']}/prepay"
    assert prepays(town, seat["order_id"]) == 1
    first = member.api.post(path)
    again = member.api.post(path)
    assert prepays(town, seat["order_id"]) == 2
    assert first["pay"]["package"] == again["pay"]["package"]
    member.pay(again).expect(200)


def test_every_call_is_preceded_by_its_intent(town: Town) -> None:
    _, opened = town.opened(town.campaign())
    member = town.person()
    seat = member.join(opened["group_id"]).expect(201)
    assert stored(town, seat["order_id"]).intent_at == clock.now()
    clock.advance(100)
    town.act("/_sim/faults", endpoint="prepay", kind="lost", count=1)
    assert member.api.call("POST", f"/v1/orders/{seat['order_id']}/prepay", {}).status == 202
    assert stored(town, seat["order_id"]).intent_at == clock.now()


@pytest.mark.parametrize("kind", ["lost", "5xx", "unreachable", "bad_signature", "quota"])
def test_no_answer_is_202_and_the_seat_is_held(town: Town, kind: str) -> None:
    _, opened = town.opened(town.campaign())
    member = town.person()
    town.act("/_sim/faults", endpoint="prepay", kind=kind, count=1)
    reply: Reply = member.join(opened["group_id"], key="tap-once-or-twice")
    assert (reply.status, reply.body["pay"]) == (202, None)
    again = member.join(opened["group_id"], key="tap-once-or-twice").expect(201)
    assert again["order_id"] == reply.body["order_id"]
    member.pay(again).expect(200)


def test_changed_payment_settings_are_told_and_not_sent(town: Town) -> None:
    _, opened = town.opened(town.campaign())
    member = town.person()
    seat = member.join(opened["group_id"]).expect(201)
    before = os.environ["RIPPLE_PUBLIC_URL"]
    os.environ["RIPPLE_PUBLIC_URL"] = "http://127.0.0.1:10"
    config.cache_clear()
    try:
        refused = member.api.call("POST", f"/v1/orders/{seat['order_id']}/prepay", {})
    finally:
        os.environ["RIPPLE_PUBLIC_URL"] = before
        config.cache_clear()
    assert (refused.status, refused.body["code"]) == (409, "payment_changed")


def test_an_order_that_wechat_never_heard_of_is_released_only_ninety_seconds_after_the_latest_intent(
    town: Town,
) -> None:
    _, opened = town.opened(town.campaign())
    member = town.person()
    town.act("/_sim/faults", endpoint="prepay", kind="unreachable", count=1)
    seat = member.join(opened["group_id"]).expect(202)
    member.api.post(f"/v1/orders/{seat['order_id']}/cancel")
    town.minute()
    assert member.order(seat["order_id"])["state"] == "closing"
    clock.advance(89)
    town.minute()
    assert member.order(seat["order_id"])["state"] == "closing"
    clock.advance(2)
    town.minute()
    assert member.order(seat["order_id"])["state"] == "released"


@pytest.mark.parametrize("endpoint", ["query", "close"])
def test_a_wechat_that_cannot_be_reached_for_an_hour_decides_nothing(town: Town, endpoint: str) -> None:
    leader, opened = town.opened(town.campaign(size=2))
    late = town.person()
    seat = late.join(opened["group_id"]).expect(201)
    town.act("/_sim/faults", endpoint=endpoint, kind="5xx", count=100_000)
    town.pass_time(4500)
    assert late.order(seat["order_id"])["state"] == "closing"
    town.control("DELETE", "/_sim/faults", {}, None)
    town.pass_time(600)
    assert late.order(seat["order_id"])["state"] == "released"
    assert leader.group(opened["group_id"])["left"] == 1


def test_an_order_is_at_most_one_kilobyte(town: Town) -> None:
    long = {**town.sku(), "title": "长" * 60, "sku_id": "s" * 32}
    leader = town.person()
    seat = leader.open(town.campaign(skus=[long])).expect(201)
    leader.api.post(f"/v1/orders/{seat['order_id']}/prepay")
    from tests.bench.meter import size

    assert size(stored(town, seat["order_id"]).serialize()) <= 1024


NOT_AS_WE_WRITE = ("01ABC-0", "01ABC-01", "01ABC-wechat-01-0", "01ABC-wechat-1-1")


def test_numbers_say_what_they_are() -> None:
    assert parse_trade_number(trade_number("01ABC", 2)) == ("01ABC", 2)
    assert parse_refund_number(refund_number("01ABC", 2, 3)) == (OrderId("01ABC"), 2, 3)
    wrong_trades = [
        "",
        "-",
        "01ABC",
        "01ABC-",
        "-1",
        "01ABC-x",
        "01ABC-²",
        "01|ABC-1",
        "01ABC-1000",
        "01ABC-0",
        "01ABC-01",
    ]
    for wrong in (*wrong_trades, "01ABC-wechat-01-0", "01ABC-wechat-1-01", "01ABC-wechat-0-1", "01ABC-wechat-1"):
        assert parse_trade_number(wrong) is None
        assert parse_refund_number(wrong) is None


def test_a_cursor_of_my_groups_is_none_of_my_orders(town: Town) -> None:
    campaign, member = town.campaign(), town.person()
    for _ in range(2):
        member.join(town.opened(campaign)[1]["group_id"]).expect(201)
    cursor = member.api.get("/v1/groups?limit=1")["cursor"]
    wrong = member.api.call("GET", f"/v1/orders?cursor={cursor}")
    assert (wrong.status, wrong.body["errors"][0]["pointer"]) == (422, "?cursor")
    right = member.api.get("/v1/orders?limit=1")["cursor"]
    assert len(member.api.get(f"/v1/orders?cursor={right}")["orders"]) == 1
