"""A merchant with money for transfers, and a user who is offered some."""

from __future__ import annotations

from typing import Any

from chalicelib.core.money import Fen
from chalicelib.wechat import transfer
from chalicelib.wechat.transfer import Transfer
from tests.wechat.scene import Scene

NOTIFY_URL = "https://ripple.example.com/notify/wechat/M1/transferred"
REPORTS = {"活动名称": "拆红包", "奖励说明": "邀请好友助力"}
DAY = 86_400


def rich(scene: Scene, fen: int = 1_000_000) -> None:
    """Bring money to the operations account."""
    scene.sim.control("POST", "/_sim/operations", {"mchid": scene.account.mchid, "fen": fen})


def funds(scene: Scene) -> tuple[int, int, int]:
    """Available, locked, paid."""
    found = scene.sim.control("GET", f"/_sim/operations?mchid={scene.account.mchid}")
    return found["available"], found["locked"], found["paid"]


def body(scene: Scene, /, number: str = "T1", fen: int = 100, **other: Any) -> dict[str, Any]:
    options: dict[str, Any] = {
        "scene": "1000",
        "reports": REPORTS,
        "openid": scene.openid,
        "remark": "拆红包奖励",
        "notify_url": NOTIFY_URL,
        **other,
    }
    return transfer.transfer_body(scene.account, out_bill_no=number, amount=Fen(fen), **options)


def offered(scene: Scene, /, number: str = "T1", fen: int = 100, **other: Any) -> Transfer:
    return transfer.create(scene.account, body(scene, number, fen, **other))


def params(scene: Scene, found: Transfer) -> dict[str, str]:
    assert found.package_info
    return transfer.client_params(scene.account, found.package_info)


def confirm(scene: Scene, found: Transfer, **other: Any) -> dict[str, Any]:
    """The user confirms what he was offered."""
    return scene.sim.control("POST", "/_sim/confirm-transfer", {"params": params(scene, found), **other})


def known(scene: Scene, number: str = "T1") -> Transfer:
    found = transfer.query(scene.account, number)
    assert found
    return found
