"""Every endpoint of WeChat and of WeChat Pay: its name, where it stands, and what is done there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from infra.local.wechat_sim import (
    bill,
    cards,
    content,
    fund_flow,
    live_cards,
    login,
    messages,
    mini_codes,
    orders,
    refunds,
    risk,
    shipping,
    tokens,
    transfers,
)
from infra.local.wechat_sim.faults import Fault
from infra.local.wechat_sim.refusal import PayRefusal
from infra.local.wechat_sim.world import Merchant, World

if TYPE_CHECKING:
    from infra.local.wechat_sim.app import Simulator


@dataclass(frozen=True)
class PayCall:
    """A request whose sender is proved."""

    merchant: Merchant
    params: dict[str, str]
    body: bytes
    number: str
    key_id: str | None
    """The key of WeChat's that the sender knows."""
    fault: Fault | None


BILLS = r"/v3/fund-app/mch-transfer/transfer-bills"
PayAct = Callable[["Simulator", PayCall], dict[str, Any] | bytes | None]
PAY: tuple[tuple[str, str, str, PayAct], ...] = (
    ("prepay", "POST", r"/v3/pay/transactions/jsapi", lambda s, c: orders.prepay(s.world, c.merchant, c.body)),
    ("query", "GET", r"/v3/pay/transactions/out-trade-no/([^/]+)",
     lambda s, c: orders.query(s.world, c.merchant, c.params, number=c.number, by="out_trade_no")),
    ("query", "GET", r"/v3/pay/transactions/id/([^/]+)",
     lambda s, c: orders.query(s.world, c.merchant, c.params, number=c.number, by="transaction_id")),
    ("close", "POST", r"/v3/pay/transactions/out-trade-no/([^/]+)/close",
     lambda s, c: orders.close(s.world, c.merchant, c.body, c.number)),
    ("refund", "POST", r"/v3/refund/domestic/refunds",
     lambda s, c: refunds.refund(s.world, c.merchant, c.body, c.fault)),
    ("refund_query", "GET", r"/v3/refund/domestic/refunds/([^/]+)",
     lambda s, c: refunds.query(s.world, c.merchant, c.number)),
    ("transfer", "POST", BILLS,
     lambda s, c: transfers.create(s.world, c.merchant, c.body, key_id=c.key_id, fault=c.fault)),
    ("transfer_query", "GET", BILLS + r"/out-bill-no/([^/]+)",
     lambda s, c: transfers.query(s.world, c.merchant, number=c.number, by="out_bill_no")),
    ("transfer_query", "GET", BILLS + r"/transfer-bill-no/([^/]+)",
     lambda s, c: transfers.query(s.world, c.merchant, number=c.number, by="transfer_bill_no")),
    ("transfer_cancel", "POST", BILLS + r"/out-bill-no/([^/]+)/cancel",
     lambda s, c: transfers.cancel(s.world, c.merchant, c.body, c.number, c.fault)),
    ("bill", "GET", r"/v3/bill/tradebill", lambda s, c: bill.ask(s.world, c.merchant, c.params, s.base_url)),
    ("fund_bill", "GET", r"/v3/bill/fundflowbill",
     lambda s, c: fund_flow.ask(s.world, c.merchant, c.params, s.base_url)),
    ("bill_file", "GET", r"/v3/billdownload/file", lambda s, c: bill.download(s.world, c.merchant, c.params)),
)  # fmt: skip

ApiAct = Callable[[World, dict[str, str], bytes], "dict[str, Any] | mini_codes.File"]
API: dict[tuple[str, str], tuple[str, ApiAct]] = {
    ("GET", "/sns/jscode2session"): ("login", lambda world, query, _: login.code2session(world, query)),
    ("POST", "/cgi-bin/stable_token"): ("token", lambda world, _, body: tokens.stable_token(world, body)),
    ("GET", "/cgi-bin/get_api_domain_ip"): ("domain_ip", lambda world, query, _: tokens.domain_ip(world, query)),
    ("POST", "/wxa/genwxashortlink"): ("short_link", cards.short_link),
    ("POST", "/wxa/getwxacodeunlimit"): ("code", mini_codes.unlimited),
    ("GET", "/cgi-bin/message/wxopen/activityid/create"): ("activity", cards.create_activity),
    ("POST", "/wxa/sec/order/upload_shipping_info"): ("upload", shipping.upload),
    ("POST", "/wxa/sec/order/get_order"): ("get_order", shipping.get_order),
    ("POST", "/wxa/sec/order/opspecialorder"): ("special_order", shipping.special_order),
    ("POST", "/wxa/getuserriskrank"): ("risk", risk.get_rank),
    ("POST", "/wxa/msg_sec_check"): ("content", content.check),
    ("POST", "/wxa/media_check_async"): ("media", content.check_media),
    ("POST", "/cgi-bin/message/subscribe/send"): ("message", messages.send),
    ("POST", "/cgi-bin/message/wxopen/updatablemsg/send"): ("card", live_cards.update),
}


def pay_route(method: str, path: str) -> tuple[str, PayAct, str]:
    """A WeChat Pay request's endpoint, its act, and the number in its path. Raises `PayRefusal`."""
    for endpoint, verb, pattern, act in PAY:
        found = re.fullmatch(pattern, path)
        if found and verb == method:
            return endpoint, act, unquote(found.group(1)) if found.groups() else ""
    raise PayRefusal(404, "NOT_FOUND", "请求的资源不存在")
