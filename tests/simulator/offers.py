"""Transfers sent by hand, and what is done to them."""

from __future__ import annotations

import json
from typing import Any

from tests.simulator.raw import send
from tests.wechat.scene import Scene
from tests.wechat.transfers import body

BILLS = "/v3/fund-app/mch-transfer/transfer-bills"
ONE = f"{BILLS}/out-bill-no/T1"


def offer(scene: Scene, number: str = "T1", fen: int = 100, **other: Any) -> dict[str, Any]:
    document, key_id = body(scene, number, fen, **other), scene.account.wechatpay_public_key_id
    status, _, answer = send(scene, "POST", BILLS, document, Wechatpay_Serial=key_id)
    assert status == 200, answer
    return dict(json.loads(answer))


def look(scene: Scene, number: str = "T1") -> dict[str, Any]:
    return dict(json.loads(send(scene, "GET", f"{BILLS}/out-bill-no/{number}")[2]))


def state(scene: Scene, number: str = "T1") -> str:
    return str(look(scene, number)["state"])


def act(scene: Scene, what: str, **document: Any) -> dict[str, Any]:
    return scene.sim.control("POST", f"/_sim/{what}", document)
