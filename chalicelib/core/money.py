"""Money is a whole number of fen (1/100 yuan), everywhere; only WeChat's bills and sentences for people speak yuan."""

from __future__ import annotations

from typing import Annotated, Literal, NewType

import msgspec

Fen = NewType("Fen", int)

MOST_FEN = 10_000_000_00
"""The largest single amount accepted anywhere: ten million yuan."""


class Saving(msgspec.Struct, frozen=True):
    """How much less a price is than the one it is compared with, and which figure to show.

    Under 100 yuan a percentage looks larger than the amount, above it the amount does (the 100 rule).
    """

    display: Literal["percent", "amount"]
    percent: int
    """Rounded down: never more than is true."""
    amount_fen: int


def saving(price_fen: int, reference_fen: int) -> Saving:
    """The saving of ``price_fen`` against ``reference_fen``, which is not below it."""
    amount = reference_fen - price_fen
    return Saving("percent" if reference_fen < 100_00 else "amount", amount * 100 // reference_fen, amount)


def yuan(fen: int) -> str:
    """An amount as people read it."""
    return f"¥{fen // 100}.{fen % 100:02d}"


PriceFen = Annotated[int, msgspec.Meta(ge=1, le=MOST_FEN)]
"""A price that is paid, at least one fen (wechat pay refuses a total of 0)."""
