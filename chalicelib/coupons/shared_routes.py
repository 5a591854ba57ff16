"""Coupons that families share, over HTTP."""

from __future__ import annotations

from typing import Annotated

import msgspec

from chalicelib.core import clock, cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND
from chalicelib.coupons import shared, shared_problems, shared_views, views
from chalicelib.coupons.shared_items import ALL_OF
from chalicelib.coupons.shared_views import CouponsShared
from chalicelib.coupons.views import CouponHeld
from chalicelib.edge.operation import USER, Call, operation
from chalicelib.family.items import family_key
from chalicelib.family.problems import FAMILY_ENDED, FAMILY_UNKNOWN
from chalicelib.notices.asking import ask
from chalicelib.notices.moments import Moment


class FewCoupons(Page):
    """The query of a listing that reads each coupon where its owner is."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=30)] = 20


@operation(
    auth=USER,
    answer=CouponHeld,
    idempotent=True,
    name="share_coupon",
    summary="Let my family use a coupon of mine",
    description="It stays mine. Whoever uses a piece first has it. One that is shared already stays as it is.",
    problems=(
        NOT_FOUND,
        FAMILY_UNKNOWN,
        FAMILY_ENDED,
        shared_problems.COUPON_NOT_FOR_FAMILY,
        shared_problems.COUPON_NOTHING_TO_SHARE,
    ),
)
def share(call: Call[None]) -> CouponHeld:
    """Share a coupon."""
    return views.held(shared.share(call.intent, call.path["coupon_id"]), call.language)


@operation(
    auth=USER,
    answer=CouponHeld,
    idempotent=True,
    name="unshare_coupon",
    summary="Let nobody else use a coupon of mine any more",
    description="An order that holds it may still be paid with it.",
    problems=(NOT_FOUND,),
)
def unshare(call: Call[None]) -> CouponHeld:
    """Take a coupon out of the family."""
    return views.held(shared.unshare(call.intent, call.path["coupon_id"]), call.language)


@operation(
    auth=USER,
    query=FewCoupons,
    answer=CouponsShared,
    name="family_coupons",
    summary="The coupons that my family shares",
    description="Pay with one by its `ref`; whether it may be used now, a quote says of each.",
    problems=(FAMILY_UNKNOWN,),
)
def listed(call: Call[None]) -> CouponsShared:
    """A page of a family's coupons."""
    asked: FewCoupons = call.query
    fid = call.path["family_id"]
    after = cursor.decode(asked.cursor, family_key(call.mid, fid).pk, begins=ALL_OF)
    found, more = shared.page(call.mid, fid, call.uid, asked.limit, after)
    coupons = [shared_views.shown(one, fid, call.uid, call.language) for one in found]
    wanted = ask(call.mid, call.language, Moment.REWARD_ENDING)
    return CouponsShared(coupons=coupons, cursor=cursor.encode(more), ask=wanted, now=clock.now())
