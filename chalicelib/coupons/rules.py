"""The rules of claiming: pure decisions over what one read round found."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.accounts.newcomer import Verdict, verdict
from chalicelib.campaigns.kinds.coupon import WhoMayClaim
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.coupons import problems
from chalicelib.rewards.problems import NEW_CLAIMERS_ONLY
from chalicelib.rewards.states import PieceState

if TYPE_CHECKING:
    from chalicelib.accounts.items import User
    from chalicelib.campaigns.kinds.coupon import CouponOffer
    from chalicelib.coupons.items import ClaimLimit
    from chalicelib.rewards.items import Coupon

USABLE = (PieceState.AVAILABLE, PieceState.LATER)
"""A piece that its owner may use, now or when its time comes."""


def insist_may_claim(offer: CouponOffer, limit: ClaimLimit | None, left: int, points: int, now: datetime) -> None:
    """Raise `ONLY_GIVEN`, `CLAIM_LIMIT`, `CLAIM_DAY_LIMIT`, `POINTS_SHORT`, `CLAIMED_OUT`."""
    if not offer.claimable:
        raise RippleError(problems.ONLY_GIVEN)
    if limit is not None and limit.n >= offer.per_user:
        raise RippleError(problems.CLAIM_LIMIT, limit=offer.per_user)
    a_day = offer.per_user_a_day
    if a_day is not None and limit is not None and limit.day == clock.day_of(now).isoformat() and limit.today >= a_day:
        raise RippleError(problems.CLAIM_DAY_LIMIT, limit=a_day)
    if offer.price_points is not None and points < offer.price_points:
        raise RippleError(problems.POINTS_SHORT, needed=offer.price_points, has=points)
    if left < 1:
        raise RippleError(problems.CLAIMED_OUT)


def insist_welcome(offer: CouponOffer, user: User, now: datetime) -> Verdict | None:
    """The verdict on a newcomer where only those may claim. Raises `NEW_CLAIMERS_ONLY`."""
    if offer.who_may_claim is WhoMayClaim.ANY:
        return None
    found = verdict(user, offer.new_user, offer.starts_at, now)
    if not found.new:
        raise RippleError(NEW_CLAIMERS_ONLY)
    return found


def ends_next(coupon: Coupon, now: datetime) -> int | None:
    """Which of its pieces that may still be used ends first; None where there is none."""
    left = [piece for piece in range(len(coupon.windows)) if coupon.state(piece, now) in USABLE]
    return min(left, key=lambda piece: coupon.windows[piece].until, default=None)
