"""Whether an act is real: named signals, points with a version, and what follows from their sum (rules 3.3).

An act with no ground against it counts at once. A signal that is true of many ordinary people (an address shared by an
office, an account made a minute ago, a rank that WeChat did not tell) is worth few points: all of them together are no
ground to keep a price cut from anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

import msgspec

VERSION = 3
"""Of the points and thresholds below; every verdict keeps the one it was given by."""

HOLD_AT, DENY_AT = 5, 100
"""Points from which an act waits, and from which it does not count. All that only hold together stay below denial."""

LOOKED = timedelta(seconds=2)
"""Nobody reads a page and decides in less."""
YOUNG = timedelta(minutes=10)
FAST_A_MINUTE = 10
"""Acts on one object in a minute above which the next ones wait."""
FAST_AN_HOUR = 10
"""Acts of one user in an hour, over all campaigns, above which the next ones are doubtful."""
DEVICE_SHARED, DEVICE_FARMED = 3, 10
"""Accounts on one device within a day above which they wait, and above which they do not count."""
ADDRESS_CROWDED = 20
"""Accounts at one address within an hour above which it is no household: an office, or a carrier's for thousands."""

STAR_A_DAY, STAR_BACK = 20, 10
"""Invited by one within 24 hours, above which they are a star if a smaller share of them came back, in percent."""
BACK_WITHIN = timedelta(hours=48)
"""How long after accepting somebody has time to come back; before that nobody is said not to have."""
PACED = 8
"""Invited by one within 24 hours, from which on their pace says something."""
PACE_ALIKE, PACE_OFF = 90, 25
"""They came in lockstep where so many percent of the gaps between them are off the median by so many percent at most.

Of eight who come independently it is true about once in 25,000 times.
"""
PACE_LEAST = timedelta(seconds=1)
"""A median gap below which a crowd looks like a machine."""


class Outcome(StrEnum):
    """What becomes of an act."""

    ALLOW = "allow"
    HOLD = "hold"
    """It waits for the merchant, or decides itself by the published policy."""
    DENY = "deny"


class Value(StrEnum):
    """What an act gives, which decides how sure one must be of it."""

    PRICE_CUT = "price_cut"
    COUPON = "coupon"
    CASH = "cash"


class Signal(StrEnum):
    """What speaks against an act."""

    SELF = "self"
    TOO_FAST = "too_fast"
    RANK_UNKNOWN = "rank_unknown"
    RANK_RAISED = "rank_raised"
    RANK_HIGH = "rank_high"
    RANK_WORST = "rank_worst"
    YOUNG_ACCOUNT = "young_account"
    RECIPROCAL = "reciprocal"
    FAST_TARGET = "fast_target"
    FAST_USER = "fast_user"
    DEVICE_SHARED = "device_shared"
    DEVICE_FARMED = "device_farmed"
    ADDRESS_CROWDED = "address_crowded"
    STAR = "star"
    CHAIN = "chain"


class Weight(NamedTuple):
    """The points of a signal, and when it is there, in both languages."""

    points: int
    cash: int
    """Its points where the act gives cash."""
    zh: str
    en: str


MINUTES = int(YOUNG.total_seconds()) // 60

