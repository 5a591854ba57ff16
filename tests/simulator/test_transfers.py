"""Transfers as WeChat has them: states, the page of 24 hours, withdrawals, money, and who may ask how often."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from chalicelib.core import clock
from infra.local.client import Api, Person, Reply
from infra.local.wechat_sim.refusal import ControlRefusal
from tests.simulator.offers import BILLS, ONE, act, look, offer, state
from tests.simulator.raw import code, send
from tests.wechat.scene import Scene, enter
from tests.wechat.transfers import DAY, body, funds, rich

TIMES = {"create_time", "update_time"}


@pytest.fixture(autouse=True)
def _money(scene: Scene) -> None:
    rich(scene, 10_000)


def test_each_answer_has_its_own_members(scene: Scene) -> None:
    numbers = {"out_bill_no", "transfer_bill_no", "state"}
    assert set(offer(scene)) == numbers | {"create_time", "package_info"}
    assert set(look(scene)) == numbers | TIMES | {"mch_id", "appid", "openid", "transfer_amount", "transfer_remark"}
    assert set(json.loads(send(scene, "POST", f"{ONE}/cancel")[2])) == numbers | {"update_time"}
    clock.advance(2)
    assert (look(scene)["state"], look(scene)["fail_reason"]) == ("CANCELLED", "MCH_CANCEL")
    assert set(offer(scene)) == numbers | {"create_time", "fail_reason"}


def test_wechats_own_number_finds_it_too(scene: Scene) -> None:
    number = offer(scene)["transfer_bill_no"]
    assert json.loads(send(scene, "GET", f"{BILLS}/transfer-bill-no/{number}")[2]) == look(scene)
    assert code(send(scene, "GET", f"{BILLS}/transfer-bill-no/T1")) == (404, "NOT_FOUND")


def test_numbers_are_the_merchants_own(scene: Scene) -> None:
    other = enter(scene.sim, "two", appid="wx0000000000000002", mchid="1900000002")
    rich(other)
    offer(scene)
    assert code(send(other, "GET", ONE)) == (404, "NOT_FOUND")
    assert code(send(other, "POST", f"{ONE}/cancel")) == (404, "NOT_FOUND")
    number = offer(scene)["transfer_bill_no"]
    assert code(send(other, "GET", f"{BILLS}/transfer-bill-no/{number}")) == (404, "NOT_FOUND")
    assert offer(other)["transfer_bill_no"] != offer(scene)["transfer_bill_no"]


def test_the_same_body_finds_the_same_transfer_and_another_is_refused(scene: Scene) -> None:
    assert offer(scene) == offer(scene)
    assert code(send(scene, "POST", BILLS, body(scene, fen=101))) == (400, "ALREADY_EXISTS")
    assert funds(scene) == (9_900, 100, 0)


def test_it_is_known_for_30_days(scene: Scene) -> None:
    offer(scene)
    clock.advance(30 * DAY)
    assert state(scene) == "FAIL"
    clock.advance(1)
    assert code(send(scene, "GET", ONE)) == (404, "NOT_FOUND")


def test_the_user_has_24_hours(scene: Scene) -> None:
    offer(scene)
    clock.advance(DAY - 1)
    assert state(scene) == "WAIT_USER_CONFIRM"
    clock.advance(1)
    assert (look(scene)["state"], look(scene)["fail_reason"]) == ("FAIL", "OVERDUE_CLOSE")
    assert funds(scene) == (10_000, 0, 0)
    with pytest.raises(ControlRefusal, match="FAIL"):
        act(scene, "confirm-transfer", out_bill_no="T1")


def test_an_expired_page_may_still_wait(scene: Scene) -> None:
    scene.fault("transfer", "late_close", seconds=3600)
    offer(scene)
    clock.advance(DAY)
    assert state(scene) == "WAIT_USER_CONFIRM"
    with pytest.raises(ControlRefusal, match="24 hours"):
        act(scene, "confirm-transfer", out_bill_no="T1")
    clock.advance(3599)
    assert state(scene) == "WAIT_USER_CONFIRM"
    clock.advance(1)
    assert state(scene) == "FAIL"


def test_the_simulators_own_clock_counts(scene: Scene) -> None:
    offer(scene)
    act(scene, "clock", advance_seconds=DAY)
    assert state(scene) == "FAIL"


def page(scene: Scene, **changed: str) -> dict[str, str]:
    usual = {"mchId": scene.account.mchid, "appId": scene.account.appid, "package": offer(scene)["package_info"]}
    return usual | changed


def test_the_page_opens_for_its_user_only(scene: Scene) -> None:
    params = page(scene)
    for wrong in ({"name": "bob"}, {"params": params | {"openId": "o" + "X" * 27}}):
        with pytest.raises(ControlRefusal, match="不一致"):
            act(scene, "confirm-transfer", **{"params": params} | wrong)
    act(scene, "confirm-transfer", params=params | {"openId": scene.openid}, name="alice")
    assert (state(scene), funds(scene)) == ("SUCCESS", (9_900, 0, 100))


@pytest.mark.parametrize("change", [{"mchId": "1"}, {"appId": "wx9"}, {"package": "x"}, {"sign": "y"}])
def test_the_page_opens_with_the_right_arguments_only(scene: Scene, change: dict[str, str]) -> None:
    with pytest.raises(ControlRefusal):
        act(scene, "confirm-transfer", params=page(scene) | change)
    with pytest.raises(ControlRefusal):
        act(scene, "confirm-transfer", params={"package": page(scene)["package"]})
    assert state(scene) == "WAIT_USER_CONFIRM"


def test_a_person_confirms_in_the_app(scene: Scene) -> None:
    def wechat(method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        status, lower, answer = scene.sim.handle(method, path, headers, body or b"")
        return Reply(status, lower, json.loads(answer))

    def person(name: str) -> Person:
        return Person(Api(wechat), wechat, scene.app.appid, name)

    params = page(scene)
    assert person("bob").confirm_transfer(params).status == 409
    assert person("alice").confirm_transfer(params, seconds=5).expect(200)["state"] == "TRANSFERING"
    clock.advance(5)
    assert state(scene) == "SUCCESS"


def test_a_confirmed_one_may_take_a_while_and_be_tapped_again(scene: Scene) -> None:
    params = page(scene)
    act(scene, "confirm-transfer", params=params, seconds=60)
    assert state(scene) == "TRANSFERING"
    assert code(send(scene, "POST", f"{ONE}/cancel")) == (400, "INVALID_REQUEST")
    assert "package_info" not in offer(scene)
    act(scene, "confirm-transfer", params=params)
    assert state(scene) == "SUCCESS"
    with pytest.raises(ControlRefusal, match="SUCCESS"):
        act(scene, "confirm-transfer", params=params)
    assert funds(scene) == (9_900, 0, 100)


@pytest.mark.parametrize("seconds", [0, 60])
def test_a_confirmed_one_may_fail(scene: Scene, seconds: int) -> None:
    offer(scene)
    act(scene, "confirm-transfer", out_bill_no="T1", fail_reason="REAL_NAME_CHECK_FAIL", seconds=seconds)
    clock.advance(seconds)
    assert (look(scene)["state"], look(scene)["fail_reason"]) == ("FAIL", "REAL_NAME_CHECK_FAIL")
    assert funds(scene) == (10_000, 0, 0)


def test_wechat_may_end_one_at_any_moment_but_no_ended_one(scene: Scene) -> None:
    offer(scene)
    with pytest.raises(ControlRefusal, match="fail_reason"):
        act(scene, "fail-transfer", out_bill_no="T1", fail_reason="BAD_LUCK")
    act(scene, "fail-transfer", out_bill_no="T1", fail_reason="ACCOUNT_FROZEN")
    assert look(scene)["fail_reason"] == "ACCOUNT_FROZEN"
    with pytest.raises(ControlRefusal, match="FAIL"):
        act(scene, "fail-transfer", out_bill_no="T1", fail_reason="TRANSFER_RISK")
    with pytest.raises(ControlRefusal, match="no such transfer"):
        act(scene, "fail-transfer", out_bill_no="T2", fail_reason="TRANSFER_RISK")


def test_a_wrong_name_fails_when_it_is_confirmed(scene: Scene) -> None:
    act(scene, "real-names", name="alice", real_name="王小明")
    for number, name, end in (("T1", "王小明", "SUCCESS"), ("T2", "李雷", "FAIL")):
        offer(scene, number, name=name)
        act(scene, "confirm-transfer", out_bill_no=number)
        assert state(scene, number) == end
    assert look(scene, "T2")["fail_reason"] == "NAME_NOT_CORRECT"
    assert not {"user_name"} & set(look(scene))


@pytest.mark.parametrize(("kind", "first"), [("accepted", "ACCEPTED"), ("processing", "PROCESSING")])
def test_a_slow_one_comes_to_its_user_later(scene: Scene, kind: str, first: str) -> None:
    scene.fault("transfer", kind, seconds=30)
    assert offer(scene)["state"] == first
    assert offer(scene)["state"] == first, "a repeat does not hurry it"
    assert funds(scene) == (10_000, 0, 0)
    clock.advance(30)
    assert (offer(scene)["state"], funds(scene)) == ("WAIT_USER_CONFIRM", (9_900, 100, 0))
    clock.advance(DAY - 1)
    assert state(scene) == "WAIT_USER_CONFIRM"
    clock.advance(1)
    assert state(scene) == "FAIL"


@pytest.mark.parametrize("kind", ["accepted", "processing", "canceling", "cancelled", "overtaken"])
def test_a_withdrawal_before_confirmation(scene: Scene, kind: str) -> None:
    slow = kind in ("accepted", "processing")
    scene.fault("transfer" if slow else "transfer_cancel", kind, seconds=30)
    offer(scene)
    first = json.loads(send(scene, "POST", f"{ONE}/cancel")[2])["state"]
    assert first == ("CANCELLED" if kind == "cancelled" else "CANCELING")
    assert json.loads(send(scene, "POST", f"{ONE}/cancel")[2])["state"] == first
    assert "package_info" not in offer(scene)
    with pytest.raises(ControlRefusal, match="CANCEL"):
        act(scene, "confirm-transfer", out_bill_no="T1")
    clock.advance(2)
    assert state(scene) == {"canceling": "CANCELING", "overtaken": "SUCCESS"}.get(kind, "CANCELLED")
    clock.advance(28)
    paid = 100 if kind == "overtaken" else 0
    assert (state(scene), funds(scene)) == ("SUCCESS" if paid else "CANCELLED", (10_000 - paid, 0, paid))


def test_a_withdrawal_has_no_body_and_an_end_has_no_withdrawal(scene: Scene) -> None:
    offer(scene)
    assert code(send(scene, "POST", f"{ONE}/cancel", {})) == (400, "PARAM_ERROR")
    act(scene, "confirm-transfer", out_bill_no="T1")
    assert code(send(scene, "POST", f"{ONE}/cancel")) == (400, "INVALID_REQUEST")
    assert code(send(scene, "POST", f"{BILLS}/out-bill-no/T2/cancel")) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("most", "method", "target"), [(100, "POST", BILLS), (100, "GET", ONE), (20, "POST", f"{ONE}/cancel")]
)
def test_so_many_calls_a_second(scene: Scene, most: int, method: str, target: str) -> None:
    offer(scene)
    clock.advance(1)
    sent = body(scene) if target == BILLS else None
    assert {send(scene, method, target, sent)[0] for _ in range(most)} == {200}
    assert code(send(scene, method, target, sent)) == (429, "FREQUENCY_LIMITED")
    clock.advance(1)
    assert send(scene, method, target, sent)[0] == 200


def test_only_ends_are_told_and_only_where_somebody_wants_to_know(scene: Scene) -> None:
    scene.sim.deliver = lambda url, headers, sent: (204, b"")
    quiet = {name: member for name, member in body(scene, "T2").items() if name != "notify_url"}
    assert send(scene, "POST", BILLS, quiet)[0] == 200
    offer(scene)
    assert scene.sim.flush() == []
    for number in ("T1", "T2"):
        act(scene, "confirm-transfer", out_bill_no=number)
    assert [(told.event_type, told.out_bill_no) for told in scene.sim.flush()] == [("MCHTRANSFER.BILL.FINISHED", "T1")]
    with pytest.raises(ControlRefusal, match="notify_url"):
        act(scene, "notify", out_bill_no="T2")
