"""What the demo merchants tell their users: templates as WeChat has them, and what stands in each field."""

from __future__ import annotations

import json
from typing import Any

from infra.local.client import Api, Send

TEMPLATES: tuple[tuple[str, str, dict[str, tuple[str, str]]], ...] = (
    (
        "group_succeeded",
        "拼团成功通知",
        {"thing1": ("商品名称", "title"), "number2": ("成团人数", "need"), "amount3": ("支付金额", "amount_fen")},
    ),
    ("group_failed", "拼团失败通知", {"thing1": ("商品名称", "title"), "amount2": ("退款金额", "amount_fen")}),
    (
        "group_ending",
        "拼团待成团提醒",
        {"thing1": ("商品名称", "title"), "number2": ("还差人数", "left"), "time3": ("截止时间", "until")},
    ),
    ("shipped", "订单发货通知", {"thing1": ("商品名称", "title"), "character_string2": ("快递单号", "parcel")}),
    ("refunded", "退款成功通知", {"thing1": ("商品名称", "title"), "amount2": ("退款金额", "amount_fen")}),
    ("reward_arrived", "奖励到账通知", {"thing1": ("活动名称", "title"), "thing2": ("奖励内容", "reward")}),
)  # fmt: skip
"""Moment, the template's title, and by key what WeChat calls the field and the fact that it carries."""


def template_id(moment: str) -> str:
    """The template of a moment in both mini-programs."""
    return f"{moment.replace('_', '-')}-demo-template"


def tell_users(wechat: Send, admin: Api, appid: str) -> None:
    """Choose the templates at the simulator, and say at Ripple what stands in them; again changes nothing."""
    chosen = [
        {
            "template_id": template_id(moment),
            "title": title,
            "fields": [{"key": key, "name": name} for key, (name, _) in fields.items()],
        }
        for moment, title, fields in TEMPLATES
    ]
    body = json.dumps({"appid": appid, "templates": chosen}).encode()
    wechat("POST", "/_sim/messages/templates", {"Content-Type": "application/json"}, body).expect(201)
    said: dict[str, Any] = {
        "templates": [
            {
                "moment": moment,
                "template_id": template_id(moment),
                "fields": [{"key": key, "fact": fact} for key, (_, fact) in fields.items()],
            }
            for moment, _, fields in TEMPLATES
        ]
    }
    stands = admin.get("/v1/admin/notices")["edition"]
    admin.call("PUT", "/v1/admin/notices", {"edition": stands, "terms": said}).expect(200)
