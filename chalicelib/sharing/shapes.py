"""Shapes that crowds do not take by themselves: a star of whom nobody comes back, a fan or a chain made by machine.

The rules of 3.3, over those whom one inviter brought. They hold acts for review, and refuse none. Whatever is not
known of somebody speaks against nobody: who said of no device shares none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, TypeVar

import msgspec

from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.table import Key
from chalicelib.sharing.sightings import Marks
from chalicelib.sharing.verdict import (
    ADDRESS_CROWDED,
    DEVICE_SHARED,
    PACE_ALIKE,
    PACE_LEAST,
    PACE_OFF,
    PACED,
    STAR_A_DAY,
    STAR_BACK,
)

T = TypeVar("T")

DAY = timedelta(hours=24)


class Shape(msgspec.Struct, frozen=True):
    """What speaks against whoever hangs in a tree."""

    star: bool = False
    chain: bool = False


class Tree(msgspec.Struct, frozen=True):
    """What people hang in: ``key`` is of the item that says where one does; ``shape``, asked with it, never fails."""

    key: Callable[[MerchantId, UserId], Key]
    shape: Callable[[Any], Shape]


def fullest_day(came: Iterable[tuple[datetime, T]]) -> list[tuple[datetime, T]]:
    """Those of the 24 hours in which most came, the earliest first; of equal ones the latest."""
    ordered = sorted(came, key=lambda one: one[0])
    fullest, first = ordered[:0], 0
    for last, (at, _) in enumerate(ordered, 1):
        while at - ordered[first][0] >= DAY:
            first += 1
        if last - first >= len(fullest):
            fullest = ordered[first:last]
    return fullest


def is_star(back: Sequence[bool]) -> bool:
    """Whether a day's invited are a star: more than `STAR_A_DAY`, of whom a share below `STAR_BACK` came back."""
    return len(back) > STAR_A_DAY and sum(back) * 100 < STAR_BACK * len(back)


def is_fan(came: Sequence[tuple[datetime, Marks]]) -> bool:
    """Whether one inviter's were made: most from one device, or on the fullest day from one network or in lockstep.

    A network is shared by carriers, schools and offices: it says something of more than `ADDRESS_CROWDED` in a day.
    """
    day = fullest_day(came)
    return (
        _one_for_most([marks.device for _, marks in came], DEVICE_SHARED)
        or _one_for_most([marks.network for _, marks in day], ADDRESS_CROWDED)
        or in_lockstep([at for at, _ in day])
    )


def is_chain(line: Sequence[Marks]) -> bool:
    """Whether those of whom each invited the next were most of them on one device."""
    return _one_for_most([marks.device for marks in line], DEVICE_SHARED)


def in_lockstep(times: Sequence[datetime]) -> bool:
    """Whether the next one's time follows from the last: `PACED` or more came at gaps that are nearly all alike."""
    if len(times) < PACED:
        return False
    gaps = sorted((after - before).total_seconds() for before, after in pairwise(sorted(times)))
    usual = gaps[len(gaps) // 2]
    alike = sum(abs(gap - usual) * 100 <= PACE_OFF * usual for gap in gaps)
    return usual >= PACE_LEAST.total_seconds() and alike * 100 >= PACE_ALIKE * len(gaps)


def _one_for_most(marks: Sequence[str | None], most: int) -> bool:
    """Whether more than ``most`` of them, and more than half, are the same."""
    known = Counter(mark for mark in marks if mark is not None)
    shared = max(known.values(), default=0)
    return shared > most and shared * 2 > len(marks)
