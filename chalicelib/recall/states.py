"""Segments, and what people are by their orders."""

from __future__ import annotations

from enum import StrEnum


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
