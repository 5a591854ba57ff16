"""What is seen of rewarded invitations: how far each friend is, what is promised, held, given, and why not."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.accounts.items import User
from chalicelib.campaigns.gifts import Gift
from chalicelib.campaigns.kinds.invite import Threshold
from chalicelib.campaigns.views import WhyNot
from chalicelib.core.errors import Language, localised
from chalicelib.invite import views
from chalicelib.invite.friends import Friend
from chalicelib.invite.views import GrantRecord
from chalicelib.rewards.items import Grant
from chalicelib.rewards.lines import cash_given
from chalicelib.rewards.states import OPEN_NOTES, GrantState
from chalicelib.rewards.words import REASONS

SEEN = {
    GrantState.PROMISED: "promised",
    GrantState.HELD: "held",
    GrantState.REVIEW: "checking",
    GrantState.GRANTED: "granted",
    GrantState.CLAWING: "taken_back",
    GrantState.CLAWED: "taken_back",
    GrantState.VOID: "not_given",
    GrantState.LAPSED: "not_given",
}
"""What a user reads of a grant's state."""


class GrantView(msgspec.Struct, kw_only=True):
    """One thing that an invitation brings."""

    what: str
    """accepted | first_help | first_order | welcome | threshold | commission"""
    gift: Gift
    state: str
    """promised | held | checking | granted | taken_back | not_given"""
    looked_at: datetime | None
    """When it is decided, or looked at again where an order may still go back."""
    cash_id: str | None
    """Of cash that was given: where it is claimed."""
    why_not: WhyNot | None
    """order_refunded | none_left | not_in_time | minor, if one of them is why; what speaks against him is not told."""


class FriendView(msgspec.Struct, kw_only=True):
    """A friend of mine, and what he brings me."""

    nickname: str
    avatar_url: str | None
    accepted_at: datetime
    until: datetime
    """What he does later brings nothing."""
    counts_at: datetime | None
    """When he counts towards thresholds."""
    counted: bool
    stages: list[GrantView]


class ThresholdView(msgspec.Struct, kw_only=True):
    """A threshold, and what it brought me once I reached it."""

    friends: int
    gift: Gift
    reached: GrantView | None


class CommissionView(msgspec.Struct, kw_only=True):
    """What all commission of a campaign comes to."""

    currency: str
    """fen | points | cash"""
    waiting: int
    granted: int
    taken_back: int
    orders: int
    complete: bool
    """Whether all orders are in it; where there are very many the statement has the rest."""


class MyRewards(msgspec.Struct, kw_only=True):
    """What a campaign that rewards invitations has brought me, friend by friend, the newest first."""

    left: str
    """plenty | few | none: whether its budget reaches for more friends. What is promised is reserved."""
    welcome: GrantView | None
    """What I get for having accepted."""
    counted: int
    """How many of my friends count towards thresholds."""
    thresholds: list[ThresholdView]
    commission: CommissionView | None
    friends: list[FriendView]
    cursor: str | None
    now: datetime


class InviterRecord(msgspec.Struct, kw_only=True):
    """Somebody who brings friends through a campaign."""

    user_id: str
    nickname: str
    invited: int
    """All who accepted through it, new or not."""
    counted: int
    """Those who count towards thresholds."""
    thresholds: list[int]
    """Those that he has reached."""


class Inviters(msgspec.Struct, kw_only=True):
    """Who brings most through a campaign."""

    inviters: list[InviterRecord]
    now: datetime


def what_of(grant: Grant) -> str:
    """What a grant of this room is for."""
    if grant.ref.startswith("inv."):
        return grant.ref.rpartition(".")[2]
    return "threshold" if grant.ref.startswith("thr.") else "commission"


def shown(grant: Grant, language: Language) -> GrantView:
    """A grant as its user sees it."""
    waits = grant.state in (GrantState.HELD, GrantState.REVIEW)
    note = grant.note if grant.note in OPEN_NOTES else None
    return GrantView(
        what=what_of(grant),
        gift=grant.gift,
        state=SEEN[grant.state],
        looked_at=grant.due if waits else None,
        cash_id=cash_given(grant),
        why_not=WhyNot(code=note, detail=localised(REASONS[note], language)) if note else None,
    )


def recorded(grant: Grant) -> GrantRecord:
    """A grant as its merchant sees it."""
    return GrantRecord(what=what_of(grant), gift=grant.gift, state=grant.state.value, note=grant.note, debt=grant.debt)


def friend(found: Friend, user: User | None, grants: list[Grant], language: Language) -> FriendView:
    """A line of one's own page."""
    person = views.person(user)
    return FriendView(
        nickname=person.nickname,
        avatar_url=person.avatar_url,
        accepted_at=found.accepted_at,
        until=found.until,
        counts_at=found.counts_at,
        counted=found.counted_at is not None,
        stages=[shown(grant, language) for grant in grants],
    )


def threshold(one: Threshold, reached: Grant | None, language: Language) -> ThresholdView:
    """A line of what more friends bring."""
    return ThresholdView(friends=one.friends, gift=one.gift, reached=shown(reached, language) if reached else None)
