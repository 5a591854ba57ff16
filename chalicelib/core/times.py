"""The table of time: every handler of due entries says when it acts, what it does and what is so until then.

It says so beside itself, with `timed`; `infra.docs` prints all of it into docs/time.md.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import update_wrapper
from typing import Generic, TypeVar

import msgspec

from chalicelib.core.table import Item

I = TypeVar("I", bound=Item)  # noqa: E741

UNITS = (
    (timedelta(days=1), 3, "days"),
    (timedelta(hours=1), 1, "h"),
    (timedelta(minutes=1), 2, "min"),
    (timedelta(seconds=1), 0, "s"),
)
"""In what a length is told, and from how many on."""


class Time(msgspec.Struct, frozen=True):
    """One moment at which something happens by itself, in words for whoever reads the documents."""

    when: str
    does: str
    late: str
    """What is so until it is done, be it a minute or the hours of an outage."""


class Timed(Generic[I]):
    """A handler of due entries that says at which moments it acts."""

    def __init__(self, handler: Callable[[I], None], times: tuple[Time, ...]) -> None:
        self.times = times
        self._handler = handler
        update_wrapper(self, handler)

    def __call__(self, item: I) -> None:
        self._handler(item)


def timed(first: Time, *more: Time) -> Callable[[Callable[[I], None]], Timed[I]]:
    """Name all moments at which the due handler below acts."""
    return lambda handler: Timed(handler, (first, *more))


def span(length: timedelta) -> str:
    """A length as the documents write it: "90 s", "2 min", "48 h", "7 days"."""
    return next(
        f"{length // unit} {name}" for unit, least, name in UNITS if not length % unit and length >= least * unit
    )
