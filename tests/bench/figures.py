"""What every bench answers with."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import msgspec


class Figure(msgspec.Struct, omit_defaults=True):
    """One number; ``budget`` is what it should not exceed, ``reference`` what a ratio was taken against."""

    name: str
    value: float
    unit: str
    budget: float | None = None
    reference: str | None = None


def cpu_seconds(act: Callable[[], Any], rounds: int) -> float:
    """CPU seconds of one ``act``, over ``rounds``."""
    start = time.process_time()
    for _ in range(rounds):
        act()
    return (time.process_time() - start) / rounds


def paired_ratio(ours: Callable[[], float], reference: Callable[[], float], rounds: int = 9) -> float:
    """Median of ratios taken pair by pair, so that a drifting machine moves both sides."""
    return statistics.median(ours() / reference() for _ in range(rounds))
