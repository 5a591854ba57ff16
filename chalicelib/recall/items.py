"""What is stored of segments and recalls: what orders count and come to, recalls, and who was told by one."""

from __future__ import annotations

import zlib
from datetime import datetime

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.table import IntAttribute, Item, Key, StateAttribute, TimeAttribute, table
from chalicelib.notices.moments import Moment
from chalicelib.recall.states import RecallState, Segment, Stop, Tier

SHARDS = 4
"""Index keys that the people of one tier are spread over."""


class Counted(Item):
    """What an order counts for its buyer's segment now."""

    letter = "O"
    prefix = "SEG"

    uid = UnicodeAttribute()
    n = IntAttribute()
    """1 while it is confirmed, 0 once all of it went back."""
    fen = IntAttribute()
    """What its buyer has paid of it, without what came back to him."""
    at = TimeAttribute()
    """When it was confirmed."""


class Buyer(Item):
    """What somebody's orders that are counted come to: the latest, how many, how much."""

    letter = "U"
    prefix = "RFM"

    last_at = TimeAttribute()
    """When the latest of them was confirmed, were its money to go back later or not."""
    orders = IntAttribute()
    spent_fen = IntAttribute()
    tier = StateAttribute(Tier, null=True)
    """By the terms that stood when this was written; absent, and listed nowhere, where no order counts."""
    changes = IntAttribute()
    """How often this was written."""
    written_at = TimeAttribute()

    @property
    def uid(self) -> UserId:
        """Who he is."""
        return UserId(self.pk.split("#", 1)[1])


class Recall(Item):
    """A merchant tells the people of a segment something, each with a coupon; due while it runs."""

    letter = "RCL"
    prefix = "META"

    segment = StateAttribute(Segment)
    moment = StateAttribute(Moment)
    """RECALL or THANKS."""
    cid = UnicodeAttribute()
    """The template of its coupons."""
    until = TimeAttribute()
    """When it stops at the latest."""
    state = StateAttribute(RecallState)
    why = StateAttribute(Stop, null=True)
    place = UnicodeAttribute(null=True)
    """Where in the segment it goes on; at its beginning where absent."""
    looked = IntAttribute(default=0)
    """At so many people it has looked; written at the end of a page, as all below but the next."""
    told = IntAttribute(default=0)
    """So many have a coupon and a message of it; written with those."""
    without = IntAttribute(default=0)
    unwanted = IntAttribute(default=0)
    lately = IntAttribute(default=0)
    """So many were told nothing, for what `states.Call` says."""
    fingerprint = UnicodeAttribute()
    created_at = TimeAttribute()
    """People are in the segment as of then."""
    ended_at = TimeAttribute(null=True)

    @property
    def rid(self) -> str:
        """Its id."""
        return self.pk.split("#", 1)[1]


class Called(Item):
    """The last time that a recall told somebody something."""

    letter = "U"
    prefix = "RECALLED"

    rid = UnicodeAttribute()
    at = TimeAttribute()


def recall_key(mid: MerchantId, rid: str) -> Key:
    """Where a recall stands."""
    return table(mid).key("RCL", rid)


def called_key(mid: MerchantId, uid: str) -> Key:
    """Where it stands when somebody was told something last."""
    return table(mid).key("U", uid, sk="RECALLED")


def recall_index(mid: MerchantId) -> str:
    """The index partition of the merchant's recalls."""
    return table(mid).pk("RCLS", "0")


def counted_key(mid: MerchantId, oid: str) -> Key:
    """Where it stands what an order counts."""
    return table(mid).key("O", oid, sk="SEG")


def buyer_key(mid: MerchantId, uid: str) -> Key:
    """Where somebody's sums stand."""
    return table(mid).key("U", uid, sk="RFM")


def tier_index(mid: MerchantId, tier: Tier, shard: int) -> str:
    """An index partition of those of a tier, by their last order."""
    return table(mid).pk("SEG", tier.value, str(shard))


def listed(mid: MerchantId, uid: str, tier: Tier, last_at: datetime) -> tuple[str, str]:
    """Where somebody is listed."""
    return tier_index(mid, tier, zlib.crc32(uid.encode()) % SHARDS), f"{clock.iso(last_at)}#{uid}"