WEIGHTS: Mapping[Signal, Weight] = {
    Signal.SELF: Weight(100, 100, "为自己助力", "it is for himself: one account, or two of one person"),
    Signal.TOO_FAST: Weight(
        100,
        100,
        f"打开页面不足 {LOOKED.seconds} 秒",
        f"he acted within {LOOKED.seconds} seconds of opening the page",
    ),
    Signal.RANK_UNKNOWN: Weight(1, 5, "微信未给出风险等级", "WeChat told no risk rank"),
    Signal.RANK_RAISED: Weight(4, 5, "微信风险等级为 1–2", "WeChat's risk rank is 1 or 2"),
    Signal.RANK_HIGH: Weight(5, 100, "微信风险等级为 3", "WeChat's risk rank is 3"),
    Signal.RANK_WORST: Weight(100, 100, "微信风险等级为 4", "WeChat's risk rank is 4"),
    Signal.YOUNG_ACCOUNT: Weight(
        2, 2, f"账号注册不足 {MINUTES} 分钟", f"his account is younger than {MINUTES} minutes"
    ),
    Signal.RECIPROCAL: Weight(5, 5, "同一活动中互相助力", "the other helped him in the same campaign"),
    Signal.FAST_TARGET: Weight(
        5,
        5,
        f"同一对象一分钟内超过 {FAST_A_MINUTE} 次",
        f"more than {FAST_A_MINUTE} acted on the same object within a minute",
    ),
    Signal.FAST_USER: Weight(
        4, 4, f"该用户一小时内超过 {FAST_AN_HOUR} 次", f"he acted more than {FAST_AN_HOUR} times within an hour"
    ),
    Signal.DEVICE_SHARED: Weight(
        5,
        5,
        f"同一设备 24 小时内超过 {DEVICE_SHARED} 个账号",
        f"more than {DEVICE_SHARED} accounts on his device within 24 hours",
    ),
    Signal.DEVICE_FARMED: Weight(
        100,
        100,
        f"同一设备 24 小时内超过 {DEVICE_FARMED} 个账号",
        f"more than {DEVICE_FARMED} accounts on his device within 24 hours",
    ),
    Signal.ADDRESS_CROWDED: Weight(
        1,
        1,
        f"同一网络地址一小时内超过 {ADDRESS_CROWDED} 个账号",
        f"more than {ADDRESS_CROWDED} accounts at his address within an hour",
    ),
    Signal.STAR: Weight(
        5,
        5,
        f"同一邀请人一天内带来超过 {STAR_A_DAY} 人，其中两天内再次来访的不足 {STAR_BACK}%",
        f"his inviter brought more than {STAR_A_DAY} within a day, of whom under {STAR_BACK} % came back in two days",
    ),
    Signal.CHAIN: Weight(
        5,
        5,
        "同一邀请人带来的人间隔相等，或过半来自同一设备或同一网络",
        "his inviter's came at equal gaps, or most of them from one device or one network",
    ),
}


class Verdict(msgspec.Struct, frozen=True):
    """What was decided about an act, from which signals, by which points."""

    outcome: Outcome
    reasons: list[Signal]
    version: int = VERSION


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an act when it is judged; what a play does not know speaks against nobody."""

    value: Value
    own: bool
    """Whether it is for the actor himself, as far as we can tell (`User.is_same_person`)."""
    rank: int | None
    """WeChat's risk rank, 0 to 4; None where it did not say."""
    account_age: timedelta
    reciprocal: bool
    """Whether whom he helps has helped him in the same campaign."""
    helps_this_minute: int
    """Of what he helps, in the running minute, before this one."""
    looked: timedelta | None = None
    """How long after he opened the page."""
    acts_this_hour: int = 0
    """His own, over all campaigns, before this one."""
    device_accounts: int | None = None
    """Accounts seen on his device within 24 hours, his own among them; from his ticket."""
    address_accounts: int | None = None
    """Accounts seen at his address within an hour, his own among them; from his ticket."""
    star: bool = False
    """Whether he hangs in a star (`shapes.is_star`); from his ticket."""
    chain: bool = False
    """Whether he hangs in a fan (`shapes.is_fan`) or a chain (`shapes.is_chain`); from his ticket."""


def judge(facts: Facts) -> Verdict:
    """The verdict on one act."""
    found = [signal for signal, there in _signals(facts) if there]
    return Verdict(weighed(found, facts.value), found)


def weighed(signals: Iterable[Signal], value: Value) -> Outcome:
    """What follows from signals: never something milder from more of them."""
    points = sum(WEIGHTS[s].cash if value is Value.CASH else WEIGHTS[s].points for s in set(signals))
    if points >= DENY_AT:
        return Outcome.DENY
    return Outcome.HOLD if points >= HOLD_AT else Outcome.ALLOW


def _signals(facts: Facts) -> list[tuple[Signal, bool]]:
    rank, devices = facts.rank, facts.device_accounts or 0
    return [
        (Signal.SELF, facts.own),
        (Signal.TOO_FAST, facts.looked is not None and facts.looked < LOOKED),
        (Signal.RANK_UNKNOWN, rank is None),
        (Signal.RANK_RAISED, rank in (1, 2)),
        (Signal.RANK_HIGH, rank == 3),
        (Signal.RANK_WORST, rank is not None and rank >= 4),
        (Signal.YOUNG_ACCOUNT, facts.account_age < YOUNG),
        (Signal.RECIPROCAL, facts.reciprocal),
        (Signal.FAST_TARGET, facts.helps_this_minute >= FAST_A_MINUTE),
        (Signal.FAST_USER, facts.acts_this_hour >= FAST_AN_HOUR),
        (Signal.DEVICE_SHARED, DEVICE_SHARED < devices <= DEVICE_FARMED),
        (Signal.DEVICE_FARMED, devices > DEVICE_FARMED),
        (Signal.ADDRESS_CROWDED, (facts.address_accounts or 0) > ADDRESS_CROWDED),
        (Signal.STAR, facts.star),
        (Signal.CHAIN, facts.chain),
    ]
