"""The rules of coupons that families share: pure decisions over what one read round found."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.core.errors import RippleError
from chalicelib.coupons import shared_problems as problems
from chalicelib.family.states import MemberState
from chalicelib.rewards.states import PieceState

if TYPE_CHECKING:
    from chalicelib.family.items import Member
    from chalicelib.rewards.items import Coupon

BELONGS = (MemberState.ACTIVE, MemberState.FROZEN)
"""The states in which somebody is in a family; who is frozen does not spend, and may share."""

USABLE = (PieceState.AVAILABLE, PieceState.LATER, PieceState.LOCKED)
"""A piece of it that somebody may still use; one that an order holds may come back."""


def is_shared(coupon: Coupon, fid: str, owner: Member | None) -> bool:
    """Whether the family may use it: its owner has shared it there, and belonged to it ever since."""
    if coupon.shared_with != fid or coupon.shared_at is None or owner is None:
        return False
    return owner.state in BELONGS and owner.joined_at <= coupon.shared_at


def insist_may_share(coupon: Coupon, now: datetime) -> None:
    """Raise `COUPON_NOT_FOR_FAMILY`, `COUPON_NOTHING_TO_SHARE`."""
    if not coupon.terms.family:
        raise RippleError(problems.COUPON_NOT_FOR_FAMILY)
    if not any(coupon.state(piece, now) in USABLE for piece in range(len(coupon.windows))):
        raise RippleError(problems.COUPON_NOTHING_TO_SHARE)
