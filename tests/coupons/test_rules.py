"""Who may claim, and why another may not."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core.errors import RippleError
from chalicelib.coupons import rules
from chalicelib.coupons.items import ClaimLimit
from tests.conftest import START
from tests.coupons.test_windows import of

TODAY = "2026-11-11"


def limit(n: int, today: int, day: str = TODAY) -> ClaimLimit:
    return ClaimLimit("m|U#u", "CLM#c", n=n, today=today, day=day)


@pytest.mark.parametrize(
    ("changes", "seen", "left", "points", "code"),
    [
        ({}, None, 1, 0, None),
        ({}, None, 0, 0, "coupons_claimed_out"),
        ({"claimable": False}, None, 1, 0, "coupon_only_given"),
        ({"per_user": 2}, limit(1, 1), 1, 0, None),
        ({"per_user": 2}, limit(2, 0), 1, 0, "coupon_limit"),
        ({"per_user": 9, "per_user_a_day": 2}, limit(3, 1), 1, 0, None),
        ({"per_user": 9, "per_user_a_day": 2}, limit(3, 2), 1, 0, "coupon_day_limit"),
        ({"per_user": 9, "per_user_a_day": 2}, limit(3, 2, "2026-11-10"), 1, 0, None),
        ({"price_points": 5}, None, 1, 5, None),
        ({"price_points": 5}, None, 1, 4, "points_short"),
        ({}, limit(1, 1), 0, 0, "coupon_limit"),
    ],
)
def test_a_claim_is_refused_by_what_the_user_can_change_first(
    changes: dict[str, Any], seen: ClaimLimit | None, left: int, points: int, code: str | None
) -> None:
    def ask() -> None:
        rules.insist_may_claim(of(**changes), seen, left, points, START)

    if code is None:
        ask()
        return
    with pytest.raises(RippleError) as refused:
        ask()
    assert refused.value.problem.code == code
