"""How sure one must be of an act, and what follows from how fast a budget is used, hour by hour."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.campaigns.gifts import AsBalance, AsCash, Form
from chalicelib.sharing.verdict import Value

MOST_HOURS = 48
"""Hours of a budget that are remembered, of those in which something of it was drawn."""

KNOWN = 6
"""Hours before the running one that must be known for it to be compared with them."""

FASTER = 5
"""How many times the median of its hours the running one must exceed."""

FLOOR_PERCENT = 5
"""Of the budget: a running hour that has drawn less pauses nothing."""

LOW_PERCENT = 80
"""Of the budget: used so far, it is warned of."""


def value_of(*forms: Form) -> Value:
    """How sure one must be of an act: balance pays like money, and is not given back by who has spent it."""
    return Value.CASH if any(isinstance(form, AsBalance | AsCash) for form in forms) else Value.COUPON


class Hour(msgspec.Struct, frozen=True, array_like=True):
    """What was drawn of a budget in an hour, less what came back in it."""

    since: datetime
    drawn: int


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen of a budget so far."""

    taken: int = 0
    """Of all its shards, when they were looked at last: reserved and spent."""
    hours: list[Hour] = []
    """Those in which something was drawn, the latest last."""
    warned_of: int | None = None
    """The whole budget of which it was warned: a larger one is warned of anew."""
    paused_in: datetime | None = None
    """The hour whose pace paused the campaign: whoever resumes it in that hour has decided."""


def hour_of(now: datetime) -> datetime:
    """When the running hour began."""
    return now.replace(minute=0, second=0, microsecond=0)


def looked(before: Pace, taken: int, now: datetime) -> Pace:
    """What is known after a look that found so much taken: what is more than before belongs to the running hour."""
    since, drawn, hours = hour_of(now), taken - before.taken, before.hours
    if hours and hours[-1].since == since:
        drawn += hours[-1].drawn
        hours = hours[:-1]
    if drawn > 0:
        hours = [*hours, Hour(since, drawn)]
    return msgspec.structs.replace(before, taken=taken, hours=hours[-MOST_HOURS:])


def is_low(pace: Pace, total: int) -> bool:
    """Whether it is time to warn: once for each size of the budget."""
    return pace.warned_of != total and is_used_up(pace.taken, total)


def is_used_up(taken: int, total: int) -> bool:
    """Whether so much of a budget is used that little is left."""
    return taken * 100 >= total * LOW_PERCENT


def races(pace: Pace, total: int, now: datetime) -> bool:
    """Whether the running hour draws far faster than the hours before it, and enough for that to matter.

    Hours in which nothing was drawn do not count: nights make no day suspicious.
    """
    since = hour_of(now)
    if not pace.hours or pace.hours[-1].since != since or pace.paused_in == since:
        return False
    *before, running = (hour.drawn for hour in pace.hours)
    if len(before) < KNOWN or running * 100 < total * FLOOR_PERCENT:
        return False
    before.sort()
    middle = before[(len(before) - 1) // 2] + before[len(before) // 2]
    return running * 2 > middle * FASTER
