"""What WeChat wants to be told of a transfer, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.wechat_sim.refusal import ControlRefusal
from tests.simulator.raw import code, send
from tests.wechat.scene import Scene, enter
from tests.wechat.transfers import body, rich

BILLS = "/v3/fund-app/mch-transfer/transfer-bills"
PARAM_ERROR = (400, "PARAM_ERROR")


@pytest.fixture(autouse=True)
def _money(scene: Scene) -> None:
    rich(scene)


def answer(scene: Scene, document: dict[str, Any]) -> tuple[int, str]:
    return code(send(scene, "POST", BILLS, document, Wechatpay_Serial=scene.account.wechatpay_public_key_id))


def report(*infos: tuple[str, str]) -> dict[str, Any]:
    return {"transfer_scene_report_infos": [{"info_type": kind, "info_content": text} for kind, text in infos]}


def commission(scene: Scene, fen: int = 1, **changed: Any) -> dict[str, Any]:
    return body(scene, fen=fen, scene="1005", reports={"岗位类型": "推广员", "报酬说明": "推广佣金"}, **changed)


@pytest.mark.parametrize(
    "change",
    [
        {"appid": "wx0000000000000002"},
        {"out_bill_no": "T-1"},
        {"out_bill_no": "T_1"},
        {"out_bill_no": "T" * 33},
        {"out_bill_no": ""},
        {"transfer_scene_id": "9999"},
        {"transfer_scene_id": 1000},
        {"openid": "o" * 65},
        {"openid": "nobody"},
        {"transfer_amount": 0},
        {"transfer_amount": 9},
        {"transfer_amount": "100"},
        {"transfer_remark": "字" * 33},
        {"transfer_remark": ""},
        {"notify_url": "http://ripple.example.com/n"},
        {"notify_url": "https://ripple.example.com/n?x=1"},
        {"notify_url": "https://ripple.example.com/" + "n" * 250},
        {"user_recv_style": {"type": "CARD"}},
        {"user_recv_style": {}},
        {"user_name": None},
        {"extra": 1},
        report(),
        report(("活动名称", "拆红包")),
        report(("活动名称", "拆红包"), ("活动名称", "拆红包")),
        report(("活动名称", "拆红包"), ("活动名称", "助力"), ("奖励说明", "助力")),
        report(("活动名称", "拆红包"), ("活动说明", "助力")),
        report(("活动名称", "拆红包"), ("奖励说明", "助力"), ("报酬说明", "佣金")),
        report(("活动名称", "拆红包"), ("奖励说明", "字" * 33)),
    ],
)
def test_each_field_rule_is_enforced(scene: Scene, change: dict[str, Any]) -> None:
    assert answer(scene, body(scene) | change) == PARAM_ERROR


@pytest.mark.parametrize(
    "name",
    ["appid", "out_bill_no", "transfer_scene_id", "openid", "transfer_amount", "transfer_remark",
     "transfer_scene_report_infos"],
)  # fmt: skip
def test_what_is_required_is_missed(scene: Scene, name: str) -> None:
    assert answer(scene, {key: value for key, value in body(scene).items() if key != name}) == PARAM_ERROR


@pytest.mark.parametrize(
    "change",
    [
        {"out_bill_no": "T" * 32},
        {"transfer_amount": 10},
        {"transfer_remark": "字" * 32},
        {"user_recv_perception": "活动奖励"},
        {"user_recv_perception": "现金奖励"},
        {"user_recv_style": {"type": "CONFIRM_PAGE"}},
        {"user_recv_style": {"type": "RED_PACKET"}, "transfer_amount": 20_000},
        report(("奖励说明", "助力"), ("活动名称", "拆红包")),
    ],
)
def test_what_is_just_allowed_is_taken(scene: Scene, change: dict[str, Any]) -> None:
    assert answer(scene, body(scene) | change) == (200, "")


def test_an_openid_of_another_app_is_refused(scene: Scene) -> None:
    other = enter(scene.sim, "two", appid="wx0000000000000002", mchid="1900000002")
    assert answer(scene, body(scene, openid=other.openid)) == PARAM_ERROR


def test_a_red_packet_has_its_scenes_and_its_most(scene: Scene) -> None:
    assert answer(scene, body(scene, fen=20_001, red_packet=True)) == PARAM_ERROR
    assert answer(scene, body(scene, "T2", fen=20_001)) == (200, "")
    scene.sim.control("POST", "/_sim/scenes", {"mchid": scene.account.mchid, "scenes": ["1005"]})
    assert answer(scene, commission(scene, red_packet=True)) == PARAM_ERROR


def test_a_perception_of_another_scene_is_refused(scene: Scene) -> None:
    assert answer(scene, body(scene, perception="劳务报酬")) == (400, "INVALID_REQUEST")


def test_a_scene_has_to_be_approved_and_has_its_own_reports(scene: Scene) -> None:
    assert answer(scene, commission(scene)) == (400, "INVALID_REQUEST")
    scene.sim.control("POST", "/_sim/scenes", {"mchid": scene.account.mchid, "scenes": ["1005", "1002"]})
    assert answer(scene, commission(scene, perception="劳务报酬")) == (200, "")
    assert answer(scene, body(scene, "T2") | {"transfer_scene_id": "1005"}) == PARAM_ERROR
    assert answer(scene, body(scene, "T3")) == (400, "INVALID_REQUEST"), "1000 is not approved any more"
    assert answer(scene, body(scene, "T4", fen=1) | {"transfer_scene_id": "1002"}) == (200, "")
    with pytest.raises(ControlRefusal, match="1000"):
        scene.sim.control("POST", "/_sim/scenes", {"mchid": scene.account.mchid, "scenes": ["9"]})


@pytest.mark.parametrize(
    ("fen", "named", "plain"), [(29, 400, 200), (30, 200, 200), (199_999, 200, 200), (200_000, 200, 400)]
)
def test_when_a_name_is_allowed_and_when_needed(scene: Scene, fen: int, named: int, plain: int) -> None:
    sealed = body(scene, fen=100, name="王小明")["user_name"]
    at = body(scene, fen=100) | {"transfer_amount": fen}
    assert answer(scene, at | {"out_bill_no": "T1", "user_name": sealed})[0] == named
    assert answer(scene, at | {"out_bill_no": "T2"})[0] == plain


def test_a_name_is_sealed_and_says_with_which_key(scene: Scene) -> None:
    sealed = body(scene, name="王小明")
    for wrong in ("王小明", "AAAA", sealed["user_name"][:-8] + "AAAAAAA="):
        assert answer(scene, sealed | {"user_name": wrong}) == PARAM_ERROR
    assert code(send(scene, "POST", BILLS, sealed)) == PARAM_ERROR, "no Wechatpay-Serial"
    assert answer(scene, sealed) == (200, "")
    (found,) = scene.sim.control("GET", "/_sim/transfers")["transfers"]
    assert found["user_name"] == "王小明"
