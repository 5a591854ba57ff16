"""What a merchant reads of his operations account, wherever he reads it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from chalicelib.merchants.cash import CashSetup, operations_fen


class SeenBy(StrEnum):
    """Who saw last what the operations account has."""

    MERCHANT = "merchant"
    """He said it."""
    BILL = "bill"
    """WeChat's bill of the account showed it."""


class Operations(msgspec.Struct, kw_only=True):
    """What the operations account has, from which transfers are paid, by whoever saw it last."""

    balance_fen: int
    seen_by: SeenBy
    seen_at: datetime


def operations(setup: CashSetup) -> Operations:
    """What the account of a merchant has who has said how he pays cash."""
    fen, at = operations_fen(setup)
    return Operations(balance_fen=fen, seen_by=SeenBy.MERCHANT if at == setup.said_at else SeenBy.BILL, seen_at=at)
