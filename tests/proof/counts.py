"""How far a run of the harness goes: little in `make test`, all of it in `make proof`; and what it did."""

from __future__ import annotations

import os
from collections import Counter

LONG = os.environ.get("RIPPLE_PROOF") == "long"
PREEMPTIONS = 3 if LONG else 1
REST_EVERY = 2 if LONG else 8
"""Of how many interleavings one is also followed to its end."""
CROWDS = 400 if LONG else 10

DONE: Counter[str] = Counter()


def add(what: str, number: int = 1) -> None:
    """Count what was tried."""
    DONE[what] += number
