"""JSAPI orders: made, queried, closed; and what the user does with them."""

from __future__ import annotations

import string
from datetime import datetime, timedelta
from typing import Any

from infra.local.wechat_sim import crypto, fields
from infra.local.wechat_sim.clock import rfc3339
from infra.local.wechat_sim.refusal import ControlRefusal, PayRefusal, invalid
from infra.local.wechat_sim.world import Merchant, Order, World

PREPAY_LIFE = timedelta(hours=2)
LEAST_PAY_TIME = timedelta(minutes=1)
MOST_PAY_TIME = timedelta(days=90)
DEFAULT_PAY_TIME = timedelta(days=7)
STATES = {"NOTPAY": "订单未支付", "SUCCESS": "支付成功", "REFUND": "订单发生过退款", "CLOSED": "订单已关闭"}


def prepay(world: World, merchant: Merchant, body: bytes) -> dict[str, Any]:
    """POST /v3/pay/transactions/jsapi: the same body again gets a fresh prepay_id, another body is refused."""
    sent = fields.document(body)
    fields.ORDER("", sent)
    if sent["mchid"] != merchant.mchid:
        raise invalid("/mchid", "商户号与请求的商户号不一致", sent["mchid"])
    if sent["appid"] != merchant.appid:
        raise PayRefusal(400, "APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配")
    _check_payer(world, merchant, sent["payer"]["openid"])
    now = world.clock.now()
    order = world.orders.get((merchant.mchid, sent["out_trade_no"]))
    if order is None:
        order = Order(merchant.mchid, merchant.appid, sent["out_trade_no"], sent, now, _payable_until(sent, now))
        world.orders[merchant.mchid, order.out_trade_no] = order
    elif order.body != sent:
        raise PayRefusal(400, "INVALID_REQUEST", "请求重入时，参数与首次请求时不一致", detail_code=268498688)
    elif order.paid_at:
        raise PayRefusal(400, "INVALID_REQUEST", "该订单已支付", detail_code=268449538)
    elif order.state(now) == "CLOSED":
        raise PayRefusal(400, "ORDER_CLOSED", "该订单已关闭")
    elif now > order.payable_until:
        raise PayRefusal(400, "INVALID_REQUEST", "已超过支付结束时间")
    prepay_id = f"wx{rfc3339(now)[:19].translate(str.maketrans('', '', '-T:'))}{world.letters(20, '0123456789abcdef')}"
    order.prepay_ids[prepay_id] = now
    world.prepays[prepay_id] = order
    return {"prepay_id": prepay_id}


def _check_payer(world: World, merchant: Merchant, openid: str) -> None:
    if (merchant.appid, openid) in world.openids:
        return
    if any(known == openid for _, known in world.openids):
        raise PayRefusal(500, "OPENID_MISMATCH", "openid与appid不匹配")
    raise invalid("/payer/openid", "无效的openid", openid)


def _payable_until(sent: dict[str, Any], now: datetime) -> datetime:
    if "time_expire" not in sent:
        return now + DEFAULT_PAY_TIME
    try:
        asked = datetime.fromisoformat(sent["time_expire"])
    except ValueError:
        raise invalid("/time_expire", "时间格式错误", sent["time_expire"]) from None
    if asked > now + MOST_PAY_TIME:
        raise invalid("/time_expire", "支付结束时间不能超过90天", sent["time_expire"])
    return max(asked, now + LEAST_PAY_TIME)


def query(world: World, merchant: Merchant, params: dict[str, str], *, number: str, by: str) -> dict[str, Any]:
    """GET …/out-trade-no/{number} or …/id/{number}, with ?mchid=."""
    order = _find(world, merchant, params.get("mchid", ""), number, by)
    return transaction(order, world.clock.now())


