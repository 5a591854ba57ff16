"""Whether an opening counts, and to whom what follows is attributed. Nothing is granted by an opening (rules W2)."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from chalicelib.core.ids import UserId

if TYPE_CHECKING:
    from chalicelib.sharing.items import Entry

TIMELINE = frozenset({1154, 1155})
"""WeChat's scene values of Moments: whoever comes from there was invited by nobody (rules W3)."""


class NotCounted(StrEnum):
    """Why an opening does not count."""

    OWN = "own"
    TIMELINE = "timeline"
    ENDED = "ended"
    """The campaign of what is shared is over."""
    NO_SHARE = "no_share"
    """What was told has a text code or another mark, and no share that is known."""


class Evidence(StrEnum):
    """How sure it is that somebody came by a share, from the weakest to the strongest."""

    OPENED = "opened"
    """His client said so."""
    CLAIMED = "claimed"
    """His client says too that WeChat calls him a receiver of the card."""
    PROVED = "proved"
    """WeChat says so to us: he received the card from its sharer, or is in the group that it went to."""

    @property
    def rank(self) -> int:
        """Its place in that order."""
        return list(Evidence).index(self)


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody opens what another shared."""

    uid: UserId
    sharer: UserId
    share: str
    scene_value: int
    evidence: Evidence
    at: datetime
    until: datetime
    """What he does before this would be attributed."""


class Attribution(msgspec.Struct, frozen=True, kw_only=True):
    """By whom somebody came to an object."""

    sharer: UserId
    share_id: str
    evidence: Evidence
    opened_at: datetime


def until(at: datetime, window: timedelta | None, ends_at: datetime | None) -> datetime:
    """How long an opening at ``at`` attributes: for the window of its kind, or to the end of its campaign."""
    if window is not None:
        return at + window
    return ends_at or at


def not_counted(opening: Opening) -> NotCounted | None:
    """Why it does not count, if it does not."""
    if opening.uid == opening.sharer:
        return NotCounted.OWN
    if opening.scene_value in TIMELINE:
        return NotCounted.TIMELINE
    return None if opening.at < opening.until else NotCounted.ENDED


def tells_more(entry: Entry, opening: Opening) -> bool:
    """Whether the opening says something that is not noted yet: another share, a new window, stronger evidence."""
    if entry.share != opening.share or entry.until <= opening.at:
        return True
    return opening.evidence.rank > entry.evidence.rank


def attributed(entry: Entry | None, now: datetime) -> Attribution | None:
    """Who gets credit for what a user does now to the object of ``entry``: the last valid share that he came by.

    A play reads `items.entry_key` in its own read round.
    """
    if entry is None or now >= entry.until:
        return None
    return Attribution(
        sharer=UserId(entry.sharer), share_id=entry.share, evidence=entry.evidence, opened_at=entry.opened_at
    )
