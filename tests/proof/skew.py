"""Clocks that differ: each actor's is some seconds off, WeChat's and the table's is not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from tests.proof.stage import Act, Stage

MOST = 5.0
"""How many seconds a function's clock is off at most, before or behind."""

OFF: ContextVar[float] = ContextVar("off", default=0.0)
"""By how many seconds the clock of whoever acts here is off."""


def skewed(act: Act, seconds: float) -> Act:
    """The same act, on a function whose clock is off."""

    def acts() -> Any:
        token = OFF.set(seconds)
        try:
            return act()
        finally:
            OFF.reset(token)

    return acts


@contextmanager
def clocks_differ(stage: Stage, drawn: random.Random, at: datetime | None = None) -> Iterator[None]:
    """In the block every actor of the stage has a clock of his own; ``at``, where it is said, is when they act."""
    acts, machinery, true = stage.acts, stage.machinery, clock.now
    begun: Callable[[], Any] = stage.reset

    def reset() -> None:
        begun()
        if at is not None:
            clock.advance((at - clock.now()).total_seconds())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: true() + timedelta(milliseconds=round(OFF.get() * 1000)))
        patch.setattr(stage, "reset", reset)
        stage.acts, stage.machinery = (
            {name: skewed(act, drawn.choice((-MOST, MOST, drawn.uniform(-MOST, MOST)))) for name, act in known.items()}
            for known in (acts, machinery)
        )
        try:
            yield
        finally:
            stage.acts, stage.machinery = acts, machinery
