"""What a client sees of a packet: what it needs, who has taken part, what the next tap gives to both, and why not."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.accounts.newcomer import Verdict
from chalicelib.campaigns.views import WhyNot
from chalicelib.notices.asking import Ask
from chalicelib.sharing.views import CameBy, Share


class Worth(msgspec.Struct, kw_only=True):
    """An amount of something that is given."""

    amount: int
    currency: str
    """fen | points | cash"""
    form: str
    """balance | points | coupon | cash"""
    detail: str
    """In words, in the client's language."""


class NodeView(msgspec.Struct, kw_only=True):
    """A node: what so many friends bring the owner."""

    friends: int
    gives: Worth
    reached: bool
    granted: bool
    """Whether he has it."""
    cash_id: str | None
    """For its owner, of cash that was given: where it is claimed."""


class Taker(msgspec.Struct, kw_only=True):
    """Somebody who helped or claimed, as strangers see him: masked."""

    nickname: str
    avatar_url: str | None
    got: Worth | None
    """What he claimed; who helps to unlock gets nothing."""
    at: datetime


class MyAct(msgspec.Struct, kw_only=True):
    """The caller's own help or claim."""

    state: str
    """counted | on_its_way | granted | checking | not_counted | taken_back"""
    got: Worth | None


class PacketCard(msgspec.Struct, kw_only=True):
    """A packet in a list."""

    packet_id: str
    campaign_id: str
    kind: str
    """unlock | order | gift"""
    status: str
    """active | settling | done | expired | clawing | clawed"""
    need: int
    """Friends that fill it."""
    have: int
    left: int
    ends_at: datetime


class Tap(msgspec.Struct, kw_only=True):
    """What the next help or claim gives."""

    button: str
    """What the button says: what both sides get."""
    you: Worth | None
    """What the friend gets who taps; None where he helps to unlock."""
    owner: Worth | None
    """What it brings the packet's owner, or what the node that is next brings him."""


class PacketView(PacketCard, kw_only=True):
    """A packet as the caller sees it."""

    title: str
    owner: str
    """His name, masked."""
    mine: bool
    next: Tap | None
    """None where nothing is left."""
    nodes: list[NodeView]
    """Of one that is unlocked."""
    takers: list[Taker]
    """In the order in which they count."""
    gained: Worth | None
    """For its owner: what it has brought him so far."""
    order_id: str | None
    """For its owner: the order that brought it."""
    my_act: MyAct | None
    may_help: bool
    may_claim: bool
    why_not: WhyNot | None
    """Why somebody else than its owner may do neither."""
    help_ticket: str | None
    """To be sent with a help or claim, not before two seconds and within ten minutes; only where one is possible."""
    share: Share | None
    ask: Ask
    now: datetime


class MyPackets(msgspec.Struct, kw_only=True):
    """A page of the caller's packets, newest first; it may be shorter than was asked for, also where there are more."""

    packets: list[PacketCard]
    cursor: str | None
    now: datetime


class StartedPacket(PacketCard, kw_only=True):
    """A packet that has begun."""

    nodes: list[NodeView]
    now: datetime


class ActTaken(msgspec.Struct, kw_only=True):
    """What became of a help or claim, and of the packet with it."""

    packet: PacketCard
    my_act: MyAct
    detail: str
    now: datetime


class OrderPacket(msgspec.Struct, kw_only=True):
    """The packet that an order brought, or why there is none."""

    packet: PacketCard | None
    why_not: WhyNot | None
    now: datetime


class ActRecord(msgspec.Struct, kw_only=True):
    """A help or claim as the merchant sees it."""

    user_id: str
    nickname: str
    state: str
    """counted | owed | granted | clawed | held | rejected | moot"""
    slot: int | None
    """The how-manieth that counts it is, from 1."""
    friend_amount: int | None
    own_amount: int | None
    debt: int | None
    """What of it could not be taken back."""
    reasons: list[str]
    """The signals that the verdict on it found."""
    thresholds: int
    """The version of the thresholds it was judged by."""
    since: datetime
    decided_at: datetime | None
    passes_at: datetime | None
    """When a held one is approved by itself."""
    verdict: Verdict | None
    """Why he counted as new, where only new users may act."""
    came_by: CameBy | None
    """By whose share he came; sharing itself is never rewarded."""


class PacketRecord(msgspec.Struct, kw_only=True):
    """A packet as its merchant sees it."""

    packet: PacketCard
    owner_id: str
    order_id: str | None
    held: int
    """Acts that wait for a decision."""
    granted: int
    """Nodes whose value its owner has."""
    currency: str
    reserved: int
    """What of the campaign's budget it holds for what nobody has yet."""
    spent: int
    """What of it was given, or what of that did not come back; cash that was given holds its own."""
    created_at: datetime
    acts: list[ActRecord]
    now: datetime


class Packets(msgspec.Struct, kw_only=True):
    """A page of a campaign's packets, newest first."""

    packets: list[PacketCard]
    cursor: str | None
    now: datetime
