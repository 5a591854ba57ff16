"""Why somebody may be reminded of something: what its room tells of it whenever it is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.transaction import Transaction
from chalicelib.notices.moments import Facts, Moment


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a user can still do, and not for ever."""

    moment: Moment
    facts: Facts
    """All that the moment has."""
    best: datetime
    """When telling him is of most use."""
    until: datetime
    """From when on it is of none."""
    insists: Callable[[Transaction], object]
    """Adds to the very transaction that decides to tell him what must hold there of the object, as a check ``object``.

    It writes nothing, and of one item alone.
    """
    part: str | None = None
    """Which part of the object it is about, where each is told of once: the lot of points, the piece of a coupon."""

    def known_as(self, ident: str) -> str:
        """What the user is told of once: the object, or that part of it."""
        return ident if self.part is None else f"{ident}-{self.part}"


def shortly_before(end: datetime, begin: datetime, most: timedelta) -> datetime:
    """So long before the end of something, but not in the first half of its time."""
    return end - min(most, (end - begin) / 2)


class Reasons(Protocol):
    """A room that has something to remind of."""

    def reason(self, mid: MerchantId, uid: UserId, ident: str) -> Reason | None:
        """Why this user may be reminded of the object ``ident``, as it stands now; None where there is nothing to do.

        The object may be one that never was, and another's: a client says for what it asked a user's consent.
        """
        ...
