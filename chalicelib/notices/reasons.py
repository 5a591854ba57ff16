"""Why somebody may be reminded of something: what its room tells of it whenever it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import msgspec
from pynamodb.expressions.condition import Condition

from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.table import Key
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
    key: Key
    """The object on which it rests …"""
    stands: Mapping[str, Condition]
    """… and what must hold of it in the very transaction that decides to tell him."""


class Reasons(Protocol):
    """A room that has something to remind of."""

    def reason(self, mid: MerchantId, uid: UserId, ident: str) -> Reason | None:
        """Why this user may be reminded of the object ``ident``, as it stands now; None where there is nothing to do.

        The object may be one that never was, and another's: a client says for what it asked a user's consent.
        """
        ...
