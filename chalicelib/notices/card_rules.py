"""Which card is sent, which cards say too little, and when somebody looks: pure functions over activities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

PACE = timedelta(seconds=3)
"""A thing's cards are changed once in this time at most; what happens meanwhile goes together."""

FIRST_LOOK = timedelta(minutes=1)
"""When a card is first looked at without anything having been told; then at twice its age."""

LEAST_LEFT = timedelta(minutes=10)
"""A card with less to live is not sent any more."""

MOST = 3
"""Cards of one thing that live at a time."""

STARTED = "started"


class Run(StrEnum):
    """How far a thing is."""

    JOINING = "joining"
    """People may come yet."""
    SUCCEEDED = "succeeded"
    OVER = "over"
    """Nobody comes any more, and it did not succeed."""


class Standing(msgspec.Struct, frozen=True):
    """How a thing stands: ``have`` of ``need`` people are there, who never become fewer."""

    have: int
    need: int
    run: Run


class Activity(msgspec.Struct, frozen=True):
    """What WeChat knows all copies of a sent card by."""

    id: str
    until: datetime
    have: int
    """How many people it says there are, as far as we know."""
    ended: str | None = None
    """`STARTED`, or the code with which WeChat refused it: it changes no more."""


def alive(activities: Sequence[Activity], now: datetime) -> list[Activity]:
    """Those that can be changed."""
    return [one for one in activities if one.ended is None and now < one.until]


def to_send(activities: Sequence[Activity], now: datetime) -> Activity | None:
    """The one that is sent now."""
    return next((one for one in reversed(alive(activities, now)) if one.until - now >= LEAST_LEFT), None)


def with_new(activities: Sequence[Activity], new: Activity, now: datetime) -> list[Activity] | None:
    """With another one, without those whose time is over; None where there are enough."""
    kept = [one for one in activities if now < one.until]
    return [*kept, new] if len(kept) < MOST else None


def behind(activities: Sequence[Activity], standing: Standing, now: datetime) -> list[Activity]:
    """Those that say too little."""
    succeeded = standing.run is Run.SUCCEEDED
    return [one for one in alive(activities, now) if succeeded or one.have < standing.have]


def merged(activities: Sequence[Activity], told: Mapping[str, Activity]) -> list[Activity]:
    """What is there, with what was found out of some of them."""
    return [told.get(one.id, one) for one in activities]


def next_look(
    activities: Sequence[Activity], standing: Standing | None, made_at: datetime, now: datetime
) -> datetime | None:
    """When to look though nobody tells of a change; None when nothing can change any more."""
    living = alive(activities, now)
    if standing is None or standing.run is not Run.JOINING or not living:
        return None
    return min(made_at + max(FIRST_LOOK, 2 * (now - made_at)), max(one.until for one in living))
