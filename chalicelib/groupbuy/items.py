"""What is stored of a group-buy: the group, one seat per user, and what a user has taken of a campaign's limits."""

from __future__ import annotations

from datetime import datetime
from typing import NewType

from pynamodb.attributes import UnicodeAttribute

from chalicelib.accounts.newcomer import Verdict
from chalicelib.campaigns.stock import Drawn
from chalicelib.core import clock
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.table import IntAttribute, Item, Key, StateAttribute, StructAttribute, TimeAttribute, table
from chalicelib.groupbuy.states import GroupState, SeatState
from chalicelib.sharing.rules import Attribution

GROUP = "group"
"""The kind of a group that is shared."""

PLAY = "groupbuy"

GroupId = NewType("GroupId", str)

LIVE_STATES = (GroupState.OPEN, GroupState.SETTLING)
"""A group that is not decided yet and that others may know of."""

LIST_SHARDS = 4
"""Index keys that a campaign's open groups are spread over."""


class Group(Item):
    """One group. ``paid + held + left = need``, always; ``left`` is stored so that a hold is one condition."""

    letter = "G"
    prefix = "META"

    status = StateAttribute(GroupState)
    need = IntAttribute()
    paid = IntAttribute()
    held = IntAttribute()
    left = IntAttribute()
    version = IntAttribute()
    leader = UnicodeAttribute()
    sku = UnicodeAttribute(null=True)
    """The one SKU whose units the group owns; absent where each seat owns a unit of its own SKU."""
    each = IntAttribute(default=1)
    """Units that each seat buys."""
    units = StructAttribute[list[Drawn]](list[Drawn])
    """The units it owns, by stock shard."""
    lifetime = IntAttribute()
    """Seconds from the leader's payment to its end."""
    honour = IntAttribute(default=0)
    """1 where the price is honoured at the end although members are missing."""
    expires_at = TimeAttribute(null=True)
    why = UnicodeAttribute(null=True)
    live_card = UnicodeAttribute(null=True)
    """There where it has been sent as a live card: by this the table's stream tells of its changes."""
    created_at = TimeAttribute()

    @property
    def gid(self) -> GroupId:
        """Its id, which begins with its campaign's."""
        return GroupId(self.pk.split("#", 1)[1])

    @property
    def cid(self) -> CampaignId:
        """Its campaign."""
        return campaign_of(self.gid)


class Seat(Item):
    """A user's place in a group. It carries its order: a late payment of an older one never touches a newer seat."""

    letter = "G"
    prefix = "SEAT#"

    order = UnicodeAttribute()
    state = StateAttribute(SeatState)
    take = IntAttribute(default=1)
    """How many orders this user has made for this seat."""
    sku = UnicodeAttribute()
    units = StructAttribute[list[Drawn]](list[Drawn], null=True)
    """Its own units by stock shard, where seats own their units."""
    verdict = StructAttribute[Verdict](Verdict, null=True)
    """Why he counted as a new user, where only those may join."""
    came_by = StructAttribute[Attribution](Attribution, null=True)
    """By whose share of the group he came, if by any."""
    nickname = UnicodeAttribute(null=True)
    """His `public_name` when he took it."""
    avatar_url = UnicodeAttribute(null=True)
    created_at = TimeAttribute()

    @property
    def uid(self) -> UserId:
        """Who sits there."""
        return UserId(self.sk.split("#", 1)[1])


class Limit(Item):
    """What a user has taken of a campaign: absent counters are zero."""

    letter = "U"
    prefix = "LIM#"

    opens = IntAttribute(null=True)
    joins = IntAttribute(null=True)
    parts = IntAttribute(null=True)
    units = IntAttribute(null=True)
    pending = UnicodeAttribute(null=True)
    """The group he is opening and has not paid for."""


def group_id(cid: CampaignId, suffix: str) -> GroupId:
    """A group's id begins with its campaign's, so that one id locates both."""
    return GroupId(f"{cid}-{suffix}")


def campaign_of(gid: GroupId) -> CampaignId:
    """The campaign inside a group's id."""
    return CampaignId(gid.split("-", 1)[0])


def group_key(mid: MerchantId, gid: str) -> Key:
    """Where a group stands."""
    return table(mid).key("G", gid)


def seat_key(mid: MerchantId, gid: str, uid: str) -> Key:
    """Where a user's seat in a group stands."""
    return table(mid).key("G", gid, sk=f"SEAT#{uid}")


def limit_key(mid: MerchantId, uid: str, cid: str) -> Key:
    """Where a user's use of a campaign stands."""
    return table(mid).key("U", uid, sk=f"LIM#{cid}")


def list_entry(group: Group, expires_at: datetime) -> tuple[str, str]:
    """Where strangers find an open group: by campaign, sharded, ordered by its end."""
    shard = sum(group.gid.encode()) % LIST_SHARDS
    return list_partition(group.mid, group.cid, shard), f"{clock.iso(expires_at)}#{group.gid}"


def list_partition(mid: MerchantId, cid: str, shard: int) -> str:
    """One shard of a campaign's open list."""
    return table(mid).pk("C", cid, "OPEN", str(shard))
