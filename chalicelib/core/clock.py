"""What time it is: UTC, to the millisecond, replaceable in tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from time import monotonic

BEIJING = timezone(timedelta(hours=8))
"""WeChat Pay's time: bills are cut and instants written in it. China has no summer time."""

_fixed: datetime | None = None


def now() -> datetime:
    """The current instant, UTC, truncated to the millisecond that storage keeps."""
    instant = _fixed or datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


@contextmanager
def fixed(instant: datetime) -> Iterator[None]:
    """Stop the clock at ``instant`` for the block; `advance` moves it."""
    global _fixed
    before, _fixed = _fixed, instant.astimezone(UTC)
    try:
        yield
    finally:
        _fixed = before


def advance(seconds: float) -> datetime:
    """Move a stopped clock forward and return the new instant."""
    global _fixed
    if _fixed is None:
        raise RuntimeError("only a fixed clock can be advanced")
    _fixed += timedelta(seconds=seconds)
    return _fixed


def day_of(instant: datetime) -> date:
    """The day in China at an instant: what merchants count by, and what WeChat's bills are cut by."""
    return instant.astimezone(BEIJING).date()


def for_seconds(seconds: float) -> Callable[[], bool]:
    """Whether so long has not passed yet since now, on the machine's own clock, which no test stops."""
    until = monotonic() + seconds
    return lambda: monotonic() < until


def iso(instant: datetime) -> str:
    """RFC 3339 in UTC with exactly three decimals, so that texts sort as instants do."""
    utc = instant.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def parse(text: str) -> datetime:
    """The instant that `iso` wrote."""
    return datetime.fromisoformat(text)
