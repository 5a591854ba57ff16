"""The simulator's clock: real time (or any other source) plus an offset that only moves forward.

Signatures are stamped and checked in unmoved time: the merchant's clock does not move along, and five minutes of
difference would make either side refuse the other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))


def _real() -> datetime:
    return datetime.now(UTC)


class Clock:
    """``source`` plus what `advance` added."""

    def __init__(self, source: Callable[[], datetime] | None = None) -> None:
        self._source = source or _real
        self.offset = timedelta()

    def now(self) -> datetime:
        """The current instant, aware."""
        return self._source() + self.offset

    def unmoved(self) -> datetime:
        """The instant that the merchant's clock shows as well."""
        return self._source()

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        if seconds < 0:
            raise ValueError("time does not go back")
        self.offset += timedelta(seconds=seconds)


def rfc3339(instant: datetime) -> str:
    """``2026-11-22T23:50:00+08:00``, the way WeChat Pay writes times."""
    return instant.astimezone(BEIJING).isoformat(timespec="seconds")
