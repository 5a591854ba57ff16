"""Codes in plain Python: what a merchant published and minted, and what is known of each code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.voucher import shop

BRINGS: dict[str, dict[str, Any]] = {
    "balance": shop.FIVE_YUAN,
    "points": shop.POINTS,
    "coupon": shop.AMOUNT_COUPON,
    "terms": shop.COUPON,
}

FEW_GUESSES, FEW_WITHIN = 5, timedelta(minutes=5)
MANY_GUESSES = 20
MOST_KEYS = 29
ROWS = 90
"""Stored codes that are written at once."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the merchant published of one campaign."""

    form: str
    """balance | points | coupon: of just the amount | terms: a coupon with terms of its own."""
    total: int
    per_user: int | None
    undo_minutes: int

    @property
    def amount(self) -> int:
        """What a code brings; a coupon with terms of its own stands for nothing in the books."""
        gift = BRINGS[self.form].get("gift")
        return int(gift["amount"]) if gift else 0

    @property
    def currency(self) -> str:
        return "points" if self.form == "points" else "fen"

    @property
    def document(self) -> dict[str, Any]:
        """As its merchant writes it."""
        said = {"total": self.total, "per_user": self.per_user, "undo_minutes": self.undo_minutes}
        return shop.offer(BRINGS[self.form], **said)


TERMS = st.lists(
    st.builds(
        Terms,
        form=st.sampled_from(sorted(BRINGS)),
        total=st.sampled_from((12, 140, 300)),
        per_user=st.sampled_from((1, 2, 3, None, None)),
        undo_minutes=st.sampled_from((0, 10, 1440, 1440)),
    ),
    min_size=1,
    max_size=2,
)


@dataclass
class Span:
    """A revoked range, both ends in it."""

    first: int
    last: int
    closed: bool = False


@dataclass(kw_only=True)
class Batch:
    cid: str
    size: int
    letters: int
    key: int
    since: datetime
    until: datetime
    due: datetime | None
    state: str = "live"
    made: int | None = None
    ranges: list[Span] = field(default_factory=list)
    drained: bool = False

    @property
    def stored(self) -> bool:
        return self.letters < 14

    @property
    def ended(self) -> bool:
        return self.state in ("revoked", "expired")

    def in_range(self, serial: int) -> bool:
        return any(span.first <= serial <= span.last for span in self.ranges)


@dataclass
class Asked:
    """A request that redeemed a code."""

    user: str
    at: datetime
    undone: datetime | None = None


@dataclass(kw_only=True)
class Code:
    """A code that something happened to."""

    state: str
    undone: bool = False
    asked: dict[str, Asked] = field(default_factory=dict)
    """By the key of the request."""

    @property
    def user(self) -> str | None:
        return self.last.user if self.state == "redeemed" else None

    @property
    def last(self) -> Asked:
        return list(self.asked.values())[-1]
