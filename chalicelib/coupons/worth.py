"""What coupons take off of an order's goods, each by itself and several together: the one combination rule.

A coupon that is not stackable stands alone among coupons; stackable ones combine, two at most. Each counts what the
goods cost before any coupon, for its threshold and its percentage. Together they take no more than the goods cost, and
never of the freight: percentages go first, then amounts, the greater before the smaller, whatever order they are named
in, and what the goods do not reach for is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chalicelib.campaigns.gifts import CouponTerms, PercentOff
from chalicelib.campaigns.kinds.coupon import off_fen
from chalicelib.core.errors import RippleError
from chalicelib.core.money import yuan
from chalicelib.coupons import problems

MOST_TOGETHER = 2
"""Coupons that one order takes."""


class Goods(NamedTuple):
    """What is bought, and what it costs without freight and before any coupon."""

    sku_id: str
    category: str | None
    fen: int


class Wanted(NamedTuple):
    """A coupon that is to pay; of it ``most`` at most, where that is said."""

    coupon_id: str
    terms: CouponTerms
    most: int | None = None

    def alone(self, goods: Goods) -> int:
        """What it takes off by itself."""
        worth = off_fen(self.terms.off, goods.fen)
        return worth if self.most is None else min(worth, self.most)


def insist_fits(terms: CouponTerms, goods: Goods, pointer: str | None = None) -> None:
    """Raise `COUPON_SCOPE`, `COUPON_THRESHOLD`, `COUPON_WORTHLESS` where it takes nothing off of these goods."""
    if not terms.scope.covers(goods.sku_id, goods.category):
        raise RippleError(problems.COUPON_SCOPE, pointer)
    if goods.fen < terms.threshold_fen:
        threshold, missing = yuan(terms.threshold_fen), yuan(terms.threshold_fen - goods.fen)
        raise RippleError(problems.COUPON_THRESHOLD, pointer, threshold=threshold, missing=missing)
    if not off_fen(terms.off, goods.fen):
        raise RippleError(problems.COUPON_WORTHLESS, pointer)


def insist_together(wanted: Sequence[Wanted], this: Wanted, pointer: str | None = None) -> None:
    """Raise `COUPON_ONCE`, `COUPON_ALONE`, `COUPON_TOO_MANY` where ``this`` may not pay beside the others."""
    others = [one for one in wanted if one is not this]
    if any(one.coupon_id == this.coupon_id for one in others):
        raise RippleError(problems.COUPON_ONCE, pointer)
    if others and not this.terms.stackable:
        raise RippleError(problems.COUPON_ALONE, pointer)
    if len(wanted) > MOST_TOGETHER:
        raise RippleError(problems.COUPON_TOO_MANY, pointer, limit=MOST_TOGETHER)


def shares(wanted: Sequence[Wanted], goods: Goods) -> list[int]:
    """What each takes off when they pay together, in the order in which they are named."""
    left, taken = goods.fen, dict[int, int]()
    for n in sorted(range(len(wanted)), key=lambda n: _turn(wanted[n], goods)):
        taken[n] = min(wanted[n].alone(goods), left)
        left -= taken[n]
    return [taken[n] for n in range(len(wanted))]


def _turn(one: Wanted, goods: Goods) -> tuple[bool, int, str]:
    """When it is its turn: percentages first, the greater first."""
    return not isinstance(one.terms.off, PercentOff), -one.alone(goods), one.coupon_id
