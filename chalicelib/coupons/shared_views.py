"""What members see of the coupons that are shared in their family."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.accounts import mask
from chalicelib.campaigns.kinds.coupon import CouponTermsShown
from chalicelib.core import clock
from chalicelib.core.errors import Language, localised
from chalicelib.coupons.items import ref_of, shared_ref
from chalicelib.coupons.shared import SharedNow
from chalicelib.coupons.views import SAID
from chalicelib.notices.asking import Ask
from chalicelib.rewards.states import PieceState


class SharedPiece(msgspec.Struct, kw_only=True):
    """One piece of a shared coupon. Which order holds it is its buyer's matter."""

    ref: str
    """What the caller's ``pay_with`` calls it."""
    state: PieceState
    detail: str
    since: datetime
    until: datetime
    """It may be used before this."""


class Sharer(msgspec.Struct, kw_only=True):
    """Whoever shares a coupon."""

    user_id: str
    nickname: str
    """Masked."""


class CouponShared(msgspec.Struct, kw_only=True):
    """A coupon that a family shares, as its members see it."""

    coupon_id: str
    coupon: CouponTermsShown
    owner: Sharer
    mine: bool
    """Whether that is the caller."""
    pieces: list[SharedPiece]
    shared_at: datetime


class CouponsShared(msgspec.Struct, kw_only=True):
    """A page of what a family shares; it may have fewer than were asked for, and yet go on."""

    coupons: list[CouponShared]
    cursor: str | None
    ask: Ask
    now: datetime


def shown(one: SharedNow, fid: str, uid: str, language: Language) -> CouponShared:
    """A shared coupon as ``uid`` sees it now."""
    coupon, now = one.coupon, clock.now()
    mine = coupon.uid == uid
    pieces = []
    for n, window in enumerate(coupon.windows):
        state = coupon.state(n, now)
        ref = ref_of(coupon.coupon_id, n) if mine else shared_ref(fid, coupon.uid, coupon.coupon_id, n)
        detail = localised(SAID[state], language)
        pieces.append(SharedPiece(ref=ref, state=state, detail=detail, since=window.since, until=window.until))
    return CouponShared(
        coupon_id=coupon.coupon_id,
        coupon=CouponTermsShown.of(coupon.terms),
        owner=Sharer(user_id=coupon.uid, nickname=mask.seen(one.owner)),
        mine=mine,
        pieces=pieces,
        shared_at=coupon.shared_at,
    )
