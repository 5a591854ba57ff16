"""Shipping information sent by hand, so that each part of it can be wrong."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.core import clock
from tests.simulator.raw import send
from tests.wechat.scene import Scene

NUMBER = "ORDER000001"
PARCEL = {"tracking_no": "YT100", "express_company": "YTO", "item_desc": "橙子*1"}
PLAIN = {"item_desc": "橙子*1"}
SF = {"tracking_no": "SF100", "express_company": "SF", "item_desc": "橙子*1"}
REFUNDS = "/v3/refund/domestic/refunds"


def access(scene: Scene) -> str:
    document = {"grant_type": "client_credential", "appid": scene.app.appid, "secret": scene.app.appsecret}
    _, _, body = scene.sim.handle("POST", "/cgi-bin/stable_token", {}, json.dumps(document).encode())
    return str(json.loads(body)["access_token"])


def ask(scene: Scene, name: str, document: Any, token: str | None = None) -> dict[str, Any]:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    target = f"/wxa/sec/order/{name}?access_token={access(scene) if token is None else token}"
    answer: dict[str, Any] = json.loads(scene.sim.handle("POST", target, {}, body)[2])
    return answer


def letter(scene: Scene, **changed: Any) -> dict[str, Any]:
    usual = {
        "order_key": {"order_number_type": 1, "mchid": scene.account.mchid, "out_trade_no": NUMBER},
        "logistics_type": 1,
        "delivery_mode": 1,
        "shipping_list": [PARCEL],
        "upload_time": clock.now().astimezone(clock.BEIJING).isoformat(timespec="milliseconds"),
        "payer": {"openid": scene.openid},
    }
    return usual | changed


def upload(scene: Scene, **changed: Any) -> int:
    """The errcode; a moment passes first, so that each upload is newer."""
    clock.advance(1)
    return int(ask(scene, "upload_shipping_info", letter(scene, **changed))["errcode"])


def part(scene: Scene, *numbers: str, last: bool = False, **changed: Any) -> int:
    parcels = [PARCEL | {"tracking_no": number} for number in numbers]
    split = {"delivery_mode": 2, "shipping_list": parcels, "is_all_delivered": last}
    return upload(scene, **(split | changed))


def order(scene: Scene) -> dict[str, Any]:
    question = {"merchant_id": scene.account.mchid, "merchant_trade_no": NUMBER}
    found: dict[str, Any] = ask(scene, "get_order", question)["order"]
    return found


def shipment(scene: Scene) -> dict[str, Any]:
    (found,) = scene.sim.control("GET", "/_sim/shipments")["shipments"]
    return dict(found)


def give_back(scene: Scene, number: str, fen: int) -> None:
    amount = {"refund": fen, "total": 990, "currency": "CNY"}
    assert send(scene, "POST", REFUNDS, {"out_trade_no": NUMBER, "out_refund_no": number, "amount": amount})[0] == 200
