"""When the pieces of a coupon may be used, decided when somebody gets it."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.campaigns.kinds.coupon import Every, FixedWindow, Instalments, Validity
from chalicelib.core import clock
from chalicelib.rewards.items import Window


def windows(validity: Validity, now: datetime, rule: Instalments | None = None) -> list[Window]:
    """One a piece, for somebody who gets the coupon now."""
    if isinstance(validity, FixedWindow):
        return [Window(validity.since, validity.until)]
    first = now + timedelta(days=validity.starts_after_days)
    begins = [first] if rule is None else [later(first, n, rule.every) for n in range(rule.pieces)]
    return [Window(since, since + timedelta(days=validity.days)) for since in begins]


def later(since: datetime, n: int, every: Every) -> datetime:
    """So many weeks or months later, at the same time of day in China.

    Where a month has no such day it is that month's last; the next ones are counted from the first, not from that.
    """
    if every is Every.WEEK:
        return since + timedelta(weeks=n)
    there = since.astimezone(clock.BEIJING)
    year, month = divmod(there.year * 12 + there.month - 1 + n, 12)
    begin = there.replace(year=year, month=month + 1, day=1)
    last = ((begin + timedelta(days=31)).replace(day=1) - timedelta(days=1)).day
    return begin.replace(day=min(there.day, last)).astimezone(since.tzinfo)
