"""What a client sees of a group: what it needs, who is in it, what I may do now and why not."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.accounts.newcomer import Verdict
from chalicelib.campaigns.views import WhyNot
from chalicelib.core.money import Saving
from chalicelib.notices.asking import Ask
from chalicelib.orders.lines import Quoted
from chalicelib.orders.views import OrderHeld
from chalicelib.sharing.views import CameBy, Share


class Member(msgspec.Struct, kw_only=True):
    """A member as strangers see one: masked."""

    nickname: str
    avatar_url: str | None
    leader: bool
    paid: bool


class MySeat(msgspec.Struct, kw_only=True):
    """The caller's own seat."""

    state: str
    """held | paid | released | won | lost"""
    order_id: str


class GroupView(msgspec.Struct, kw_only=True):
    """A group as the caller sees it."""

    group_id: str
    campaign_id: str
    title: str
    status: str
    """pending | open | settling | succeeded | failed"""
    why: str | None
    """Why it ended: no_stock, void, expired, honour_price, closed."""
    need: int
    have: int
    """Seats paid or held."""
    paid: int
    left: int
    price_fen: int
    reference_price_fen: int
    saving: Saving
    units_per_seat: int
    ends_at: datetime | None
    now: datetime
    members: list[Member]
    my_seat: MySeat | None
    may_join: bool
    why_not: WhyNot | None
    share: Share | None
    ask: Ask


class GroupCard(msgspec.Struct, kw_only=True):
    """A group in a list."""

    group_id: str
    campaign_id: str
    status: str
    need: int
    have: int
    left: int
    ends_at: datetime | None


class Groups(msgspec.Struct, kw_only=True):
    """Groups that can be joined now, fewest missing first, then ending soonest."""

    groups: list[GroupCard]
    now: datetime


class MyGroup(msgspec.Struct, kw_only=True):
    """A group, and the caller's seat in it."""

    group: GroupCard
    my_seat: MySeat | None


class MyGroups(msgspec.Struct, kw_only=True):
    """A page of the caller's groups, newest first."""

    groups: list[MyGroup]
    cursor: str | None
    now: datetime


class GroupCards(msgspec.Struct, kw_only=True):
    """The groups that were asked for, those that exist, in the same order."""

    groups: list[MyGroup]
    now: datetime


class SeatRecord(msgspec.Struct, kw_only=True):
    """A seat as the merchant sees it."""

    nickname: str
    leader: bool
    state: str
    """held | paid | won | lost"""
    sku_id: str
    units: int
    order_id: str
    since: datetime
    verdict: Verdict | None
    """Why he counted as new, where only new users may join."""
    came_by: CameBy | None
    """By whose share he came; sharing itself is never rewarded."""


class GroupRecord(msgspec.Struct, kw_only=True):
    """A group as its merchant sees it."""

    group: GroupCard
    why: str | None
    created_at: datetime
    seats: list[SeatRecord]
    now: datetime


class SeatHeld(OrderHeld, kw_only=True):
    """A held seat and what ``wx.requestPayment`` takes; without ``pay`` (202) ask the order for prepay."""

    group_id: str


class Quote(Quoted, kw_only=True):
    """What a seat costs and why, before anything is held."""

    need: int
    group_seconds: int
    at_expiry: str
