"""The rules of a rain: pure decisions over its document, the clock's instant and what one read round found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.accounts.newcomer import verdict
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.redpacket import rain_problems as problems
from chalicelib.rewards.problems import NEW_CLAIMERS_ONLY
from chalicelib.rewards.words import noted
from chalicelib.sharing.verdict import Outcome

if TYPE_CHECKING:
    from chalicelib.accounts.items import User
    from chalicelib.campaigns.items import StockShard
    from chalicelib.campaigns.kinds.rain import Burst, RainOffer
    from chalicelib.redpacket.rain_items import RainLimit
    from chalicelib.sharing.verdict import Verdict


class BurstState(StrEnum):
    """Where a burst is."""

    COMING = "coming"
    RUNNING = "running"
    OVER = "over"


class Left(StrEnum):
    """How much of a burst is left, in a word."""

    PLENTY = "plenty"
    FEW = "few"
    """A fifth at most."""
    NONE = "none"


def burst_of(offer: RainOffer, number: int) -> Burst:
    """The burst of that number, from 1 on. Raises `NOT_FOUND`."""
    if not 1 <= number <= len(offer.bursts):
        raise RippleError(NOT_FOUND)
    return offer.bursts[number - 1]


def state_of(burst: Burst, now: datetime) -> BurstState:
    """Where a burst is; its first and its last instant belong to it."""
    if now < burst.at:
        return BurstState.COMING
    return BurstState.RUNNING if now <= burst.until else BurstState.OVER


def insist_open(burst: Burst, now: datetime) -> None:
    """Raise `RAIN_NOT_YET` or `RAIN_OVER` unless it runs."""
    state = state_of(burst, now)
    if state is BurstState.COMING:
        raise RippleError(problems.RAIN_NOT_YET, at=burst.at.isoformat())
    if state is BurstState.OVER:
        raise RippleError(problems.RAIN_OVER)


def insist_may_claim(offer: RainOffer, user: User, limit: RainLimit | None, now: datetime) -> None:
    """Raise what forbids this user a claim: `NEW_CLAIMERS_ONLY`, `RAIN_LIMIT`."""
    if offer.only_new is not None and not verdict(user, offer.only_new, offer.starts_at, now).new:
        raise RippleError(NEW_CLAIMERS_ONLY)
    if offer.bursts_each is not None and limit is not None and limit.claims >= offer.bursts_each:
        raise RippleError(problems.RAIN_LIMIT, limit=offer.bursts_each)


def why_held(judged: Verdict) -> str | None:
    """Why the merchant is to look at a claim first; None where it counts. Raises `RAIN_REFUSED`."""
    if judged.outcome is Outcome.DENY:
        raise RippleError(problems.RAIN_REFUSED)
    return noted(judged.reasons) if judged.outcome is Outcome.HOLD else None


def left_of(shards: Sequence[StockShard], *, every: bool) -> Left:
    """How much is left by some shards, or by ``every`` one of them: that nothing is left is not said by some."""
    left = sum(shard.left for shard in shards)
    if left == 0:
        return Left.NONE if every else Left.FEW
    return Left.PLENTY if left * 5 > left + sum(shard.taken for shard in shards) else Left.FEW


def next_of(offer: RainOffer, now: datetime) -> Burst:
    """The burst that runs or comes next; the last one where all are over."""
    return next((burst for burst in offer.bursts if now <= burst.until), offer.bursts[-1])


def near(offer: RainOffer, now: datetime, ahead: timedelta) -> int | None:
    """The number of the burst that runs, or that begins within ``ahead``; None where none does."""
    burst = next_of(offer, now)
    there = burst.at <= now + ahead and now <= burst.until
    return offer.bursts.index(burst) + 1 if there else None
