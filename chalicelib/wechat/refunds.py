"""WeChat Pay refunds. The refund number is the idempotency key: a new number would be a second refund."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import quote

import msgspec

from chalicelib.core.money import Fen
from chalicelib.wechat.account import PayAccount
from chalicelib.wechat.http import Unknown, WechatError
from chalicelib.wechat.payhttp import ask
from chalicelib.wechat.trade import instant


class RefundStatus(StrEnum):
    """WeChat's refund states; OTHER stands for one it may add."""

    SUCCESS = "SUCCESS"
    PROCESSING = "PROCESSING"
    ABNORMAL = "ABNORMAL"
    """The payer's card or account cannot take the money; a person must act."""
    CLOSED = "CLOSED"
    """Will not happen."""
    OTHER = "OTHER"


class Refund(msgspec.Struct, frozen=True):
    """A refund as WeChat has it; accepted is not refunded."""

    refund_id: str
    out_refund_no: str
    out_trade_no: str
    transaction_id: str
    status: RefundStatus
    status_name: str
    """The status as sent."""
    refund: Fen
    total: Fen
    success_time: datetime | None


class _Amount(msgspec.Struct):
    refund: int
    total: int


class _Document(msgspec.Struct):
    refund_id: str
    out_refund_no: str
    out_trade_no: str
    transaction_id: str
    amount: _Amount
    status: str | None = None
    refund_status: str | None = None
    success_time: str | None = None


def read(document: dict[str, Any]) -> Refund:
    """The refund in a decoded ``document``: answers call its state ``status``, notifications ``refund_status``.

    Raises ValueError when a field is missing or of another type.
    """
    wire = msgspec.convert(document, _Document)
    name = wire.status or wire.refund_status
    if not name:
        raise ValueError("refund without a status")
    return Refund(
        refund_id=wire.refund_id,
        out_refund_no=wire.out_refund_no,
        out_trade_no=wire.out_trade_no,
        transaction_id=wire.transaction_id,
        status=RefundStatus(name) if name in RefundStatus.__members__ else RefundStatus.OTHER,
        status_name=name,
        refund=Fen(wire.amount.refund),
        total=Fen(wire.amount.total),
        success_time=instant(wire.success_time),
    )


def refund(
    account: PayAccount,
    *,
    out_refund_no: str,
    out_trade_no: str,
    refund: Fen,
    total: Fen,
    reason: str | None = None,
    notify_url: str | None = None,
) -> Refund:
    """Give ``refund`` of the order's ``total`` back; on any doubt call again with the same ``out_refund_no``.

    ``reason`` (at most 80 characters) is shown to the payer. Raises `Unknown`, `Quota`, or `WechatError`: NOT_ENOUGH
    (our balance), USER_ACCOUNT_ABNORMAL, RESOURCE_NOT_EXISTS, INVALID_REQUEST, PARAM_ERROR and others.
    """
    body: dict[str, Any] = {
        "out_trade_no": out_trade_no,
        "out_refund_no": out_refund_no,
        "amount": {"refund": int(refund), "total": int(total), "currency": "CNY"},
    }
    if reason:
        body["reason"] = reason
    if notify_url:
        body["notify_url"] = notify_url
    return _read(ask(account, "POST", "/v3/refund/domestic/refunds", body), out_refund_no)


def query_refund(account: PayAccount, out_refund_no: str) -> Refund | None:
    """The refund as WeChat has it, or None where it has none. Raises `Unknown`, `WechatError`."""
    path = f"/v3/refund/domestic/refunds/{quote(out_refund_no, safe='')}"
    try:
        return _read(ask(account, "GET", path), out_refund_no)
    except WechatError as refusal:
        if refusal.code == "RESOURCE_NOT_EXISTS":
            return None
        raise


def _read(answer: dict[str, Any] | None, out_refund_no: str) -> Refund:
    try:
        found = read(answer or {})
    except ValueError as wrong:
        raise Unknown("answer is no refund") from wrong
    if found.out_refund_no != out_refund_no:
        raise Unknown("answer is about another refund")
    return found
