"""The account that transfers are paid from."""

from __future__ import annotations

import pytest

from chalicelib.core import clock
from infra.local.wechat_sim.refusal import ControlRefusal
from tests.simulator.offers import BILLS, ONE, act, offer, state
from tests.simulator.raw import code, send
from tests.wechat.scene import Scene, enter
from tests.wechat.transfers import DAY, body, funds, rich


@pytest.fixture(autouse=True)
def _money(scene: Scene) -> None:
    rich(scene, 10_000)


def test_with_too_little_money_it_is_refused_and_its_number_stays_free(scene: Scene) -> None:
    sent = body(scene, fen=10_001)
    assert code(send(scene, "POST", BILLS, sent)) == (403, "NOT_ENOUGH")
    assert code(send(scene, "GET", ONE)) == (404, "NOT_FOUND")
    rich(scene, 1)
    assert send(scene, "POST", BILLS, sent)[0] == 200
    assert funds(scene) == (0, 10_001, 0)
    assert code(send(scene, "POST", BILLS, body(scene, "T2", 10))) == (403, "NOT_ENOUGH")
    assert send(scene, "POST", BILLS, sent)[0] == 200, "a known one needs no more money"


def test_one_that_lacks_its_money_stays_until_there_is_some_and_it_is_sent_again(scene: Scene) -> None:
    scene.fault("transfer", "processing", seconds=10)
    offer(scene, fen=10_001)
    clock.advance(10)
    assert offer(scene, fen=10_001)["state"] == "PROCESSING"
    rich(scene, 1)
    clock.advance(DAY)
    assert state(scene) == "PROCESSING"
    assert offer(scene, fen=10_001)["state"] == "WAIT_USER_CONFIRM"


def test_the_account_takes_whole_fen_and_gives_no_more_than_it_has(scene: Scene) -> None:
    for wrong in (0, -10_001, "5", 1.5):
        with pytest.raises(ControlRefusal):
            act(scene, "operations", mchid=scene.account.mchid, fen=wrong)
    with pytest.raises(ControlRefusal, match="merchant"):
        act(scene, "operations", mchid="1", fen=1)
    assert act(scene, "operations", mchid=scene.account.mchid, fen=-10_000)["available"] == 0


def test_one_number_of_two_merchants_wants_to_know_which(scene: Scene) -> None:
    other = enter(scene.sim, "two", appid="wx0000000000000002", mchid="1900000002")
    rich(other)
    offer(scene)
    offer(other)
    with pytest.raises(ControlRefusal, match="mchid"):
        act(scene, "confirm-transfer", out_bill_no="T1")
    act(scene, "confirm-transfer", out_bill_no="T1", mchid=other.account.mchid)
    mine = scene.sim.control("GET", f"/_sim/transfers?mchid={scene.account.mchid}&out_bill_no=T1")["transfers"]
    assert [each["state"] for each in mine] == ["WAIT_USER_CONFIRM"]
