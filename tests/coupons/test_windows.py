"""When the pieces of a coupon may be used."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.kinds import AnyOffer
from chalicelib.campaigns.kinds.coupon import CouponOffer, Every
from chalicelib.core import clock
from chalicelib.rewards.items import Window
from chalicelib.rewards.windows import later
from chalicelib.rewards.windows import windows as made
from tests.conftest import START
from tests.coupons.shop import offer

INSTANTS = st.integers(0, 3000 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))


def of(**changes: Any) -> CouponOffer:
    with clock.fixed(START):
        document = msgspec.convert(offer(**changes), AnyOffer)
    assert isinstance(document, CouponOffer)
    return document


def windows(document: CouponOffer, now: datetime) -> list[Window]:
    """Those of a coupon that somebody claims now."""
    return made(document.validity, now, document.instalments)


def test_a_fixed_window_is_everybodys() -> None:
    said = {"kind": "fixed", "since": "2026-11-11T00:00:00+08:00", "until": "2026-12-31T00:00:00+08:00"}
    (window,) = windows(of(validity=said), START)
    assert (window.since.isoformat(), window.until.isoformat()) == (said["since"], said["until"])


def test_days_count_from_the_claim_or_some_days_later() -> None:
    (window,) = windows(of(validity={"kind": "after_claim", "days": 7, "starts_after_days": 2}), START)
    assert (window.since, window.until) == (START + timedelta(days=2), START + timedelta(days=9))


def test_instalments_begin_with_the_claim_and_go_on_by_months() -> None:
    rule = {"pieces": 10, "every": "month"}
    pieces = windows(of(validity={"kind": "after_claim", "days": 30}, instalments=rule), START)
    assert pieces[0].since == START
    assert [piece.since.month for piece in pieces] == [11, 12, 1, 2, 3, 4, 5, 6, 7, 8]
    assert {piece.since.day for piece in pieces} == {11}
    assert {piece.until - piece.since for piece in pieces} == {timedelta(days=30)}


@pytest.mark.parametrize(
    ("since", "n", "there"),
    [
        ("2027-01-31T09:00:00+08:00", 1, "2027-02-28T09:00:00+08:00"),
        ("2027-01-31T09:00:00+08:00", 2, "2027-03-31T09:00:00+08:00"),
        ("2028-01-30T09:00:00+08:00", 1, "2028-02-29T09:00:00+08:00"),
        ("2026-11-30T16:30:00+00:00", 1, "2026-12-31T16:30:00+00:00"),
        ("2026-12-01T00:30:00+08:00", 1, "2027-01-01T00:30:00+08:00"),
    ],
)
def test_a_month_without_such_a_day_has_its_last(since: str, n: int, there: str) -> None:
    assert later(datetime.fromisoformat(since), n, Every.MONTH) == datetime.fromisoformat(there)


@given(INSTANTS, st.sampled_from(list(Every)))
def test_pieces_follow_one_another_by_about_their_pause(since: datetime, every: Every) -> None:
    begins = [later(since, n, every) for n in range(12)]
    assert begins[0] == since
    pauses = {(after - before).days for before, after in pairwise(begins)}
    assert pauses <= ({7} if every is Every.WEEK else {28, 29, 30, 31})
