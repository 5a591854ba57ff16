"""What people see of a family, and what whoever holds an invitation sees of it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from chalicelib.accounts.items import NameState
from chalicelib.campaigns.views import WhyNot
from chalicelib.family.states import FamilyState, InvitationState, MemberState, Mode, Role
from chalicelib.notices.asking import Ask


class Balance(msgspec.Struct, kw_only=True):
    """What a wallet holds, in fen."""

    granted_fen: int
    """Given, and spent first."""
    paid_fen: int
    """Bought. It never expires."""
    total_fen: int


class Spending(msgspec.Struct, kw_only=True):
    """What a member may spend, and what he has spent this month, in fen."""

    per_fen: int | None
    """At once; null for the owner, whose spending has no cap."""
    cap_fen: int | None
    """In a month."""
    month: str
    """The month in China, as 2026-11."""
    spent_fen: int
    """By himself; what orders hold that are not paid yet counts."""
    approved_fen: int
    """What the owner approved for him, outside his caps."""
    left_fen: int | None
    """Of his cap this month."""


class MemberView(msgspec.Struct, kw_only=True):
    """Somebody in a family. What is null is for himself and the owner to see; ids of one's own family are no secret."""

    user_id: str
    nickname: str
    """Masked."""
    avatar_url: str | None
    role: Role
    me: bool
    state: MemberState | None
    spends_from: datetime | None
    """He spends nothing before: who has joined waits for 24 hours."""
    joined_at: datetime | None
    spending: Spending | None


class FamilyCap(msgspec.Struct, kw_only=True):
    """What all together may spend in a month, and what they have spent, in fen."""

    cap_fen: int
    month: str
    spent_fen: int
    left_fen: int


class Offer(msgspec.Struct, kw_only=True):
    """The family is being handed over."""

    to_me: bool
    user_id: str
    """Who is to own it, as soon as he accepts."""
    offered_at: datetime
    sentences: list[str]
    """What both should know before, in the client's language."""


class Refusals(msgspec.Struct, kw_only=True):
    """Why I could not do something now; what is null I may do."""

    spend: WhyNot | None
    fill: WhyNot | None
    invite: WhyNot | None
    leave: WhyNot | None
    hand_over: WhyNot | None
    freeze: WhyNot | None
    unfreeze: WhyNot | None
    close: WhyNot | None


class FamilyView(msgspec.Struct, kw_only=True):
    """A family as one of its people sees it."""

    family_id: str
    name: str | None
    """Null where others may not see it yet."""
    name_state: NameState | None
    """For its owner: shown; review or unchecked while it waits for the merchant; refused."""
    status: FamilyState
    frozen_by: Literal["owner", "shop"] | None
    mode: Mode
    role: Role
    """Mine."""
    people: int
    most_people: int
    balance: Balance | None
    """Null where the owner does not show it."""
    cap: FamilyCap | None
    """For its owner, where he bounds what all together spend."""
    restores: bool
    """Whether what comes back of an order may be spent again in its month."""
    open_balance: bool
    members: list[MemberView]
    """By when they joined."""
    offer: Offer | None
    """For the owner, and for whom it is offered to."""
    why_not: Refusals
    ask: Ask
    created_at: datetime
    now: datetime


class ClosedWallet(msgspec.Struct, kw_only=True):
    """The wallet of a closed family, which I alone spend."""

    family_id: str
    name: str
    balance: Balance
    closed_at: datetime | None


class MyFamily(msgspec.Struct, kw_only=True):
    """The family that I belong to, if any, and what I have of closed ones."""

    family: FamilyView | None
    locked_until: datetime | None
    """Until when I join or make none, since I have left one."""
    wallets: list[ClosedWallet]
    can_create: bool
    why_not: WhyNot | None
    """Why I could not make one."""
    now: datetime
    open_asks: int
    """Requests that wait: for me to decide where I own the family, else mine for the owner."""
    orders_to_pay: int
    """Orders that wait for me to pay them, 50 at most."""


class FamilyEnds(msgspec.Struct, kw_only=True):
    """Where a family is that its owner has closed."""

    family_id: str
    status: FamilyState
    """closing while an order holds something of its wallet, then closed."""
    balance: Balance
    """What stays his."""
    closed_at: datetime | None
    now: datetime


class Left(msgspec.Struct, kw_only=True):
    """I belong to it no more."""

    family_id: str
    locked_until: datetime
    """I join or make no other before."""
    now: datetime


class InvitationCard(msgspec.Struct, kw_only=True):
    """What the page hands to ``onShareAppMessage``."""

    title: str
    path: str


class InvitationView(msgspec.Struct, kw_only=True):
    """An invitation as the owner sees it."""

    code: str
    """To be read out, in two groups; it may be typed without the hyphen and in small letters."""
    state: InvitationState
    role: Role
    per_fen: int
    cap_fen: int
    until: datetime
    used_by: str | None
    share: InvitationCard | None
    """While it is open."""
    created_at: datetime


class Invitations(msgspec.Struct, kw_only=True):
    """A page of a family's invitations, the newest first."""

    invitations: list[InvitationView]
    cursor: str | None
    now: datetime


class Terms(msgspec.Struct, kw_only=True):
    """What somebody is invited to."""

    family_name: str | None
    """Null where others may not see it yet."""
    owner: str
    """Masked."""
    people: int
    most_people: int
    mode: Mode
    role: Role
    per_fen: int
    cap_fen: int
    cooling_hours: int
    lock_days: int
    sentences: list[str]
    """How all of that works, in the client's language."""


class InvitationPreview(msgspec.Struct, kw_only=True):
    """An invitation as whoever holds its code sees it."""

    code: str
    state: InvitationState
    until: datetime
    terms: Terms | None
    """Null once it is over."""
    can_accept: bool
    why_not: WhyNot | None
    now: datetime
