"""WeChat Pay JSAPI orders: prepay, what the client needs to pay, query, close."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta, timezone
from enum import Enum
from typing import Any
from urllib.parse import quote

import msgspec

from chalicelib.core import clock
from chalicelib.core.money import Fen
from chalicelib.wechat import signing, trade
from chalicelib.wechat.account import PayAccount
from chalicelib.wechat.http import Unknown, WechatError
from chalicelib.wechat.payhttp import ask
from chalicelib.wechat.trade import Trade

BEIJING = timezone(timedelta(hours=8))


class Closed(Enum):
    """What a close found."""

    CLOSED = "CLOSED"
    """It cannot be paid any more."""
    PAID = "PAID"
    """It was paid already: query it and honour the payment."""
    NOT_EXIST = "NOT_EXIST"
    """WeChat knows no such order (yet: a prepay may still be on its way)."""


def jsapi_body(
    account: PayAccount,
    *,
    out_trade_no: str,
    description: str,
    total: Fen,
    openid: str,
    time_expire: datetime,
    notify_url: str,
    attach: str | None = None,
) -> dict[str, Any]:
    """The body of a prepay, the same for the same arguments, so that a repeat can be rebuilt and checked by its hash.

    ``description`` at most 127 characters, ``attach`` at most 128, ``notify_url`` https without a query; null and
    undocumented fields are refused by WeChat, so that an absent ``attach`` is left out.
    """
    if time_expire.tzinfo is None:
        raise ValueError("time_expire without an offset")
    body: dict[str, Any] = {
        "appid": account.appid,
        "mchid": account.mchid,
        "description": description,
        "out_trade_no": out_trade_no,
        "time_expire": time_expire.astimezone(BEIJING).isoformat(timespec="seconds"),
        "notify_url": notify_url,
        "amount": {"total": int(total), "currency": "CNY"},
        "payer": {"openid": openid},
    }
    if attach:
        body["attach"] = attach
    return body


def body_hash(body: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON: WeChat refuses a repeat of an order number with another body."""
    return hashlib.sha256(msgspec.json.encode(body, order="deterministic")).hexdigest()


def prepay(account: PayAccount, body: dict[str, Any]) -> str:
    """The ``prepay_id`` (valid 2 h) of an order; the same body again gets a fresh one.

    Raises `Unknown`, or `WechatError`: ORDER_PAID, ORDER_CLOSED, PARAMS_DIFFER (this number came with another body),
    OUT_TRADE_NO_USED, APPID_MCHID_NOT_MATCH, OPENID_MISMATCH, PARAM_ERROR and others.
    """
    answer = ask(account, "POST", "/v3/pay/transactions/jsapi", body) or {}
    prepay_id = answer.get("prepay_id")
    if not isinstance(prepay_id, str) or not prepay_id:
        raise Unknown("answer without prepay_id")
    return prepay_id


def client_params(account: PayAccount, prepay_id: str) -> dict[str, str]:
    """The arguments of ``wx.requestPayment``. Its success on the client proves nothing: query."""
    stamp, once, package = str(int(clock.now().timestamp())), signing.nonce(), f"prepay_id={prepay_id}"
    return {
        "timeStamp": stamp,
        "nonceStr": once,
        "package": package,
        "signType": "RSA",
        "paySign": signing.sign(account, account.appid, stamp, once, package),
    }


def query(account: PayAccount, out_trade_no: str) -> Trade | None:
    """The order as WeChat has it, or None where it has none. Raises `Unknown`, `WechatError`."""
    path = f"{_order_path(out_trade_no)}?mchid={quote(account.mchid, safe='')}"
    try:
        answer = ask(account, "GET", path) or {}
    except WechatError as refusal:
        if refusal.code == "ORDER_NOT_EXIST":
            return None
        raise
    try:
        found = trade.read(answer)
    except ValueError as wrong:
        raise Unknown("answer is no trade") from wrong
    if found.out_trade_no != out_trade_no:
        raise Unknown("answer is about another order")
    return found


def close(account: PayAccount, out_trade_no: str) -> Closed:
    """Close an unpaid order so that it cannot be paid any more; may be repeated. Raises `Unknown`, `WechatError`."""
    try:
        answer = ask(account, "POST", f"{_order_path(out_trade_no)}/close", {"mchid": account.mchid})
    except WechatError as refusal:
        if refusal.code in CLOSE_REFUSALS:
            return CLOSE_REFUSALS[refusal.code]
        raise
    if answer is not None:
        raise Unknown("close answered with a body")
    return Closed.CLOSED


CLOSE_REFUSALS = {
    "ORDER_CLOSED": Closed.CLOSED,
    "ORDER_PAID": Closed.PAID,
    "ORDER_NOT_EXIST": Closed.NOT_EXIST,
}


def _order_path(out_trade_no: str) -> str:
    return f"/v3/pay/transactions/out-trade-no/{quote(out_trade_no, safe='')}"
