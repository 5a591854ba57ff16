"""The demo's money: a merchant who may transfer, an operations account that has some, and a campaign that gives it."""

from __future__ import annotations

import json
from typing import Any

from infra.local.client import Api, Send
from infra.local.seed_rewards import Document

CASH_FEN = 1_000_000
"""The campaign's whole budget of cash."""

OPERATIONS_FEN = 2 * CASH_FEN
"""What its merchant's operations account has."""

GIFT_FEN = 100

TERMS = {
    "kind": "company",
    "marketing": {"scene_id": "1000"},
    "egress_address": "203.0.113.7",
    "operations_fen": OPERATIONS_FEN,
}
"""How a demo merchant pays cash; the simulator asks nobody from where he calls."""


def ready_to_pay(admin: Api, wechat: Send, mchid: str) -> None:
    """The merchant tops up his operations account and says how he pays cash, unless he has."""
    if admin.get("/v1/admin/cash")["edition"] is not None:
        return
    body = json.dumps({"mchid": mchid, "fen": OPERATIONS_FEN}).encode()
    wechat("POST", "/_sim/operations", {"Content-Type": "application/json"}, body).expect(201)
    admin.call("PUT", "/v1/admin/cash", {"edition": None, "terms": TERMS}).expect(200)


def demo_cash(offer: Document) -> Document:
    """Fresh cakes, which nobody may send back once he has them: then they bring a yuan of cash, claimed at once."""
    (sku,) = offer["skus"]
    gift: dict[str, Any] = {"amount": GIFT_FEN, "form": {"as": "cash", "hold_days": 0, "claim_days": 30}}
    return {
        **offer,
        "title": "鲜做桂花糕 收货有礼",
        "description": "三人成团，拼团价购买；收货后可领 1 元现金。",
        "rule_sheet": {
            **offer["rule_sheet"],
            "result": "成团后按拼团价发货。收货后可领 1 元现金，30 天内领取，转入微信零钱。先到先得，送完即止。",
            "refund_terms": "未成团时按原路全额退款。鲜做糕点签收后不支持无理由退货。",
        },
        "skus": [{**sku, "sku_id": "cake-1", "title": "鲜做桂花糕"}],
        "shipping": {"return_days": 0},
        "after_order": {"gift": gift, "budget": {"cash": CASH_FEN}},
        "share": {"title": "一起拼鲜做桂花糕"},
    }
