"""A month of a wallet, member by member, summed from its ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from chalicelib.core import clock
from chalicelib.family import ledger
from chalicelib.family.ledger import Row, Sight
from chalicelib.family.rows import Move, Spend
from chalicelib.family.states import SpendState, Why

MOST_ROWS = 1_000
"""Of the ledger in one answer."""


class MemberSum(msgspec.Struct):
    """What one member's orders of a month come to, in fen."""

    spent: int = 0
    """What counts in his caps."""
    approved: int = 0
    """What the owner approved beyond them."""
    captured: int = 0
    """Of both, what orders were paid with, also where some of it came back."""
    held: int = 0
    """Of both, what may still come back unspent."""
    back: int = 0
    """Of what was captured, what came back."""
    orders: int = 0
    """How many took something, those that were released left out."""


class Month(NamedTuple):
    """The sums of a month, or of a part of it."""

    members: dict[str, MemberSum]
    moves: dict[Why, tuple[int, int]]
    """What came in or, negative, left: as given, and as bought."""
    after: str | None
    """Where the part after it begins."""


def month(sight: Sight, named: str, since: str | None) -> Month:
    """The sums of what somebody sees of a month of China such as ``2026-11``, from a position on.

    At most `MOST_ROWS` are summed. A row counts in the month in which its order was made, as in the caps.
    """
    begins, ends = bounds(named)
    start = max(since or "", clock.iso(begins))
    if start >= clock.iso(ends):
        return Month({}, {}, None)
    rows, after = ledger.between(sight.family, start, clock.iso(ends), MOST_ROWS)
    seen = [row for row in rows if sight.shows(row)]
    return Month(members(seen), moves(seen), after)


def bounds(named: str) -> tuple[datetime, datetime]:
    """When a month of China begins, and when the next one does."""
    begins = datetime.strptime(f"{named}-01", "%Y-%m-%d").replace(tzinfo=clock.BEIJING)
    return begins, (begins + timedelta(days=32)).replace(day=1)


def members(rows: Iterable[Row]) -> dict[str, MemberSum]:
    """What each member's orders come to."""
    sums = defaultdict[str, MemberSum](MemberSum)
    for row in rows:
        if not isinstance(row, Spend) or row.state is SpendState.RELEASED:
            continue
        his = sums[row.uid]
        his.orders += 1
        if row.ask is None:
            his.spent += row.total - (row.restored or 0)
        else:
            his.approved += row.total
        if row.state is SpendState.HELD:
            his.held += row.total
        else:
            his.captured += row.total
            his.back += row.back_granted + row.back_paid
    return dict(sums)


def moves(rows: Iterable[Row]) -> dict[Why, tuple[int, int]]:
    """What came in or left, by why."""
    sums = dict[Why, tuple[int, int]]()
    for row in rows:
        if isinstance(row, Move):
            granted, paid = sums.get(row.why, (0, 0))
            sums[row.why] = granted + row.granted, paid + row.paid
    return sums
