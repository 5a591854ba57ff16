"""Whether a help is real: named signals, thresholds with a version, and what follows from them (rules 3.3)."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

import msgspec

VERSION = 1
"""Of the thresholds below; every verdict keeps the one it was given by."""

YOUNG = timedelta(minutes=10)
FAST_A_MINUTE = 10
"""Helps of one initiation in a minute above which the next ones wait."""


class Outcome(StrEnum):
    """What becomes of a help."""

    ALLOW = "allow"
    HOLD = "hold"
    """It waits for the merchant, or decides itself by the published policy."""
    DENY = "deny"


class Value(StrEnum):
    """What a help gives, which decides how sure one must be of it."""

    PRICE_CUT = "price_cut"
    COUPON = "coupon"
    CASH = "cash"


class Signal(StrEnum):
    """What speaks against a help."""

    SELF = "self"
    RANK_UNKNOWN = "rank_unknown"
    RANK_RAISED = "rank_raised"
    RANK_HIGH = "rank_high"
    RANK_WORST = "rank_worst"
    YOUNG_ACCOUNT = "young_account"
    RECIPROCAL = "reciprocal"
    FAST_TARGET = "fast_target"


class Verdict(msgspec.Struct, frozen=True):
    """What was decided about a help, from which signals, by which thresholds."""

    outcome: Outcome
    reasons: list[Signal]
    version: int = VERSION


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a help when it is judged."""

    value: Value
    own: bool
    """Whether it is for the helper himself, as far as we can tell."""
    rank: int | None
    """WeChat's risk rank, 0 to 4; None where it did not say."""
    account_age: timedelta
    reciprocal: bool
    """Whether whom he helps has helped him in the same campaign."""
    helps_this_minute: int
    """Of what he helps, in the running minute."""


def judge(facts: Facts) -> Verdict:
    """The verdict on one help."""
    found = [signal for signal, there in _signals(facts) if there]
    if Signal.SELF in found or Signal.RANK_WORST in found:
        return Verdict(Outcome.DENY, found)
    if any(signal in found for signal in (Signal.RANK_HIGH, Signal.RECIPROCAL, Signal.FAST_TARGET)):
        return Verdict(Outcome.HOLD, found)
    unsure = Signal.RANK_UNKNOWN in found or Signal.RANK_RAISED in found
    if unsure and (facts.value is Value.CASH or len(found) > 1):
        return Verdict(Outcome.HOLD, found)
    return Verdict(Outcome.ALLOW, found)


def _signals(facts: Facts) -> list[tuple[Signal, bool]]:
    rank = facts.rank
    return [
        (Signal.SELF, facts.own),
        (Signal.RANK_UNKNOWN, rank is None),
        (Signal.RANK_RAISED, rank in (1, 2)),
        (Signal.RANK_HIGH, rank == 3),
        (Signal.RANK_WORST, rank is not None and rank >= 4),
        (Signal.YOUNG_ACCOUNT, facts.account_age < YOUNG),
        (Signal.RECIPROCAL, facts.reciprocal),
        (Signal.FAST_TARGET, facts.helps_this_minute >= FAST_A_MINUTE),
    ]
