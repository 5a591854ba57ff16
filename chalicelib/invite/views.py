"""What a client sees of invites: his own, those whom he brought, and leaderboards; others are masked."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.accounts.items import User
from chalicelib.accounts.mask import public_avatar, seen
from chalicelib.accounts.newcomer import Verdict
from chalicelib.campaigns.gifts import Gift
from chalicelib.invite.graph import Bound
from chalicelib.invite.items import Edge, Standing
from chalicelib.notices.asking import Ask
from chalicelib.sharing.views import Person, Share


class Accepted(msgspec.Struct, kw_only=True):
    """Who invited me, for good."""

    inviter: Person | None
    new_user: bool
    """Whether I counted as new."""
    rewards: str | None
    """promised | none_left | not_new: what its campaign promised for it; null where none that rewards runs."""
    accepted_at: datetime
    now: datetime


class Invites(msgspec.Struct, kw_only=True):
    """My invitation, and what came of it."""

    inviter: Person | None
    """Who invited me."""
    code: str | None
    """My code, once I asked for one."""
    invited: int
    by_depth: list[int]
    """Those whom I invited, those whom they invited, and so on: five numbers. They may be some seconds old."""
    share: Share | None
    ask: Ask
    """Templates of messages to ask my consent to on this page."""
    now: datetime


class Code(msgspec.Struct, kw_only=True):
    """A user's invite code."""

    code: str


class Child(msgspec.Struct, kw_only=True):
    """Somebody whom I invited."""

    nickname: str
    avatar_url: str | None
    new_user: bool
    rewards: str | None
    """promised | none_left | not_new, where he came through a campaign that rewards invitations."""
    accepted_at: datetime


class Children(msgspec.Struct, kw_only=True):
    """A page of those whom I invited, the newest first."""

    children: list[Child]
    cursor: str | None
    now: datetime


class Leader(msgspec.Struct, kw_only=True):
    """A line of a leaderboard."""

    rank: int
    nickname: str
    avatar_url: str | None
    invited: int
    me: bool


class Leaderboard(msgspec.Struct, kw_only=True):
    """The first of a leaderboard, a minute and a half behind at most."""

    leaders: list[Leader]
    mine: int
    """How many of mine count on it."""
    now: datetime


class InvitedRecord(msgspec.Struct, kw_only=True):
    """Somebody in the graph, as the merchant sees him."""

    user_id: str
    nickname: str


class GrantRecord(msgspec.Struct, kw_only=True):
    """One thing that an invitation brings, as the merchant sees it."""

    what: str
    gift: Gift
    state: str
    note: str | None
    """Why it waits, or why it ended without value."""
    debt: int | None
    """What was to be taken back and was not there."""


class ChildRecord(InvitedRecord, kw_only=True):
    """Somebody who was invited, and how."""

    via: str
    """share | code"""
    share_id: str
    board: str
    """The campaign whose leaderboard it counts on, or ALL."""
    evidence: str | None
    scene_value: int | None
    verdict: Verdict
    rewards: str | None
    """promised | none_left | not_new, where the campaign rewards invitations."""
    grants: list[GrantRecord]
    """What that has become, his own welcome with it."""
    accepted_at: datetime


class GraphRecord(msgspec.Struct, kw_only=True):
    """A user's place in the graph: a page of those above him, the nearest first, and of those whom he invited."""

    user_id: str
    by_depth: list[int]
    up: list[InvitedRecord]
    up_cursor: str | None
    down: list[ChildRecord]
    cursor: str | None
    now: datetime


def person(user: User | None) -> Person:
    """Somebody as strangers see him, also where he is not known any more."""
    return Person(nickname=seen(user), avatar_url=public_avatar(user))


def child(bound: Bound) -> Child:
    """A line of one's own page."""
    shown = person(bound.user)
    return Child(
        nickname=shown.nickname,
        avatar_url=shown.avatar_url,
        new_user=bound.edge.verdict.new,
        rewards=told(bound.edge),
        accepted_at=bound.edge.bound_at,
    )


def told(edge: Edge) -> str | None:
    """What an acceptance has promised."""
    return edge.rewards.value if edge.rewards else None


def record(bound: Bound, grants: list[GrantRecord]) -> ChildRecord:
    """A line of the merchant's page."""
    edge: Edge = bound.edge
    return ChildRecord(
        user_id=edge.child,
        nickname=person(bound.user).nickname,
        via=edge.via.value,
        share_id=edge.share,
        board=edge.board,
        evidence=edge.evidence.value if edge.evidence else None,
        scene_value=edge.scene_value,
        verdict=edge.verdict,
        rewards=told(edge),
        grants=grants,
        accepted_at=edge.bound_at,
    )


def leader(rank: int, standing: Standing, user: User | None, *, me: bool) -> Leader:
    """A line of a leaderboard."""
    shown = person(user)
    return Leader(rank=rank, nickname=shown.nickname, avatar_url=shown.avatar_url, invited=standing.score, me=me)
