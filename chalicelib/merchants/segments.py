"""How a merchant sorts those who have bought: by when they did last, how often, and for how much."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.core.ids import MerchantId
from chalicelib.core.table import Key, StructAttribute, table
from chalicelib.merchants.items import Setup

FOLLOWER = "segments"
"""By which name orders know that they are counted for their buyer's segment (`orders.follows`)."""

DayCount = Annotated[int, Meta(ge=1, le=3650)]


class SegmentTerms(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Where one segment ends and the next begins."""

    counting: bool = True
    """Whether orders are counted that are made from now on."""
    vip_orders: Annotated[int, Meta(ge=2, le=10_000)] | None = 5
    """From how many orders on somebody is a VIP; never by their number where null."""
    vip_spent_fen: Annotated[int, Meta(ge=1, le=10**12)] | None = None
    """From how much on that he has paid somebody is a VIP; never by that where null."""
    asleep_days: DayCount = 60
    """So many days after his last order somebody is asleep …"""
    lost_days: DayCount = 180
    """… and so many after it he is lost."""
    inviter_friends: Annotated[int, Meta(ge=1, le=100_000)] = 3
    """From how many friends on somebody is an active inviter."""
    inviter_campaign: Annotated[str, Meta(pattern=r"^[0-9A-Z]{1,40}$")] | None = None
    """The campaign on whose leaderboard those friends count; everybody's leaderboard where null."""


class SegmentSetup(Setup):
    """What a merchant said of segments."""

    letter = "MER"
    prefix = "SEGMENTS"

    terms = StructAttribute[SegmentTerms](SegmentTerms)


def segments_key(mid: MerchantId) -> Key:
    """Where it stands."""
    return table(mid).key("MER", sk="SEGMENTS")
