"""Transfers: one number pays at most once, whatever is lost on the way; nothing unclear counts as an answer."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.money import Fen
from chalicelib.wechat import http, transfer
from chalicelib.wechat.http import Quota, Response, Unknown, WechatError
from chalicelib.wechat.transfer import TransferState
from infra.local.wechat_sim.authorization import signature_headers
from tests.wechat.scene import Scene
from tests.wechat.transfers import DAY, NOTIFY_URL, confirm, funds, known, offered, params, rich


@pytest.fixture(autouse=True)
def _money(scene: Scene) -> None:
    rich(scene)


def test_what_was_confirmed_is_paid(scene: Scene) -> None:
    asked = offered(scene)
    assert (asked.state, asked.out_bill_no, asked.create_time) == (
        TransferState.WAIT_USER_CONFIRM,
        "T1",
        clock.now(),
    )
    assert params(scene, asked) == {
        "mchId": scene.account.mchid,
        "appId": scene.account.appid,
        "package": asked.package_info,
    }
    clock.advance(60)
    confirm(scene, asked)
    done = known(scene)
    assert (done.state, done.over, done.fail_reason) == (TransferState.SUCCESS, True, None)
    assert (done.mchid, done.openid, done.amount) == (scene.account.mchid, scene.openid, 100)
    assert (done.transfer_bill_no, done.update_time) == (asked.transfer_bill_no, clock.now())
    assert funds(scene) == (999_900, 0, 100)


def test_a_query_never_tells_the_package_and_a_repeat_does(scene: Scene) -> None:
    first = offered(scene)
    waiting = known(scene)
    assert (waiting.state, waiting.package_info) == (TransferState.WAIT_USER_CONFIRM, None)
    assert offered(scene) == first
    confirm(scene, first)
    again = offered(scene)
    assert (again.state, again.package_info) == (TransferState.SUCCESS, None)


def test_the_same_number_pays_once(scene: Scene) -> None:
    first = offered(scene)
    confirm(scene, first)
    assert offered(scene).transfer_bill_no == first.transfer_bill_no
    assert funds(scene) == (999_900, 0, 100)


@pytest.mark.parametrize("kind", ["lost", "slow", "bad_signature", "unsigned", "stale_answer", "garbled"])
def test_after_a_lost_answer_the_same_number_finds_the_transfer(scene: Scene, kind: str) -> None:
    scene.fault("transfer", kind)
    with pytest.raises(Unknown):
        offered(scene)
    again = offered(scene)
    assert again.package_info
    assert again.transfer_bill_no == known(scene).transfer_bill_no
    assert funds(scene)[1] == 100


@pytest.mark.parametrize("kind", ["busy", "5xx", "unreachable", "quota"])
def test_what_was_not_carried_out_can_be_asked_again(scene: Scene, kind: str) -> None:
    scene.fault("transfer", kind)
    with pytest.raises(Unknown):
        offered(scene)
    assert transfer.query(scene.account, "T1") is None
    assert offered(scene).package_info


def test_slow_down_is_told_apart(scene: Scene) -> None:
    scene.fault("transfer", "quota")
    with pytest.raises(Quota):
        offered(scene)


@pytest.mark.parametrize("change", [{"fen": 200}, {"remark": "别的"}, {"notify_url": f"{NOTIFY_URL}2"}])
def test_the_same_number_with_another_body_is_refused(scene: Scene, change: dict[str, Any]) -> None:
    first = offered(scene)
    with pytest.raises(WechatError) as refusal:
        offered(scene, **change)
    assert refusal.value.code == "ALREADY_EXISTS"
    assert known(scene).transfer_bill_no == first.transfer_bill_no


@pytest.mark.parametrize(("kind", "code"), [("not_enough", "NOT_ENOUGH"), ("no_auth", "NO_AUTH")])
def test_a_refusal_has_its_code_and_the_number_may_be_sent_again(scene: Scene, kind: str, code: str) -> None:
    scene.fault("transfer", kind)
    with pytest.raises(WechatError) as refusal:
        offered(scene)
    assert refusal.value.code == code
    assert offered(scene).package_info


def test_too_little_money_has_one_name_in_either_spelling(scene: Scene) -> None:
    rich(scene, -999_901)
    for _ in range(2):
        with pytest.raises(WechatError) as refusal:
            offered(scene)
        assert refusal.value.code == "NOT_ENOUGH"
        scene.fault("transfer", "old_names")


def test_an_unknown_number_is_none_and_other_refusals_are_not(scene: Scene) -> None:
    assert transfer.query(scene.account, "T404") is None
    assert transfer.cancel(scene.account, "T404") is None
    with pytest.raises(WechatError) as refusal:
        transfer.query(replace(scene.account, serial="0" * 40), "T404")
    assert refusal.value.code == "SIGN_ERROR"


@pytest.mark.parametrize("code", ["NOT_FOUND", "ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS"])
def test_each_spelling_of_absence_is_none_only_with_status_404(scene: Scene, code: str) -> None:
    answer = {"code": code, "message": "转账单不存在"}
    with http.use_transport(Says(scene, 404, answer)):
        assert transfer.query(scene.account, "T1") is None
    with http.use_transport(Says(scene, 400, answer)), pytest.raises(WechatError):
        transfer.query(scene.account, "T1")


@pytest.mark.parametrize("kind", ["busy", "5xx", "lost", "bad_signature", "unsigned", "stale_answer", "garbled"])
@pytest.mark.parametrize("endpoint", ["transfer_query", "transfer_cancel"])
def test_a_question_without_a_provable_answer_is_unknown(scene: Scene, endpoint: str, kind: str) -> None:
    ask = transfer.query if endpoint == "transfer_query" else transfer.cancel
    for number in ("T404", offered(scene).out_bill_no):
        scene.fault(endpoint, kind)
        with pytest.raises(Unknown):
            ask(scene.account, number)


def test_a_withdrawal_is_known_only_by_a_query(scene: Scene) -> None:
    asked = offered(scene)
    withdrawn = transfer.cancel(scene.account, "T1")
    assert withdrawn
    assert (withdrawn.state, withdrawn.over) == (TransferState.CANCELING, False)
    assert withdrawn.transfer_bill_no == asked.transfer_bill_no
    assert transfer.cancel(scene.account, "T1") == withdrawn
    clock.advance(2)
    gone = known(scene)
    assert (gone.state, gone.over, gone.fail_reason) == (TransferState.CANCELLED, True, "MCH_CANCEL")
    assert funds(scene) == (1_000_000, 0, 0)


def test_a_withdrawal_after_a_lost_answer_may_be_repeated(scene: Scene) -> None:
    offered(scene)
    scene.fault("transfer_cancel", "lost")
    with pytest.raises(Unknown):
        transfer.cancel(scene.account, "T1")
    clock.advance(2)
    again = transfer.cancel(scene.account, "T1")
    assert again and again.state is TransferState.CANCELLED


def test_a_withdrawal_may_come_too_late(scene: Scene) -> None:
    confirm(scene, offered(scene))
    with pytest.raises(WechatError) as refusal:
        transfer.cancel(scene.account, "T1")
    assert refusal.value.code == "INVALID_REQUEST"
    offered(scene, "T2")
    scene.fault("transfer_cancel", "overtaken")
    withdrawn = transfer.cancel(scene.account, "T2")
    assert withdrawn and withdrawn.state is TransferState.CANCELING
    clock.advance(2)
    assert known(scene, "T2").state is TransferState.SUCCESS


def test_nobody_confirmed_in_time(scene: Scene) -> None:
    offered(scene)
    clock.advance(DAY)
    closed = known(scene)
    assert (closed.state, closed.over, closed.fail_reason) == (TransferState.FAIL, True, "OVERDUE_CLOSE")


@pytest.mark.parametrize("kind", ["accepted", "processing"])
def test_a_transfer_on_its_way_has_no_package_until_it_is_sent_again(scene: Scene, kind: str) -> None:
    scene.fault("transfer", kind, seconds=30)
    first = offered(scene)
    assert (first.state, first.over, first.package_info) == (TransferState(kind.upper()), False, None)
    clock.advance(30)
    assert known(scene).state is TransferState.WAIT_USER_CONFIRM
    assert offered(scene).package_info


def test_a_risk_is_an_answer_and_no_refusal(scene: Scene) -> None:
    scene.fault("transfer", "risk")
    found = offered(scene)
    assert (found.state, found.over, found.fail_reason) == (TransferState.FAIL, True, "TRANSFER_RISK")


class Says:
    """A WeChat that answers everything alike, validly signed."""

    def __init__(self, scene: Scene, status: int, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        world = scene.sim.world
        headers = signature_headers(world, world.merchants[scene.account.mchid], body)
        self.answer = Response(status, {name.lower(): value for name, value in headers.items()}, body)

    def send(self, *_: object) -> Response:
        return self.answer


GOOD = {"out_bill_no": "T1", "transfer_bill_no": "1330", "state": "ACCEPTED"}


@pytest.mark.parametrize(
    "change",
    [
        {"out_bill_no": "T2"},
        {"out_bill_no": None},
        {"transfer_bill_no": 1330},
        {"state": None},
        {"transfer_amount": "100"},
        {"create_time": "2026-11-11T20:00:00"},
        {"create_time": "soon"},
    ],
)
def test_a_signed_answer_that_is_no_transfer_is_unknown(scene: Scene, change: dict[str, Any]) -> None:
    with http.use_transport(Says(scene, 200, GOOD | change)):
        for ask in (transfer.query, transfer.cancel):
            with pytest.raises(Unknown):
                ask(scene.account, "T1")
        with pytest.raises(Unknown):
            offered(scene)


def test_an_offer_to_confirm_without_a_package_is_unknown(scene: Scene) -> None:
    with http.use_transport(Says(scene, 200, GOOD | {"state": "WAIT_USER_CONFIRM"})):
        with pytest.raises(Unknown):
            offered(scene)
        assert known(scene).state is TransferState.WAIT_USER_CONFIRM


def test_a_state_that_wechat_may_add_is_kept_as_sent_and_is_no_end(scene: Scene) -> None:
    with http.use_transport(Says(scene, 200, GOOD | {"state": "FROZEN"})):
        found = known(scene)
    assert (found.state, found.state_name, found.over) == (TransferState.OTHER, "FROZEN", False)


def test_three_states_are_ends(scene: Scene) -> None:
    ends = {state for state in TransferState if transfer.read(GOOD | {"state": state.value}).over}
    assert ends == {TransferState.SUCCESS, TransferState.FAIL, TransferState.CANCELLED}


def test_amounts_are_fen() -> None:
    assert transfer.read(GOOD | {"transfer_amount": 12}).amount == Fen(12)
