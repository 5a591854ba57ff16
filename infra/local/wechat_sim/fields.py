"""Field rules of WeChat Pay bodies: presence, type, length, charset, and nothing beside what is documented."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from infra.local.wechat_sim.refusal import PayRefusal, invalid

EXTRA_FIELD = 270924358

Rule = Callable[[str, Any], None]
"""Checks the value at a JSON pointer; raises `PayRefusal`."""


@dataclass(frozen=True)
class Field:
    """One member of an object."""

    rule: Rule
    required: bool = False


def document(body: bytes) -> dict[str, Any]:
    """The JSON object that was sent."""
    try:
        sent = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise PayRefusal(400, "PARAM_ERROR", "请求内容不是合法的JSON") from None
    if not isinstance(sent, dict):
        raise PayRefusal(400, "PARAM_ERROR", "请求内容不是JSON对象")
    return sent


def text(most: int, *, least: int = 1, pattern: str | None = None, one_of: tuple[str, ...] = ()) -> Rule:
    """A string of ``least`` to ``most`` characters."""
    form = re.compile(pattern) if pattern else None

    def check(at: str, value: Any) -> None:
        if not isinstance(value, str):
            raise invalid(at, "类型错误,应为string", value)
        if not least <= len(value) <= most:
            raise invalid(at, f"长度应在{least}到{most}之间", value)
        if form and not form.fullmatch(value):
            raise invalid(at, "含有不允许的字符", value)
        if one_of and value not in one_of:
            raise invalid(at, "不在枚举范围内", value)

    return check


def number(least: int, most: int = 10**11) -> Rule:
    """A whole number."""

    def check(at: str, value: Any) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            raise invalid(at, "类型错误,应为integer", value)
        if not least <= value <= most:
            raise invalid(at, f"不能小于{least}", value)

    return check


def boolean(at: str, value: Any) -> None:
    """A truth value."""
    if not isinstance(value, bool):
        raise invalid(at, "类型错误,应为boolean", value)


def array(of: Rule, *, most: int = 1000) -> Rule:
    """A list."""

    def check(at: str, value: Any) -> None:
        if not isinstance(value, list) or not 1 <= len(value) <= most:
            raise invalid(at, "应为非空array")
        for index, member in enumerate(value):
            of(f"{at}/{index}", member)

    return check


def record(members: Mapping[str, Field]) -> Rule:
    """An object with exactly the documented members; null is not a value."""

    def check(at: str, value: Any) -> None:
        if not isinstance(value, dict):
            raise invalid(at or "/", "类型错误,应为object")
        for name, member in value.items():
            if name not in members:
                raise invalid(f"{at}/{name}", "参数中含有非法的额外参数", detail_code=EXTRA_FIELD)
            if member is None:
                raise invalid(f"{at}/{name}", "不能为null")
            members[name].rule(f"{at}/{name}", member)
        for name, expected in members.items():
            if expected.required and name not in value:
                raise invalid(f"{at}/{name}", "缺少必填参数")

    return check


def notify_url(most: int) -> Rule:
    """An https address without a query; plain http is let through to this machine only, where no certificate exists."""
    length = text(most)

    def check(at: str, value: Any) -> None:
        length(at, value)
        if "?" in value or "#" in value:
            raise invalid(at, "通知地址不能带参数", value)
        try:
            parts = urlsplit(value)
            _ = parts.port
        except ValueError:
            raise invalid(at, "通知地址格式错误", value) from None
        here = parts.scheme == "http" and _loopback(parts.hostname or "")
        if not parts.hostname or not (parts.scheme == "https" or here):
            raise invalid(at, "通知地址必须为https", value)

    return check


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


MONEY = {"currency": Field(text(16, one_of=("CNY",)))}

GOODS = Field(
    array(
        record(
            {
                "merchant_goods_id": Field(text(32), required=True),
                "wechatpay_goods_id": Field(text(32)),
                "goods_name": Field(text(256)),
                "quantity": Field(number(1), required=True),
                "unit_price": Field(number(0), required=True),
            }
        )
    )
)

ORDER = record(
    {
        "appid": Field(text(32), required=True),
        "mchid": Field(text(32), required=True),
        "description": Field(text(127), required=True),
        "out_trade_no": Field(text(32, least=6, pattern=r"[0-9A-Za-z_\-|*]+"), required=True),
        "time_expire": Field(text(64, pattern=r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")),
        "attach": Field(text(128)),
        "notify_url": Field(notify_url(255), required=True),
        "goods_tag": Field(text(32)),
        "support_fapiao": Field(boolean),
        "amount": Field(record({"total": Field(number(1), required=True), **MONEY}), required=True),
        "payer": Field(record({"openid": Field(text(128), required=True)}), required=True),
        "detail": Field(
            record(
                {
                    "cost_price": Field(number(0)),
                    "invoice_id": Field(text(32)),
                    "goods_detail": GOODS,
                }
            )
        ),
        "scene_info": Field(
            record(
                {
                    "payer_client_ip": Field(text(45), required=True),
                    "device_id": Field(text(32)),
                    "store_info": Field(
                        record(
                            {
                                "id": Field(text(32), required=True),
                                "name": Field(text(256)),
                                "area_code": Field(text(32)),
                                "address": Field(text(512)),
                            }
                        )
                    ),
                }
            )
        ),
        "settle_info": Field(record({"profit_sharing": Field(boolean)})),
        "limit_pay": Field(array(text(32))),
    }
)

CLOSE = record({"mchid": Field(text(32), required=True)})

REFUND = record(
    {
        "transaction_id": Field(text(32)),
        "out_trade_no": Field(text(32, least=6)),
        "out_refund_no": Field(text(64, pattern=r"[0-9A-Za-z_\-|*@]+"), required=True),
        "reason": Field(text(80)),
        "notify_url": Field(notify_url(256)),
        "funds_account": Field(text(32, one_of=("AVAILABLE", "UNSETTLED"))),
        "amount": Field(
            record(
                {
                    "refund": Field(number(1), required=True),
                    "total": Field(number(1), required=True),
                    "currency": Field(text(16, one_of=("CNY",)), required=True),
                    "from": Field(
                        array(
                            record(
                                {
                                    "account": Field(text(32, one_of=("AVAILABLE", "UNAVAILABLE")), required=True),
                                    "amount": Field(number(1), required=True),
                                }
                            )
                        )
                    ),
                }
            ),
            required=True,
        ),
        "goods_detail": Field(
            array(
                record(
                    {
                        "merchant_goods_id": Field(text(32), required=True),
                        "wechatpay_goods_id": Field(text(32)),
                        "goods_name": Field(text(256)),
                        "unit_price": Field(number(0), required=True),
                        "refund_amount": Field(number(0), required=True),
                        "refund_quantity": Field(number(1), required=True),
                    }
                )
            )
        ),
    }
)
