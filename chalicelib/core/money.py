"""Money is a whole number of fen (1/100 yuan), everywhere; WeChat's bills are the only place that speaks yuan."""

from __future__ import annotations

from typing import Annotated, NewType

import msgspec

Fen = NewType("Fen", int)

MOST_FEN = 10_000_000_00
"""The largest single amount accepted anywhere: ten million yuan."""

PriceFen = Annotated[int, msgspec.Meta(ge=1, le=MOST_FEN)]
"""A price that is paid, at least one fen (wechat pay refuses a total of 0)."""
