"""The table of time: nothing falls due of which nobody says when, and lengths are told as people read them."""

from __future__ import annotations

from datetime import timedelta

import pytest

import app
from chalicelib.core import due
from chalicelib.core.lazily import everything
from chalicelib.core.times import Timed, span


def test_whoever_handles_what_falls_due_says_when() -> None:
    assert app
    everything()
    handled = {kind: handler for kind, handler in due.HANDLERS.items() if kind.__module__.startswith("chalicelib.")}
    silent = [kind.__name__ for kind, handler in handled.items() if not isinstance(handler, Timed)]
    assert silent == []
    rows = [time for handler in handled.values() if isinstance(handler, Timed) for time in handler.times]
    assert len(handled) > 25 and len(rows) > len(handled)
    assert [time for time in rows if not (time.when and time.does and time.late)] == []


@pytest.mark.parametrize(
    ("length", "told"),
    [
        (timedelta(milliseconds=0), "0 s"),
        (timedelta(seconds=90), "90 s"),
        (timedelta(minutes=1), "60 s"),
        (timedelta(minutes=2), "2 min"),
        (timedelta(minutes=90), "90 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(days=2), "48 h"),
        (timedelta(days=3), "3 days"),
        (timedelta(days=7, hours=1), "169 h"),
    ],
)
def test_a_length_is_told_in_the_largest_unit_that_fits_it(length: timedelta, told: str) -> None:
    assert span(length) == told
