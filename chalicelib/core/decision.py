"""Deciding again: a lost condition means that the world moved between the read and the write."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from chalicelib.core.errors import BUSY, RippleError
from chalicelib.core.metrics import count
from chalicelib.core.transaction import Lost

T = TypeVar("T")

DECISIONS = 6
"""Decisions of one use case before it says that too much is going on."""


def decided(decide: Callable[[], T]) -> T:
    """Run one read round, decision and transaction; on a lost condition all of it anew.

    ``decide`` reads the action's own record first, so that a try which committed and lost its answer is found, and it
    refuses by itself what no longer holds. What is left to lose is a race. Raises `BUSY` after `DECISIONS` of them.
    """
    for _ in range(DECISIONS):
        try:
            return decide()
        except Lost:
            count("DecidedAgain")
    raise RippleError(BUSY)
