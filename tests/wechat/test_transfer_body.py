"""What is sent for a transfer: whole, allowed, and the payee's name for WeChat's eyes only."""

from __future__ import annotations

import json

import pytest

from chalicelib.wechat import pay, signing, transfer
from chalicelib.wechat.http import Unknown, WechatError
from infra.local.wechat_sim import crypto
from tests.wechat.scene import Scene
from tests.wechat.transfers import REPORTS, body, offered, rich


@pytest.fixture(autouse=True)
def _money(scene: Scene) -> None:
    rich(scene)


def test_a_name_is_sealed_for_wechat_alone(scene: Scene) -> None:
    sealed = body(scene, fen=200_000, name="王小明")["user_name"]
    key = scene.sim.world.merchants[scene.account.mchid].key
    assert crypto.opened(key, sealed) == "王小明"
    assert sealed != body(scene, fen=200_000, name="王小明")["user_name"]
    with pytest.raises(ValueError, match=r"."):
        signing.encrypt(scene.account, "名" * 72)


def test_a_name_is_needed_from_2000_yuan_and_left_out_below_30_fen(scene: Scene) -> None:
    with pytest.raises(ValueError, match="payee"):
        body(scene, fen=200_000)
    assert "user_name" not in body(scene, fen=199_999)
    assert "user_name" in body(scene, fen=30, name="王小明")
    assert "user_name" not in body(scene, fen=29, name="王小明")
    for number, fen in (("T29", 29), ("T30", 30), ("T200000", 200_000)):
        assert offered(scene, number, fen, name="王小明").package_info


def test_a_kept_body_with_a_name_can_be_repeated_and_a_rebuilt_one_cannot(scene: Scene) -> None:
    kept = json.loads(json.dumps(body(scene, fen=200_000, name="王小明")))
    scene.fault("transfer", "lost")
    with pytest.raises(Unknown):
        transfer.create(scene.account, kept)
    assert transfer.create(scene.account, kept).package_info
    with pytest.raises(WechatError) as refusal:
        offered(scene, fen=200_000, name="王小明")
    assert refusal.value.code == "ALREADY_EXISTS"


def test_the_body_is_the_same_for_the_same_arguments(scene: Scene) -> None:
    assert pay.body_hash(body(scene)) == pay.body_hash(body(scene))
    assert pay.body_hash(body(scene)) != pay.body_hash(body(scene, fen=101))


@pytest.mark.parametrize("number", ["", "T-1", "T_1", "T" * 33, "单1", "T1\n"])
def test_a_number_is_letters_and_digits(scene: Scene, number: str) -> None:
    with pytest.raises(ValueError, match="number"):
        body(scene, number)


def test_how_the_user_sees_it(scene: Scene) -> None:
    plain = body(scene)
    assert not {"user_recv_perception", "user_recv_style", "user_name"} & set(plain)
    dressed = body(scene, perception="现金奖励", red_packet=True)
    assert dressed["user_recv_perception"] == "现金奖励"
    assert dressed["user_recv_style"] == {"type": "RED_PACKET"}
    assert dressed["transfer_scene_report_infos"] == [
        {"info_type": kind, "info_content": text} for kind, text in REPORTS.items()
    ]
    assert transfer.create(scene.account, dressed).package_info
