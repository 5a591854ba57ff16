"""How fast a budget is used, and what follows: rules over what was seen of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.gifts import Currency
from chalicelib.rewards import words
from chalicelib.rewards.items import Leg
from chalicelib.rewards.posting import unbalanced
from chalicelib.rewards.rules import KNOWN, MOST_HOURS, Hour, Pace, hour_of, is_low, looked, races
from chalicelib.rewards.states import PieceState, Why
from chalicelib.rewards.words import Standing

NOON = datetime(2026, 11, 11, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def pace(*drawn: int) -> Pace:
    """Hours that end with the running one at noon."""
    hours = [Hour(NOON - HOUR * (len(drawn) - 1 - n), units) for n, units in enumerate(drawn)]
    return Pace(taken=sum(drawn), hours=hours)


def test_what_is_more_than_before_belongs_to_the_running_hour() -> None:
    seen = looked(Pace(), 100, NOON)
    seen = looked(seen, 130, NOON + HOUR / 2)
    seen = looked(seen, 150, NOON + HOUR)
    assert seen.hours == [Hour(NOON, 130), Hour(NOON + HOUR, 20)]
    assert looked(seen, 150, NOON + 3 * HOUR) == seen, "nothing moved"


def test_what_comes_back_is_taken_off_its_hour() -> None:
    seen = looked(looked(Pace(), 100, NOON), 60, NOON)
    assert seen.hours == [Hour(NOON, 60)]
    assert looked(seen, 0, NOON).hours == []
    later = looked(seen, 10, NOON + HOUR)
    assert (later.hours, later.taken) == ([Hour(NOON, 60)], 10)


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 1000)), max_size=80))
def test_looks_may_be_repeated_or_missed(steps: list[tuple[int, int]]) -> None:
    seen, often, now, taken = Pace(), Pace(), NOON, 0
    for minutes, more in steps:
        now, taken = now + timedelta(minutes=minutes), taken + more
        seen = looked(seen, taken, now)
        often = looked(looked(often, taken, now), taken, now)
    assert seen == often
    assert len(seen.hours) <= MOST_HOURS
    assert [hour.since for hour in seen.hours] == sorted({hour.since for hour in seen.hours})
    if len(seen.hours) < MOST_HOURS:
        assert sum(hour.drawn for hour in seen.hours) == taken


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=20), st.integers(1, 20_000))
def test_a_campaign_is_paused_above_five_times_the_median(drawn: list[int], total: int) -> None:
    *before, running = drawn
    wanted = len(before) >= KNOWN and running * 20 >= total and running > 5 * median(before)
    assert races(pace(*drawn), total, NOON + HOUR / 2) == wanted


def test_what_pauses_nothing() -> None:
    fast = pace(*[10] * KNOWN, 51)
    assert races(fast, 1000, NOON)
    assert not races(pace(*[10] * KNOWN, 50), 1000, NOON), "five times is not over five times"
    assert not races(pace(*[10] * (KNOWN - 1), 51), 1000, NOON), "too few hours are known"
    assert not races(fast, 1021, NOON), "less than a twentieth of the budget"
    assert not races(fast, 1000, NOON + HOUR), "that hour is over"
    assert not races(Pace(taken=fast.taken, hours=fast.hours, paused_in=hour_of(NOON)), 1000, NOON), "decided already"
    assert not races(Pace(), 1000, NOON)


def test_it_is_warned_once_for_each_size() -> None:
    assert not is_low(Pace(taken=799), 1000)
    assert is_low(Pace(taken=800), 1000)
    assert not is_low(Pace(taken=900, warned_of=1000), 1000)
    assert is_low(Pace(taken=900, warned_of=1000), 1100)


@given(st.lists(st.tuples(st.sampled_from(Currency), st.integers(-5, 5))))
def test_legs_balance_in_each_currency_by_itself(sides: list[tuple[Currency, int]]) -> None:
    wanted = {c: n for c in Currency if (n := sum(amount for currency, amount in sides if currency is c))}
    assert unbalanced([Leg("x", currency, amount) for currency, amount in sides]) == wanted


@pytest.mark.parametrize(
    ("told", "all_of_them"), [(words.WHY, Why), (words.STANDINGS, Standing), (words.PIECES, PieceState)]
)
def test_everything_is_told_in_both_languages(told: Mapping[StrEnum, words.Both], all_of_them: type[StrEnum]) -> None:
    assert set(told) == set(all_of_them)
    assert all(zh and en and zh != en for zh, en in told.values())


def test_users_learn_nothing_of_what_speaks_against_them() -> None:
    assert words.told_user("order_refunded") == words.REASONS["order_refunded"]
    assert {words.told_user(reason) for reason in ("refused", "star,chain", "whatever")} == {words.NEUTRAL}
    assert words.told_user(None) is None
    assert words.told_merchant("star")[1].startswith("his inviter brought")
    assert words.told_merchant("odd") == ("odd", "odd")
