"""The verdict: which signals deny, which hold, and what is never enough."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.sharing.verdict import (
    DENY_AT,
    WEIGHTS,
    Facts,
    Outcome,
    Signal,
    Value,
    Verdict,
    judge,
    weighed,
)

MILDEST_FIRST = [Outcome.ALLOW, Outcome.HOLD, Outcome.DENY]
VALUES = st.sampled_from(Value)
SIGNALS = st.sets(st.sampled_from(Signal))
TRUE_OF_MANY = {Signal.RANK_UNKNOWN, Signal.YOUNG_ACCOUNT, Signal.ADDRESS_CROWDED}


def facts(**changed: Any) -> Facts:
    """A regular whom nothing speaks against."""
    usual: dict[str, Any] = {
        "value": Value.PRICE_CUT,
        "own": False,
        "rank": 0,
        "account_age": timedelta(days=30),
        "reciprocal": False,
        "helps_this_minute": 0,
    }
    return Facts(**(usual | changed))


def test_nothing_speaks_against_an_ordinary_helper() -> None:
    assert judge(facts()) == Verdict(Outcome.ALLOW, [])


@pytest.mark.parametrize(
    ("changed", "signal", "outcome", "for_cash"),
    [
        ({"own": True}, Signal.SELF, "deny", "deny"),
        ({"looked": timedelta(seconds=1.9)}, Signal.TOO_FAST, "deny", "deny"),
        ({"rank": None}, Signal.RANK_UNKNOWN, "allow", "hold"),
        ({"rank": 1}, Signal.RANK_RAISED, "allow", "hold"),
        ({"rank": 2}, Signal.RANK_RAISED, "allow", "hold"),
        ({"rank": 3}, Signal.RANK_HIGH, "hold", "deny"),
        ({"rank": 4}, Signal.RANK_WORST, "deny", "deny"),
        ({"account_age": timedelta(minutes=9)}, Signal.YOUNG_ACCOUNT, "allow", "allow"),
        ({"reciprocal": True}, Signal.RECIPROCAL, "hold", "hold"),
        ({"helps_this_minute": 10}, Signal.FAST_TARGET, "hold", "hold"),
        ({"acts_this_hour": 10}, Signal.FAST_USER, "allow", "allow"),
        ({"device_accounts": 4}, Signal.DEVICE_SHARED, "hold", "hold"),
        ({"device_accounts": 10}, Signal.DEVICE_SHARED, "hold", "hold"),
        ({"device_accounts": 11}, Signal.DEVICE_FARMED, "deny", "deny"),
        ({"address_accounts": 21}, Signal.ADDRESS_CROWDED, "allow", "allow"),
        ({"star": True}, Signal.STAR, "hold", "hold"),
        ({"chain": True}, Signal.CHAIN, "hold", "hold"),
    ],
)
def test_what_each_signal_does_alone(changed: dict[str, Any], signal: Signal, outcome: str, for_cash: str) -> None:
    assert judge(facts(**changed)) == Verdict(Outcome(outcome), [signal])
    assert judge(facts(value=Value.COUPON, **changed)) == Verdict(Outcome(outcome), [signal])
    assert judge(facts(value=Value.CASH, **changed)) == Verdict(Outcome(for_cash), [signal])


@pytest.mark.parametrize(
    "changed",
    [
        {"looked": timedelta(seconds=2)},
        {"account_age": timedelta(minutes=10)},
        {"helps_this_minute": 9},
        {"acts_this_hour": 9},
        {"device_accounts": 3},
        {"address_accounts": 20},
    ],
)
def test_up_to_its_threshold_nothing_is_a_signal(changed: dict[str, Any]) -> None:
    assert judge(facts(**changed)).reasons == []


@pytest.mark.parametrize("value", [Value.PRICE_CUT, Value.COUPON])
def test_with_wechat_silent_a_newcomer_in_an_office_gets_his_answer(value: Value) -> None:
    """He opens a friend's card for the first time, among colleagues who did too, while the risk service is down."""
    newcomer = facts(value=value, rank=None, account_age=timedelta(seconds=20), address_accounts=21)
    assert judge(newcomer).outcome is Outcome.ALLOW
    assert set(judge(newcomer).reasons) == TRUE_OF_MANY


@pytest.mark.parametrize(
    "second", [{"acts_this_hour": 10}, {"reciprocal": True}, {"device_accounts": 4}, {"helps_this_minute": 10}]
)
def test_an_unknown_rank_holds_beside_something_that_is_not_true_of_everybody(second: dict[str, Any]) -> None:
    assert judge(facts(rank=None, **second)).outcome is Outcome.HOLD


def test_a_raised_rank_holds_a_young_account() -> None:
    assert judge(facts(rank=1, account_age=timedelta(minutes=1))).outcome is Outcome.HOLD


@given(value=VALUES, fewer=SIGNALS, more=SIGNALS)
def test_more_signals_are_never_milder(value: Value, fewer: set[Signal], more: set[Signal]) -> None:
    first, second = weighed(fewer, value), weighed(fewer | more, value)
    assert MILDEST_FIRST.index(first) <= MILDEST_FIRST.index(second)


@given(value=VALUES, beside=st.sets(st.sampled_from(sorted(TRUE_OF_MANY))))
def test_an_address_decides_nothing_by_itself(value: Value, beside: set[Signal]) -> None:
    without = beside - {Signal.ADDRESS_CROWDED}
    assert weighed({Signal.ADDRESS_CROWDED}, value) is Outcome.ALLOW
    assert weighed(without | {Signal.ADDRESS_CROWDED}, value) is weighed(without, value)


@given(value=VALUES, signals=SIGNALS)
def test_an_address_never_denies(value: Value, signals: set[Signal]) -> None:
    without = signals - {Signal.ADDRESS_CROWDED}
    denied = weighed(without | {Signal.ADDRESS_CROWDED}, value) is Outcome.DENY
    assert denied == (weighed(without, value) is Outcome.DENY)


@given(signals=SIGNALS)
def test_cash_is_never_judged_more_mildly(signals: set[Signal]) -> None:
    cut, cash = weighed(signals, Value.PRICE_CUT), weighed(signals, Value.CASH)
    assert MILDEST_FIRST.index(cut) <= MILDEST_FIRST.index(cash)
    assert weighed(signals, Value.COUPON) is cut


@given(value=VALUES, signals=SIGNALS)
def test_only_what_denies_alone_denies(value: Value, signals: set[Signal]) -> None:
    alone = any(weighed({signal}, value) is Outcome.DENY for signal in signals)
    assert (weighed(signals, value) is Outcome.DENY) == alone


def test_every_signal_has_points_and_words() -> None:
    assert set(WEIGHTS) == set(Signal)
    assert all(0 < w.points <= DENY_AT and 0 < w.cash <= DENY_AT and w.zh and w.en for w in WEIGHTS.values())
