"""What is stored of a packet: the packet, one act per user, and what a user has taken of a campaign's limits."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import NewType

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.accounts.newcomer import Verdict
from chalicelib.campaigns.gifts import Currency
from chalicelib.campaigns.stock import Drawn
from chalicelib.core import clock
from chalicelib.core.ids import CampaignId, MerchantId, UserId, derived
from chalicelib.core.table import IntAttribute, Item, Key, StateAttribute, StructAttribute, TimeAttribute, table
from chalicelib.redpacket.states import ActState, PacketKind, PacketState
from chalicelib.rewards.items import Posted
from chalicelib.sharing.limits import HelpLimit
from chalicelib.sharing.rules import Attribution

PACKET = "packet"
"""The kind of a packet that is shared, and the name that orders know its follower by."""

PLAY = "redpacket"

PacketId = NewType("PacketId", str)

LIVE_STATES = (PacketState.ACTIVE, PacketState.SETTLING)
"""A packet that is not over: a held act can still count, and it holds budget for what nobody took yet."""

LIST_SHARDS = 8
"""Index keys that a campaign's packets are spread over."""


class Step(msgspec.Struct, frozen=True, array_like=True):
    """A node: with so many friends, so much more for the owner."""

    friends: int
    amount: int


class Portion(msgspec.Struct, frozen=True, array_like=True):
    """So many shares that are alike, one after the other."""

    times: int
    friend: int
    own: int


class Packet(Item):
    """One packet. What it promises is fixed when it is made; what of that is not spent yet is reserved."""

    letter = "R"
    prefix = "META"

    kind = StateAttribute(PacketKind)
    status = StateAttribute(PacketState)
    uid = UnicodeAttribute()
    """Its owner."""
    steps = StructAttribute[list[Step]](list[Step], null=True)
    """The nodes of one that is unlocked."""
    portions = StructAttribute[list[Portion]](list[Portion], null=True)
    """The shares of one that is claimed, in order; equal ones stand once."""
    currency = StateAttribute(Currency)
    """What all of its amounts are in."""
    n = IntAttribute()
    """Helps that count, or shares that are claimed."""
    held = IntAttribute()
    """Acts that wait for a decision."""
    granted = IntAttribute()
    """Nodes whose value is with its owner."""
    res = IntAttribute()
    """What of it is reserved."""
    spent = IntAttribute()
    """What of it was given, or is owed to a claimer; after a claw-back what did not come back."""
    drawn = StructAttribute[list[Drawn]](list[Drawn])
    """What it holds of the campaign's budget, by shard: reserved and spent together."""
    order = UnicodeAttribute(null=True)
    """The order that brought it."""
    note = UnicodeAttribute(null=True)
    """Why it ended before its time, by itself: a code."""
    version = IntAttribute()
    expires_at = TimeAttribute()
    minute = UnicodeAttribute(null=True)
    """The latest minute in which somebody helped or claimed."""
    minute_acts = IntAttribute(null=True)
    """Acts in that minute."""
    fingerprint = UnicodeAttribute()
    created_at = TimeAttribute()

    @property
    def rid(self) -> PacketId:
        """Its id, which begins with its campaign's."""
        return PacketId(self.pk.split("#", 1)[1])

    @property
    def cid(self) -> CampaignId:
        """Its campaign."""
        return campaign_of(self.rid)

    @property
    def size(self) -> int:
        """How many acts fill it."""
        if self.steps:
            return self.steps[-1].friends
        return sum(portion.times for portion in self.portions or [])

    @property
    def total(self) -> int:
        """What it promises in all."""
        own = sum(step.amount for step in self.steps or [])
        return own + sum(part.times * (part.friend + part.own) for part in self.portions or [])

    def share(self, slot: int) -> tuple[int, int]:
        """What share ``slot``, from 0, brings its claimer and the owner; IndexError where there is none."""
        for portion in self.portions or []:
            if slot < portion.times:
                return portion.friend, portion.own
            slot -= portion.times
        raise IndexError("a packet has fewer shares")

    def reached(self, n: int) -> int:
        """How many nodes so many friends reach."""
        return sum(step.friends <= n for step in self.steps or [])


