"""Segments and recalls as their merchant sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from chalicelib.accounts.mask import seen
from chalicelib.core import clock
from chalicelib.merchants.segments import SegmentSetup, SegmentTerms
from chalicelib.notices.moments import Moment
from chalicelib.recall import rules
from chalicelib.recall.items import Recall
from chalicelib.recall.people import Person, Size
from chalicelib.recall.states import RecallState, Segment, Stop


class SegmentSize(msgspec.Struct, kw_only=True):
    """How many are in a segment now."""

    segment: Segment
    people: int
    more: bool
    """There are at least so many; how many more was not counted."""


class SegmentsView(msgspec.Struct, kw_only=True):
    """What the merchant said of segments, and how many are in each. Before that there is no edition, and no segment."""

    edition: str | None
    terms: SegmentTerms | None
    said_at: datetime | None
    segments: list[SegmentSize]


class PersonView(msgspec.Struct, kw_only=True):
    """Somebody of a segment."""

    user_id: str
    nickname: str
    """Masked."""
    last_order_at: datetime | None
    orders: int
    spent_fen: int
    """What he has paid, without what came back to him."""
    friends: int
    """How many friends count for him on the leaderboard of the terms."""
    segment: Segment | None
    """Where he is by what he bought; null where no order of his counts."""


class RecallView(msgspec.Struct, kw_only=True):
    """A recall, and what came of it so far."""

    recall_id: str
    segment: Segment
    moment: Moment
    campaign_id: str
    """The template of its coupons."""
    until: datetime
    """When it stops at the latest."""
    state: RecallState
    why: Stop | None
    """Why it stopped before everybody was looked at."""
    reached: int
    """At so many people of the segment it has looked …"""
    told: int
    """… so many of them have a coupon, and a message on its way …"""
    without_consent: int
    """… so many have not agreed to another message …"""
    unwanted: int
    """… so many want no offers …"""
    lately: int
    """… so many were told something in 30 days, or had their messages of the day. Others left the segment meanwhile."""
    created_at: datetime
    ended_at: datetime | None


class Recalls(msgspec.Struct, kw_only=True):
    """A page of recalls, the newest first."""

    recalls: list[RecallView]
    cursor: str | None


class People(msgspec.Struct, kw_only=True):
    """A page of a segment."""

    users: list[PersonView]
    cursor: str | None
    now: datetime


def segments(setup: SegmentSetup | None, sizes: Mapping[Segment, Size]) -> SegmentsView:
    """What was said, and what it comes to."""
    counted = [SegmentSize(segment=name, people=size.people, more=size.more) for name, size in sizes.items()]
    if setup is None:
        return SegmentsView(edition=None, terms=None, said_at=None, segments=[])
    return SegmentsView(edition=setup.edition, terms=setup.terms, said_at=setup.said_at, segments=counted)


def people(found: Sequence[Person], terms: SegmentTerms, cursor: str | None) -> People:
    """A page of people; strangers' names are masked for their merchant too."""
    now = clock.now()
    return People(users=[_person(one, terms, now) for one in found], cursor=cursor, now=now)


def _person(one: Person, terms: SegmentTerms, now: datetime) -> PersonView:
    buyer = one.buyer
    return PersonView(
        user_id=one.uid,
        nickname=seen(one.user),
        last_order_at=buyer.last_at if buyer else None,
        orders=buyer.orders if buyer else 0,
        spent_fen=buyer.spent_fen if buyer else 0,
        friends=one.friends,
        segment=rules.segment_of(buyer, terms, now) if buyer else None,
    )


def recall(found: Recall) -> RecallView:
    """A recall as it stands."""
    return RecallView(
        recall_id=found.rid,
        segment=found.segment,
        moment=found.moment,
        campaign_id=found.cid,
        until=found.until,
        state=found.state,
        why=found.why,
        reached=found.looked,
        told=found.told,
        without_consent=found.without,
        unwanted=found.unwanted,
        lately=found.lately,
        created_at=found.created_at,
        ended_at=found.ended_at,
    )