def close(world: World, merchant: Merchant, body: bytes, number: str) -> None:
    """POST …/out-trade-no/{number}/close: may be repeated; a paid order refuses."""
    sent = fields.document(body)
    fields.CLOSE("", sent)
    order = _find(world, merchant, sent["mchid"], number, "out_trade_no")
    if order.paid_at:
        raise PayRefusal(400, "ORDERPAID", "该订单已支付", detail_code=268449538)
    order.closed = True


def _find(world: World, merchant: Merchant, mchid: str, number: str, by: str) -> Order:
    if mchid != merchant.mchid:
        raise invalid("/mchid", "商户号与请求的商户号不一致", mchid)
    order = world.orders.get((mchid, number)) if by == "out_trade_no" else world.transactions.get(number)
    if order is None or order.mchid != mchid:
        raise PayRefusal(404, "ORDER_NOT_EXIST", "订单不存在", detail_code=268512771)
    return order


def named(world: World, number: str, mchid: str | None) -> Order:
    """The one order of that number, of that merchant where one is named. Raises `ControlRefusal`."""
    found = [o for (m, n), o in world.orders.items() if n == number and mchid in (None, m)]
    if len(found) != 1:
        raise ControlRefusal(404 if not found else 409, "no such order" if not found else "say which mchid")
    return found[0]


def transaction(order: Order, now: datetime) -> dict[str, Any]:
    """The order as a query or a notification shows it; before payment it lacks what only a payment brings."""
    state = order.state(now)
    shown: dict[str, Any] = {
        "appid": order.appid,
        "mchid": order.mchid,
        "out_trade_no": order.out_trade_no,
        "trade_state": state,
        "trade_state_desc": STATES[state],
        "attach": order.body.get("attach", ""),
        "promotion_detail": [],
        "amount": {"total": order.total, "currency": "CNY"},
    }
    if order.paid_at and order.transaction_id:
        shown |= {
            "transaction_id": order.transaction_id,
            "trade_type": "JSAPI",
            "bank_type": "OTHERS",
            "success_time": rfc3339(order.paid_at),
            "payer": {"openid": order.openid},
        }
        shown["amount"] |= {"payer_total": order.total, "payer_currency": "CNY"}
    return shown


def pay(world: World, order: Order, prepay_id: str | None, openid: str | None) -> None:
    """The user taps "pay" and enters his password. Raises `ControlRefusal` when WeChat would not let him."""
    now = world.clock.now()
    if prepay_id is None and not order.prepay_ids:
        raise ControlRefusal(409, "no prepay_id was issued")
    made = order.prepay_ids[prepay_id] if prepay_id else max(order.prepay_ids.values())
    state = order.state(now)
    if state != "NOTPAY":
        raise ControlRefusal(409, f"order is {state}")
    if openid is not None and openid != order.openid:
        raise ControlRefusal(409, "only the payer of the order may pay it")
    if now >= made + PREPAY_LIFE:
        raise ControlRefusal(409, "prepay_id is older than 2 hours")
    if now > order.payable_until:
        raise ControlRefusal(409, "past time_expire")
    order.paid_at = now
    order.transaction_id = "4200" + world.letters(24, string.digits)
    world.transactions[order.transaction_id] = order


def check_params(world: World, params: dict[str, str]) -> str:
    """The prepay_id in the arguments of wx.requestPayment, after the check that the WeChat client makes."""
    prepay_id = params.get("package", "").removeprefix("prepay_id=")
    order = world.prepays.get(prepay_id)
    if order is None:
        raise ControlRefusal(404, "no such prepay_id")
    if set(params) != {"timeStamp", "nonceStr", "package", "signType", "paySign"} or params["signType"] != "RSA":
        raise ControlRefusal(409, "wrong arguments of wx.requestPayment")
    signed = (order.appid, params["timeStamp"], params["nonceStr"], params["package"])
    merchant = world.merchants[order.mchid]
    if not crypto.verified(merchant.public_key, params["paySign"], *(line.encode() for line in signed)):
        raise ControlRefusal(409, "paySign does not verify")
    return prepay_id