class Act(Item):
    """What one user did for a packet: once, whatever became of it."""

    state = StateAttribute(ActState)
    slot = IntAttribute(null=True)
    """The how-manieth that counts it is, from 0, once it does."""
    day = UnicodeAttribute()
    """The merchant's day whose limit it took."""
    reasons = StructAttribute[list[str]](list[str])
    """The signals that the verdict on it found."""
    thresholds = IntAttribute()
    """The version of the thresholds it was judged by."""
    verdict = StructAttribute[Verdict](Verdict, null=True)
    """Why he counted as a new user, where only those may act."""
    came_by = StructAttribute[Attribution](Attribution, null=True)
    """By whose share of the packet he came, if by any."""
    nickname = UnicodeAttribute(null=True)
    avatar_url = UnicodeAttribute(null=True)
    request = UnicodeAttribute()
    """The request that made it: repeated, it is the answer."""
    fingerprint = UnicodeAttribute()
    created_at = TimeAttribute()
    passes_at = TimeAttribute(null=True)
    """When one that is held is approved by itself."""
    decided_at = TimeAttribute(null=True)
    """When a held one was decided."""

    @property
    def uid(self) -> UserId:
        """Who acted."""
        return UserId(self.sk.split("#", 1)[1])

    @property
    def rid(self) -> PacketId:
        """For whose packet."""
        return PacketId(self.pk.split("#", 1)[1])

    @property
    def cid(self) -> CampaignId:
        """Its campaign."""
        return campaign_of(self.rid)


class Unlock(Act):
    """A help."""

    letter = "R"
    prefix = "UNL#"


class Claim(Act, Posted):
    """A claim: receipt, posting of both sides, and what is owed to them, in one. It lists under its claimer."""

    letter = "R"
    prefix = "CLM#"

    friend = IntAttribute(null=True)
    """What its claimer gets, once it has a share."""
    own = IntAttribute(null=True)
    """What that brings the packet's owner."""
    debt = IntAttribute(null=True)
    """What of it could not be taken back."""


class Limit(HelpLimit):
    """What a user has taken of a campaign's packets; one that an order brought was not started."""

    letter = "U"
    prefix = "RPK#"


def portions(shares: Sequence[tuple[int, int]]) -> list[Portion]:
    """Listed shares, equal neighbours put together."""
    found = list[Portion]()
    for friend, own in shares:
        if found and (found[-1].friend, found[-1].own) == (friend, own):
            found[-1] = Portion(found[-1].times + 1, friend, own)
        else:
            found.append(Portion(1, friend, own))
    return found


def packet_id(cid: CampaignId, suffix: str) -> PacketId:
    """A packet's id begins with its campaign's, so that one id locates both."""
    return PacketId(f"{cid}-{suffix}")


def order_packet_id(cid: CampaignId, oid: str) -> PacketId:
    """The id of the packet that an order brings: one, however often the order is told of."""
    return packet_id(cid, derived(PACKET, oid, length=16))


def campaign_of(rid: str) -> CampaignId:
    """The campaign inside a packet's id."""
    return CampaignId(rid.split("-", 1)[0])


def packet_key(mid: MerchantId, rid: str) -> Key:
    """Where a packet stands."""
    return table(mid).key("R", rid)


def act_key(mid: MerchantId, kind: type[Act], rid: str, uid: str) -> Key:
    """Where a user's help or claim stands."""
    return table(mid).key("R", rid, sk=f"{kind.prefix}{uid}")


def limit_key(mid: MerchantId, uid: str, cid: str) -> Key:
    """Where a user's use of a campaign's packets stands."""
    return table(mid).key("U", uid, sk=f"RPK#{cid}")


def list_partition(mid: MerchantId, cid: str, shard: int) -> str:
    """One shard of a campaign's packets, as its merchant lists them."""
    return table(mid).pk("C", cid, "RPK", str(shard))


def list_entry(packet: Packet) -> tuple[str, str]:
    """Where its merchant finds a packet: by campaign, sharded, ordered by its birth."""
    shard = zlib.crc32(packet.pk.encode()) % LIST_SHARDS
    return list_partition(packet.mid, packet.cid, shard), f"{clock.iso(packet.created_at)}#{packet.rid}"
