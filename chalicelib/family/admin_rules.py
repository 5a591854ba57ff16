"""What the merchant may do to a family: pure decisions over what was read and the clock's instant."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.family import admin_problems as problems
from chalicelib.family.rules import AND_OWNER, BY_OWNER, is_by_shop
from chalicelib.family.states import AdjustmentState, Kind, MemberState
from chalicelib.merchants.persons import person

if TYPE_CHECKING:
    from chalicelib.family.adjustments import Adjustment
    from chalicelib.family.items import Family, Member

ALONE_FEN = 10_000
"""What keys may put right in one wallet on one day, up and down together, each without another's word."""

WAITS = timedelta(days=7)
"""How long an adjustment waits for another person's key."""


def frozen_by(key: str, before: str | None) -> str:
    """Who froze, once ``key`` does; that the owner had is not forgotten."""
    return f"{key}{AND_OWNER}" if before == BY_OWNER else key


def left_by_shop(member: Member) -> bool:
    """Whether somebody has left while the merchant had him frozen, which he is still."""
    return member.state is MemberState.REMOVED and is_by_shop(member.frozen_by)


def left_frozen(seen: str) -> str | None:
    """Who still freezes it when the merchant does no longer. Raises `FROZEN_BY_OWNER` where he never did."""
    if seen == BY_OWNER:
        raise RippleError(problems.FROZEN_BY_OWNER)
    return BY_OWNER if seen.endswith(AND_OWNER) else None


def day_of(now: datetime) -> str:
    """The day that counts what is put right without another's word."""
    return clock.day_of(now).isoformat()


def alone(family: Family, fen: int, now: datetime) -> int:
    """What keys alone have put right in its wallet today, this with it."""
    before = family.adjusted or 0 if family.adjusted_on == day_of(now) else 0
    return before + abs(fen)


def insist_fits(family: Family, kind: Kind, fen: int, most_paid: int) -> None:
    """The wallet has what leaves it, and holds no more bought value than the law lets it (rules M1).

    Raises `ADJUST_SHORT`, `PAID_CAP`.
    """
    there = family.granted if kind is Kind.GRANTED else family.paid
    if there + fen < 0:
        raise RippleError(problems.ADJUST_SHORT, "/fen", left_fen=there)
    if kind is Kind.PAID and fen > 0 and there + fen > most_paid:
        raise RippleError(problems.PAID_CAP, "/fen", most_fen=most_paid, paid_fen=there)


def insist_waits(adjustment: Adjustment, now: datetime) -> None:
    """Raise `ADJUST_DECIDED` unless somebody may still decide about it."""
    if adjustment.state is not AdjustmentState.WAITING:
        raise RippleError(problems.ADJUST_DECIDED, state=adjustment.state.value)
    if now >= adjustment.until:
        raise RippleError(problems.ADJUST_DECIDED, state=AdjustmentState.LAPSED.value)


def insist_may_approve(adjustment: Adjustment, key: str, name: str, now: datetime) -> None:
    """Raise `ADJUST_DECIDED`, or `ADJUST_NEEDS_ANOTHER` for the key that asked and any of the same name."""
    insist_waits(adjustment, now)
    if key == adjustment.by or person(name) == person(adjustment.by_name):
        raise RippleError(problems.ADJUST_NEEDS_ANOTHER)
