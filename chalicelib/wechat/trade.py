"""What WeChat Pay says about one order number, from a query or a notification."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from chalicelib.core.money import Fen


class TradeState(StrEnum):
    """WeChat's trade states (wechat pay v3, query order); OTHER stands for one it may add."""

    SUCCESS = "SUCCESS"
    REFUND = "REFUND"
    """Paid, and at least one refund was started, maybe of a part."""
    NOTPAY = "NOTPAY"
    CLOSED = "CLOSED"
    REVOKED = "REVOKED"
    USERPAYING = "USERPAYING"
    PAYERROR = "PAYERROR"
    ACCEPT = "ACCEPT"
    OTHER = "OTHER"


class Trade(msgspec.Struct, frozen=True):
    """An order as WeChat has it. Before payment it has neither transaction, payer nor time."""

    appid: str
    mchid: str
    out_trade_no: str
    state: TradeState
    state_name: str
    """The state as sent."""
    transaction_id: str | None
    openid: str | None
    attach: str | None
    total: Fen | None
    payer_total: Fen | None
    currency: str | None
    success_time: datetime | None

    @property
    def captured(self) -> bool:
        """Whether the money was taken, whatever happened to it since."""
        return self.state in (TradeState.SUCCESS, TradeState.REFUND)


class _Amount(msgspec.Struct, frozen=True):
    total: int | None = None
    payer_total: int | None = None
    currency: str | None = None


class _Payer(msgspec.Struct, frozen=True):
    openid: str | None = None


class _Document(msgspec.Struct):
    appid: str
    mchid: str
    out_trade_no: str
    trade_state: str
    transaction_id: str | None = None
    attach: str | None = None
    success_time: str | None = None
    amount: _Amount = _Amount()
    payer: _Payer = _Payer()


def read(document: dict[str, Any]) -> Trade:
    """The trade in a decoded ``document``. Raises ValueError when a field is missing or of another type.

    A captured trade must say how much and under which transaction.
    """
    wire = msgspec.convert(document, _Document)
    state = TradeState(wire.trade_state) if wire.trade_state in TradeState.__members__ else TradeState.OTHER
    trade = Trade(
        appid=wire.appid,
        mchid=wire.mchid,
        out_trade_no=wire.out_trade_no,
        state=state,
        state_name=wire.trade_state,
        transaction_id=wire.transaction_id or None,
        openid=wire.payer.openid or None,
        attach=wire.attach or None,
        total=None if wire.amount.total is None else Fen(wire.amount.total),
        payer_total=None if wire.amount.payer_total is None else Fen(wire.amount.payer_total),
        currency=wire.amount.currency,
        success_time=instant(wire.success_time),
    )
    if trade.captured and (trade.total is None or not trade.transaction_id):
        raise ValueError("captured without amount or transaction")
    return trade


def instant(text: str | None) -> datetime | None:
    """An RFC 3339 time with its offset, or None where WeChat left it out. Raises ValueError."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("time without an offset")
    return moment
