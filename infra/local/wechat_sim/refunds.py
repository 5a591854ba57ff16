"""Refunds: accepted under their own number once, finished later."""

from __future__ import annotations

import string
from datetime import datetime, timedelta
from typing import Any

from infra.local.wechat_sim import fields
from infra.local.wechat_sim.clock import rfc3339
from infra.local.wechat_sim.faults import Fault
from infra.local.wechat_sim.refusal import PayRefusal
from infra.local.wechat_sim.world import Merchant, Order, Refund, World

REFUND_SECONDS = 2.0
"""How long a refund is PROCESSING unless a fault says otherwise (about five minutes at WeChat)."""

REFUNDABLE = timedelta(days=365)
REFUNDS_AN_ORDER = 50
APART = timedelta(minutes=1)


def refund(world: World, merchant: Merchant, body: bytes, fault: Fault | None) -> dict[str, Any]:
    """POST /v3/refund/domestic/refunds: the same number and parameters again show the same refund."""
    sent = fields.document(body)
    fields.REFUND("", sent)
    number = sent["out_refund_no"]
    known = world.refunds.get((merchant.mchid, number))
    if known:
        if known.body != sent:
            raise PayRefusal(400, "INVALID_REQUEST", "请求重入时，参数与首次请求时不一致", detail_code=268498688)
        return shown(known)
    now = world.clock.now()
    order = _order(world, merchant, sent)
    _check_rules(order, sent, now)
    kind = fault.kind if fault else "processing"
    if kind == "not_enough":
        raise PayRefusal(403, "NOT_ENOUGH", "基本账户余额不足，请充值后重新发起")
    if kind == "user_account_abnormal":
        raise PayRefusal(403, "USER_ACCOUNT_ABNORMAL", "用户账户异常或注销")
    seconds = fault.seconds if fault and fault.kind == "processing" else REFUND_SECONDS
    outcome = {"abnormal": "ABNORMAL", "closed": "CLOSED"}.get(kind, "SUCCESS")
    made = Refund(
        mchid=merchant.mchid,
        out_refund_no=number,
        refund_id="50" + world.letters(27, string.digits),
        order=order,
        body=sent,
        created_at=now,
        status="PROCESSING",
        ends_at=now if kind == "success" else now + timedelta(seconds=seconds),
        outcome=outcome,
    )
    order.refunds.append(made)
    world.refunds[merchant.mchid, number] = made
    if kind == "success":
        _finish(world, made)
    else:
        world.running_refunds.append(made)
    return shown(made)


def _order(world: World, merchant: Merchant, sent: dict[str, Any]) -> Order:
    if "transaction_id" in sent:
        order = world.transactions.get(sent["transaction_id"])
    elif "out_trade_no" in sent:
        order = world.orders.get((merchant.mchid, sent["out_trade_no"]))
    else:
        raise PayRefusal(400, "PARAM_ERROR", "transaction_id和out_trade_no不能同时为空")
    if order is None or order.mchid != merchant.mchid:
        raise PayRefusal(404, "RESOURCE_NOT_EXISTS", "订单不存在")
    if sent.get("out_trade_no", order.out_trade_no) != order.out_trade_no:
        raise PayRefusal(404, "RESOURCE_NOT_EXISTS", "订单不存在")
    return order


def _check_rules(order: Order, sent: dict[str, Any], now: datetime) -> None:
    if order.paid_at is None:
        raise PayRefusal(400, "INVALID_REQUEST", "订单未支付，不可退款")
    if sent["amount"]["total"] != order.total:
        raise PayRefusal(400, "INVALID_REQUEST", "订单金额不一致，请核实后再试")
    if now > order.paid_at + REFUNDABLE:
        raise PayRefusal(400, "INVALID_REQUEST", "订单已超过退款有效期")
    standing = [r for r in order.refunds if r.status != "CLOSED"]
    if len(standing) >= REFUNDS_AN_ORDER:
        raise PayRefusal(400, "INVALID_REQUEST", "部分退款次数已达上限")
    if sum(r.amount for r in standing) + sent["amount"]["refund"] > order.total:
        raise PayRefusal(400, "INVALID_REQUEST", "申请退款金额大于可退金额")
    if standing and now < standing[-1].created_at + APART:
        raise PayRefusal(429, "FREQUENCY_LIMITED", "同一笔订单多次退款的请求需相隔1分钟", detail_code=268447840)


def _finish(world: World, refund: Refund) -> None:
    world.finished_refunds.append(refund)
    refund.status = refund.outcome
    if refund.status == "SUCCESS":
        refund.success_time = refund.ends_at


def finish_due(world: World) -> None:
    """Bring those refunds to their end whose time has come."""
    now = world.clock.now()
    for due in [r for r in world.running_refunds if r.ends_at <= now]:
        world.running_refunds.remove(due)
        _finish(world, due)


def query(world: World, merchant: Merchant, number: str) -> dict[str, Any]:
    """GET /v3/refund/domestic/refunds/{out_refund_no}."""
    known = world.refunds.get((merchant.mchid, number))
    if known is None:
        raise PayRefusal(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
    return shown(known)


def shown(refund: Refund) -> dict[str, Any]:
    """The refund as an answer shows it."""
    total, back = refund.order.total, refund.amount
    document: dict[str, Any] = {
        "refund_id": refund.refund_id,
        "out_refund_no": refund.out_refund_no,
        "transaction_id": refund.order.transaction_id,
        "out_trade_no": refund.order.out_trade_no,
        "channel": "ORIGINAL",
        "user_received_account": "支付用户零钱",
        "create_time": rfc3339(refund.created_at),
        "status": refund.status,
        "funds_account": "AVAILABLE",
        "amount": {
            "total": total,
            "refund": back,
            "from": [],
            "payer_total": total,
            "payer_refund": back,
            "settlement_total": total,
            "settlement_refund": back,
            "discount_refund": 0,
            "currency": "CNY",
            "refund_fee": 0,
        },
        "promotion_detail": [],
    }
    if refund.success_time:
        document["success_time"] = rfc3339(refund.success_time)
    return document


def resource(refund: Refund) -> dict[str, Any]:
    """The refund as a notification shows it: ``refund_status`` instead of ``status``."""
    answer = shown(refund)
    amount = answer["amount"]
    told = {
        "mchid": refund.mchid,
        "out_trade_no": answer["out_trade_no"],
        "transaction_id": answer["transaction_id"],
        "out_refund_no": answer["out_refund_no"],
        "refund_id": answer["refund_id"],
        "refund_status": refund.status,
        "user_received_account": answer["user_received_account"],
        "amount": {name: amount[name] for name in ("total", "refund", "payer_total", "payer_refund")},
    }
    return told | ({"success_time": answer["success_time"]} if "success_time" in answer else {})
