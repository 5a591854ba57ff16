"""Who is in which segment: pure decisions over what orders come to and what time it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from chalicelib.core import clock
from chalicelib.core.errors import INVALID_FIELD, RippleError
from chalicelib.notices.moments import Moment
from chalicelib.notices.rules import next_waking, told_enough, unwanted, with_consent
from chalicelib.orders.states import OrderState
from chalicelib.recall.states import Call, Segment, Tier
from chalicelib.rewards import minors

if TYPE_CHECKING:
    from chalicelib.merchants.segments import SegmentTerms
    from chalicelib.notices.items import Consent, Habit
    from chalicelib.notices.setup import Voice
    from chalicelib.notices.templates import NoticeTerms
    from chalicelib.orders.standing import Stands
    from chalicelib.recall.items import Buyer, Called, Counted
    from chalicelib.recall.people import Person

LOWERS = frozenset({"coupon"})
"""Tenders that lower a price. What any other pays of an order, its buyer has paid."""

AFTER = "~"
"""Sorts behind everybody of an instant."""

APART = timedelta(days=30)
"""Recalls tell somebody something once in that time, all of them together; none runs longer."""

ARRIVES = timedelta(minutes=2)
"""So long before quiet hours nobody is told anything any more."""

BY_TIER = {Segment.NEW: Tier.NEW, Segment.REGULAR: Tier.REGULAR, Segment.VIP: Tier.VIP}


class Worth(msgspec.Struct, frozen=True):
    """What an order counts."""

    n: int
    fen: int


class Sums(msgspec.Struct, frozen=True):
    """What somebody's orders come to."""

    last_at: datetime
    orders: int
    spent_fen: int


class Part(msgspec.Struct, frozen=True):
    """A part of the lists of tiers: which of them, and between which places."""

    tiers: Sequence[Tier]
    after: str | None = None
    """Behind which place; from the first on where absent."""
    until: str | None = None
    """Before which; to the last where absent."""


def worth(stands: Stands) -> Worth:
    """What an order counts as it stands: nothing once all of it went back."""
    if stands.order.state is not OrderState.CONFIRMED:
        return Worth(0, 0)
    parts = sum(part.live_fen for part in stands.order.paid_with if part.tender not in LOWERS)
    return Worth(1, stands.money_fen + parts)


def added(before: Buyer | None, counted: Counted | None, now: Worth, at: datetime) -> Sums:
    """What somebody's orders come to when one of them, which was ``counted`` so, counts ``now``."""
    n, fen = now.n - (counted.n if counted else 0), now.fen - (counted.fen if counted else 0)
    if before is None:
        return Sums(at, n, fen)
    return Sums(max(before.last_at, at), before.orders + n, before.spent_fen + fen)


def tier(sums: Sums, terms: SegmentTerms) -> Tier | None:
    """What somebody is by his orders; None where none counts."""
    if sums.orders < 1:
        return None
    many = terms.vip_orders is not None and sums.orders >= terms.vip_orders
    much = terms.vip_spent_fen is not None and sums.spent_fen >= terms.vip_spent_fen
    if many or much:
        return Tier.VIP
    return Tier.NEW if sums.orders == 1 else Tier.REGULAR


def segment_of(buyer: Buyer, terms: SegmentTerms, now: datetime) -> Segment | None:
    """In which segment somebody is now by what he bought; None where no order of his counts."""
    if buyer.tier is None:
        return None
    if buyer.last_at <= now - timedelta(days=terms.lost_days):
        return Segment.LOST
    if buyer.last_at <= now - timedelta(days=terms.asleep_days):
        return Segment.ASLEEP
    return Segment(buyer.tier.value)


def part_of(segment: Segment, terms: SegmentTerms, now: datetime) -> Part:
    """Where a segment of buyers is found now: time alone moves people from one to the next."""
    asleep = clock.iso(now - timedelta(days=terms.asleep_days)) + AFTER
    lost = clock.iso(now - timedelta(days=terms.lost_days)) + AFTER
    if segment is Segment.LOST:
        return Part(tuple(Tier), until=lost)
    if segment is Segment.ASLEEP:
        return Part(tuple(Tier), after=lost, until=asleep)
    return Part((BY_TIER[segment],), after=asleep)


def call(
    person: Person,
    moment: Moment,
    voice: Voice,
    day: str,
    *,
    is_in: bool,
    habit: Habit | None,
    consents: dict[str, Consent],
    called: Called | None,
    now: datetime,
) -> Call:
    """Whether somebody of a segment is told something: TOLD, WITHOUT, UNWANTED, LATELY or GONE.

    ``is_in`` says whether he is still there, in the segment, ``day`` what day it is at his merchant's.
    """
    if not is_in or (moment is Moment.THANKS and minors.is_minor(person.user)):
        return Call.GONE
    if habit is not None and unwanted(moment, habit):
        return Call.UNWANTED
    if (called is not None and called.at > now - APART) or told_enough(habit, voice.terms, day):
        return Call.LATELY
    template = with_consent(voice, moment, habit.language if habit else None, consents)
    return Call.WITHOUT if template is None else Call.TOLD


def waking(now: datetime, terms: NoticeTerms, zone: str) -> datetime | None:
    """When people may be told something, if not now; a message takes a moment until it is there."""
    awake = next_waking(now, terms, zone)
    awake = next_waking(awake + ARRIVES, terms, zone) if awake == now else awake
    return awake if awake > now + ARRIVES else None


def insist_may_call(segment: Segment, moment: Moment, until: datetime, now: datetime) -> None:
    """Raise `INVALID_FIELD` for thanks to others than inviters, and for an end that is over or too far away."""
    if moment is Moment.THANKS and segment is not Segment.ACTIVE_INVITERS:
        reason = ("感谢消息只能发给活跃邀请人", "only active inviters are thanked")
        raise RippleError(INVALID_FIELD, "/moment", reason=reason)
    if not now < until <= now + APART:
        reason = (f"须在 {APART.days} 天以内，且晚于现在", f"later than now, and within {APART.days} days")
        raise RippleError(INVALID_FIELD, "/until", reason=reason)


def insist_sensible(terms: SegmentTerms) -> None:
    """Nobody is lost before he is asleep. Raises `INVALID_FIELD`."""
    if terms.lost_days <= terms.asleep_days:
        reason = ("须大于 asleep_days", "more than asleep_days")
        raise RippleError(INVALID_FIELD, "/terms/lost_days", reason=reason)
