"""Who is in a segment now: found by the lists that orders and invitations keep, so that nobody is swept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from chalicelib.accounts.items import User, UserState, user_key
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import BATCH, Found, query, read, spread
from chalicelib.core.table import Key
from chalicelib.invite.items import BOARD_SHARDS, Standing, board_index, standing_key
from chalicelib.invite.rules import EVERYBODY
from chalicelib.merchants.segments import SegmentTerms
from chalicelib.recall import rules
from chalicelib.recall.items import SHARDS, Buyer, buyer_key, tier_index
from chalicelib.recall.states import Segment

MOST_COUNTED = 250
"""People that are counted in each part of a list; where there are more, it is said that there are."""

TOGETHER = BATCH // 3
"""People whom one read round tells of."""


class Lists(msgspec.Struct, frozen=True):
    """Where a segment is listed, and between which places."""

    partitions: Sequence[str]
    index: str
    after: str | None
    until: str | None


class Size(msgspec.Struct, frozen=True):
    """How many are in a segment: all of them, or that many and more."""

    people: int
    more: bool


class Person(msgspec.Struct, frozen=True):
    """Somebody of a segment."""

    uid: UserId
    user: User | None
    buyer: Buyer | None
    friends: int
    """How many friends count for him; 0 where that is not asked."""


def lists(mid: MerchantId, segment: Segment, terms: SegmentTerms, now: datetime) -> Lists:
    """Where those are listed who are in a segment at ``now``."""
    if segment is Segment.ACTIVE_INVITERS:
        boards = [board_index(mid, board(terms), shard) for shard in range(BOARD_SHARDS)]
        return Lists(boards, "gsi3", f"{terms.inviter_friends:09d}", None)
    part = rules.part_of(segment, terms, now)
    tiers = [tier_index(mid, tier, shard) for tier in part.tiers for shard in range(SHARDS)]
    return Lists(tiers, "gsi1", part.after, part.until)


def board(terms: SegmentTerms) -> str:
    """The leaderboard on which friends count."""
    return terms.inviter_campaign or EVERYBODY


def size(where: Lists) -> Size:
    """How many are listed there, as far as is counted."""
    people, more = 0, False
    for partition in where.partitions:
        page = query(partition, index=where.index, at_least=where.after, at_most=where.until, limit=MOST_COUNTED)
        people += len(page.keys)
        more = more or page.after is not None
    return Size(people, more)


def page(where: Lists, limit: int, after: str | None) -> tuple[list[UserId], str | None]:
    """A page of those who are listed there, who was there first first, and the place that the next begins after.

    Of inviters whoever has the fewest friends comes first.
    """
    at = max((place for place in (after, where.after) if place is not None), default=None)
    keys, more = spread(where.partitions, where.index, limit, forward=True, after=at, until=where.until)
    return [_uid(key) for key in keys], more


def known(mid: MerchantId, uids: Iterable[UserId], terms: SegmentTerms) -> list[Person]:
    """Those people, as they are stored."""
    wanted = list(uids)
    pages = (wanted[n : n + TOGETHER] for n in range(0, len(wanted), TOGETHER))
    reads = ((page, read(*(key for uid in page for key in keys_of(mid, uid, terms)))) for page in pages)
    return [seen(found, mid, uid, terms) for page, found in reads for uid in page]


def keys_of(mid: MerchantId, uid: str, terms: SegmentTerms) -> tuple[Key, Key, Key]:
    """Where it stands who somebody is, what he bought and how many friends count for him."""
    return user_key(mid, uid), buyer_key(mid, uid), standing_key(mid, board(terms), uid)


def seen(found: Found, mid: MerchantId, uid: UserId, terms: SegmentTerms) -> Person:
    """Somebody as he was ``found`` at his `keys_of`."""
    user, buyer, place = keys_of(mid, uid, terms)
    standing = found.item(Standing, place)
    return Person(uid, found.item(User, user), found.item(Buyer, buyer), standing.score if standing else 0)


def belongs(person: Person, segment: Segment, terms: SegmentTerms, now: datetime) -> bool:
    """Whether he may still act and is in the segment: a list says so a moment late."""
    if person.user is None or person.user.status is not UserState.ACTIVE:
        return False
    if segment is Segment.ACTIVE_INVITERS:
        return person.friends >= terms.inviter_friends
    return person.buyer is not None and rules.segment_of(person.buyer, terms, now) is segment


def _uid(key: Key) -> UserId:
    """Whose row or place it is."""
    return UserId(key.pk.rsplit("#", 1)[1])
