"""Deciding again: a lost condition means that the world moved between the read and the write."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from chalicelib.core.errors import BUSY, KEY_REUSED, RippleError
from chalicelib.core.metrics import count
from chalicelib.core.store import Contended, Found, read, read_whole
from chalicelib.core.transaction import Lost

T = TypeVar("T")

REFUSAL = 409
"""The status of what the state of the world forbids."""

Read = Callable[..., Found]

DECISIONS = 6
"""Decisions of one use case before it says that too much is going on."""


def decided_or_refused(decide: Callable[[Read], T]) -> T:
    """`decided` for a use case that may refuse: a refusal rests on a view of one moment.

    A strong batch can show half of a transaction that is being committed, the group full and the caller's own order not
    there yet. So a refusal is decided once more on a whole read; where that cannot be had, the first one stands.
    """
    try:
        return decided(lambda: decide(read))
    except RippleError as refusal:
        if refusal.problem.status != REFUSAL or refusal.problem is KEY_REUSED:
            raise
        try:
            return decided(lambda: decide(read_whole))
        except Contended:
            raise refusal from None


def refused_at_once(decide: Callable[[Read], T]) -> T:
    """`decided_or_refused` for what will be refused, as far as is known: one whole read instead of two reads."""
    try:
        return decided(lambda: decide(read_whole))
    except Contended:
        return decided_or_refused(decide)


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
