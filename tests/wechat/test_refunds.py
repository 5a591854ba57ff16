"""Refunds: once per number, whatever is lost on the way."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.money import Fen
from chalicelib.wechat import pay, refunds
from chalicelib.wechat.http import Quota, Unknown, WechatError
from chalicelib.wechat.refunds import Refund, RefundStatus
from chalicelib.wechat.trade import TradeState
from tests.wechat.scene import NOTIFY_URL, Scene


def give_back(scene: Scene, number: str = "RF1", fen: int = 990, **other: Any) -> Refund:
    options: dict[str, Any] = {"out_trade_no": "ORDER000001", "total": Fen(990), **other}
    return refunds.refund(scene.account, out_refund_no=number, refund=Fen(fen), **options)


def known(scene: Scene, number: str = "RF1") -> Refund:
    found = refunds.query_refund(scene.account, number)
    assert found
    return found


def test_accepted_is_not_refunded_until_it_is(scene: Scene) -> None:
    scene.paid()
    assert give_back(scene, reason="未成团").status is RefundStatus.PROCESSING
    clock.advance(2)
    done = known(scene)
    assert (done.status, done.refund, done.total) == (RefundStatus.SUCCESS, 990, 990)
    assert done.success_time == clock.now()
    found = pay.query(scene.account, "ORDER000001")
    assert found and found.state is TradeState.REFUND and found.captured


def test_the_same_number_refunds_once(scene: Scene) -> None:
    scene.paid()
    first = give_back(scene)
    clock.advance(120)
    assert give_back(scene).refund_id == first.refund_id
    assert len(scene.sim.control("GET", "/_sim/orders/ORDER000001")["refunds"]) == 1


@pytest.mark.parametrize("kind", ["lost", "slow", "bad_signature", "unsigned", "stale_answer", "garbled"])
def test_after_a_lost_answer_the_same_number_finds_the_refund(scene: Scene, kind: str) -> None:
    scene.paid()
    scene.fault("refund", kind)
    with pytest.raises(Unknown):
        give_back(scene)
    assert give_back(scene).refund_id == known(scene).refund_id


@pytest.mark.parametrize("kind", ["busy", "5xx", "unreachable"])
def test_what_was_not_carried_out_can_be_asked_again(scene: Scene, kind: str) -> None:
    scene.paid()
    scene.fault("refund", kind)
    with pytest.raises(Unknown):
        give_back(scene)
    assert refunds.query_refund(scene.account, "RF1") is None
    assert give_back(scene)


def test_the_same_number_with_another_amount_is_refused(scene: Scene) -> None:
    scene.paid()
    give_back(scene, fen=100)
    with pytest.raises(WechatError) as refusal:
        give_back(scene, fen=200)
    assert refusal.value.code == "PARAMS_DIFFER"


def test_an_empty_balance_is_a_refusal_and_can_be_tried_again(scene: Scene) -> None:
    scene.paid()
    scene.fault("refund", "not_enough")
    with pytest.raises(WechatError) as refusal:
        give_back(scene)
    assert refusal.value.code == "NOT_ENOUGH"
    assert give_back(scene).status is RefundStatus.PROCESSING


def test_partial_refunds_need_a_minute_between_them(scene: Scene) -> None:
    scene.paid()
    give_back(scene, "RF1", 100)
    with pytest.raises(Quota):
        give_back(scene, "RF2", 100)
    clock.advance(60)
    assert give_back(scene, "RF2", 100)


def test_more_than_was_paid_cannot_be_given_back(scene: Scene) -> None:
    scene.paid()
    give_back(scene, "RF1", 500)
    clock.advance(60)
    with pytest.raises(WechatError) as refusal:
        give_back(scene, "RF2", 491)
    assert refusal.value.code == "INVALID_REQUEST"
    assert give_back(scene, "RF3", 490)


@pytest.mark.parametrize(
    ("kind", "status"),
    [("success", RefundStatus.SUCCESS), ("abnormal", RefundStatus.ABNORMAL), ("closed", RefundStatus.CLOSED)],
)
def test_every_end_is_told_apart(scene: Scene, kind: str, status: RefundStatus) -> None:
    scene.paid()
    scene.fault("refund", kind)
    give_back(scene, notify_url=NOTIFY_URL)
    clock.advance(3)
    assert known(scene).status is status


def test_an_unknown_refund_is_none(scene: Scene) -> None:
    assert refunds.query_refund(scene.account, "RF404") is None


@pytest.mark.parametrize("kind", ["busy", "5xx", "lost", "bad_signature", "garbled"])
def test_a_question_without_a_provable_answer_is_unknown(scene: Scene, kind: str) -> None:
    scene.fault("refund_query", kind)
    with pytest.raises(Unknown):
        refunds.query_refund(scene.account, "RF1")


def test_an_order_that_does_not_exist_or_is_not_paid_is_refused(scene: Scene) -> None:
    with pytest.raises(WechatError) as refusal:
        give_back(scene)
    assert refusal.value.code == "RESOURCE_NOT_EXISTS"
    scene.prepared()
    with pytest.raises(WechatError) as refusal:
        give_back(scene)
    assert refusal.value.code == "INVALID_REQUEST"


def test_a_status_that_wechat_may_add_is_kept_as_sent() -> None:
    amount = {"refund": 1, "total": 2}
    numbers = {"refund_id": "5", "out_refund_no": "R", "out_trade_no": "O", "transaction_id": "4"}
    found = refunds.read({**numbers, "amount": amount, "status": "FROZEN"})
    assert (found.status, found.status_name) == (RefundStatus.OTHER, "FROZEN")
    with pytest.raises(ValueError, match="status"):
        refunds.read({**numbers, "amount": amount})
