"""What day it is."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from chalicelib.core import clock


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 12, 31, 15, 59, 59, 999_000, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2027, 1, 1, 0, 0, tzinfo=clock.BEIJING), date(2027, 1, 1)),
    ],
)
def test_a_day_begins_and_ends_at_midnight_in_china(instant: datetime, day: date) -> None:
    assert clock.day_of(instant) == day
