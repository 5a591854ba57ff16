"""What holds of cash, beside what holds of whatever is given."""

from __future__ import annotations

from tests.breaking import Break
from tests.cash.promises_books import situation

__all__ = ["BREAKS", "situation"]

BREAKS: dict[str, Break] = {}
