"""The rules of a rain, by example and by property."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.items import StockShard
from chalicelib.campaigns.kinds.rain import RainOffer
from chalicelib.core.errors import RippleError
from chalicelib.redpacket import rain_rules as rules
from chalicelib.redpacket.rain_rules import BurstState, Left
from tests.campaigns.rewards import rain_offer
from tests.conftest import START

OFFER = msgspec.convert(rain_offer(START), RainOffer)
FIRST, SECOND = OFFER.bursts
INSTANT = timedelta(milliseconds=1)
LIFE = timedelta(minutes=10)


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (FIRST.at - INSTANT, BurstState.COMING),
        (FIRST.at, BurstState.RUNNING),
        (FIRST.until, BurstState.RUNNING),
        (FIRST.until + INSTANT, BurstState.OVER),
    ],
)
def test_its_first_and_its_last_instant_belong_to_a_burst(at: object, state: BurstState) -> None:
    assert rules.state_of(FIRST, at) is state  # type: ignore[arg-type]


def test_a_burst_is_looked_at_from_ten_minutes_before_to_its_end() -> None:
    expected = [
        (FIRST.at - LIFE - INSTANT, None),
        (FIRST.at - LIFE, 1),
        (FIRST.until, 1),
        (FIRST.until + INSTANT, None),
        (SECOND.at - LIFE, 2),
        (SECOND.until, 2),
        (SECOND.until + INSTANT, None),
    ]
    assert [(at, rules.near(OFFER, at, LIFE)) for at, _ in expected] == expected


@given(st.integers(-100, 4000))
def test_the_next_burst_runs_or_is_the_first_to_come(seconds: int) -> None:
    now = START + timedelta(seconds=seconds)
    found = rules.next_of(OFFER, now)
    open_ones = [burst for burst in OFFER.bursts if now <= burst.until]
    assert found == (open_ones[0] if open_ones else OFFER.bursts[-1])


@pytest.mark.parametrize("number", [-1, 0, 3, 99])
def test_there_is_no_other_burst(number: int) -> None:
    with pytest.raises(RippleError):
        rules.burst_of(OFFER, number)
    assert [rules.burst_of(OFFER, n) for n in (1, 2)] == list(OFFER.bursts)


@pytest.mark.parametrize(
    ("left", "taken", "every", "word"),
    [
        (0, 9, True, Left.NONE),
        (0, 9, False, Left.FEW),
        (1, 4, True, Left.FEW),
        (2, 4, False, Left.PLENTY),
        (1, 0, False, Left.PLENTY),
    ],
)
def test_a_word_says_how_much_is_left(left: int, taken: int, every: bool, word: Left) -> None:
    shards = [StockShard("m|C#c#STK#~burst.1#0", "STK", left=left, taken=taken)]
    assert rules.left_of(shards, every=every) is word
