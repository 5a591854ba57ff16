"""Segments, and the states of a recall, as a table that can be printed."""

from __future__ import annotations

from enum import StrEnum

from chalicelib.core.states import Transition


class Tier(StrEnum):
    """What somebody is by his orders alone, whenever they were."""

    NEW = "new"
    """One order counts."""
    REGULAR = "regular"
    VIP = "vip"


class Segment(StrEnum):
    """A merchant's people, sorted. Whoever has an order that counts is in one of the first five."""

    NEW = "new"
    REGULAR = "regular"
    VIP = "vip"
    """Of these three, those who are not asleep yet."""
    ASLEEP = "asleep"
    LOST = "lost"
    """Of whatever tier, those who have not bought for so long."""
    ACTIVE_INVITERS = "active_inviters"
    """Whoever has brought so many friends, whatever he has bought."""


class RecallState(StrEnum):
    """Where a recall is."""

    RUNNING = "running"
    """People are told, page by page, in waking hours."""
    DONE = "done"
    """Everybody of the segment was looked at."""
    STOPPED = "stopped"
    """It ended before that; ``why`` says for what."""
    CANCELLED = "cancelled"
    """Its merchant ended it."""


class Stop(StrEnum):
    """Why a recall stopped."""

    COUPONS = "coupons"
    """No coupon was left."""
    CAMPAIGN = "campaign"
    """The coupons' campaign has ended, or was paused."""
    TIME = "time"
    """Its own time was over."""
    MESSAGES = "messages"
    """The merchant has no template left for its moment."""


class Call(StrEnum):
    """What came of somebody of a segment."""

    TOLD = "told"
    """He has the coupon, and his message is on its way."""
    WITHOUT = "without"
    """He has not agreed to another message."""
    UNWANTED = "unwanted"
    """He wants no offers."""
    LATELY = "lately"
    """A recall has told him something in 30 days, or he has had his messages of the day."""
    GONE = "gone"
    """He is in the segment no more, or is not to have it."""
    HIS = "his"
    """This recall has told him before."""
    NONE_LEFT = "none_left"
    """No coupon is left."""
    ENDED = "ended"
    """The recall has ended meanwhile, or somebody else drives it."""


TABLE = (
    Transition("–", "start", "id absent", "running", "META, due = now; audit"),
    Transition(
        "running",
        "due: somebody of the segment",
        "as leased; he was called by no recall in 30 days",
        "running",
        "told + 1; his coupon, a unit of its template, his message in the outbox, when he was called",
    ),
    Transition("running", "due: end of a page", "as leased", "running", "where it goes on; what came of the others"),
    Transition("running", "due: end of the last page", "as leased", "done", "nothing is due"),
    Transition("running", "due: nothing to give, or nothing to tell with", "as leased", "stopped", "nothing is due"),
    Transition("running", "cancel", "running", "cancelled", "nothing is due; audit"),
)
