"""When a grant is looked at."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.core.times import Time, span

REVIEW = timedelta(days=7)
"""How long the merchant may look at a grant before it decides itself: coupons and points are given, balance is not."""

LOOK_AGAIN = timedelta(minutes=1)
"""How soon it is looked again whether an order has let go of a coupon, or of balance."""

GRANT_TIMES = (
    Time(
        "its hold is over: the campaign's days after the friend's act, or when its order may not go back any more",
        "its source decides: it becomes value, goes back to the budget, or waits for the merchant",
        "its user sees it as on its way",
    ),
    Time(
        f"the merchant has not looked at a doubtful one for {span(REVIEW)}",
        "coupons and points are given; balance and cash are not",
        "the merchant may still decide",
    ),
    Time(
        f"what it was for is undone; then every {span(LOOK_AGAIN)} while an order holds what it brought",
        "what it brought is taken back as far as it is there; the rest is owed",
        "what it brought can be spent",
    ),
)
"""The moments at which something becomes of a grant."""
