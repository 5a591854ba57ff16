"""Coupons over HTTP."""

from __future__ import annotations

import re
from typing import Annotated

import msgspec

from chalicelib.campaigns.problems import NOT_RUNNING
from chalicelib.core import clock, cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND
from chalicelib.core.ids import CampaignId
from chalicelib.coupons import admin, listing, problems, service, views
from chalicelib.coupons.views import CouponHeld, Coupons, GivenAll, Invalidated, MyCoupons
from chalicelib.edge.operation import MERCHANT, USER, Call, operation
from chalicelib.notices.asking import ask
from chalicelib.notices.moments import Moment
from chalicelib.rewards.items import coupon_key
from chalicelib.rewards.problems import NEW_CLAIMERS_ONLY
from chalicelib.rewards.states import PieceState

PLACE = re.compile(r"[0-9]{4}-[0-9TZ:.-]{18,24}#[0-9A-Z-]{1,64}")

MOST_AT_ONCE = 100

UserIdText = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Z]{1,40}$")]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class InState(Page):
    """Which page, and of coupons with a piece in which state."""

    state: PieceState | None = None


class GiveTo(msgspec.Struct, forbid_unknown_fields=True):
    """Who gets one, and why, for the audit log."""

    user_ids: Annotated[list[UserIdText], msgspec.Meta(min_length=1, max_length=MOST_AT_ONCE)]
    note: Reason


class Invalidate(msgspec.Struct, forbid_unknown_fields=True):
    """Why it is invalid; its owner does not read it."""

    reason: Reason


@operation(
    auth=USER,
    answer=CouponHeld,
    status=201,
    idempotent=True,
    name="claim_coupon",
    summary="Claim a coupon",
    description="Where it costs points, they are taken in the same step. Again with the same key is the same coupon.",
    problems=(
        NOT_FOUND,
        NOT_RUNNING,
        problems.CLAIMED_OUT,
        problems.CLAIM_LIMIT,
        problems.CLAIM_DAY_LIMIT,
        NEW_CLAIMERS_ONLY,
        problems.ONLY_GIVEN,
        problems.POINTS_SHORT,
    ),
)
def claim(call: Call[None]) -> CouponHeld:
    """Take a coupon of a template."""
    return views.held(service.claim(call.intent, CampaignId(call.path["campaign_id"])), call.language)


@operation(auth=USER, query=InState, answer=MyCoupons, name="my_coupons", summary="My coupons, also of one state")
def mine(call: Call[None]) -> MyCoupons:
    """A page of the caller's coupons: with ``state`` those that have a piece in it."""
    page: InState = call.query
    after = cursor.decode(page.cursor, coupon_key(call.mid, call.uid, "").pk, begins=listing.ALL_OF)
    found, more = listing.page_of_user(call.mid, call.uid, page.limit, after)
    seen = [views.shown(coupon, call.language) for coupon in found]
    wanted = [one for one in seen if page.state is None or any(piece.state is page.state for piece in one.pieces)]
    messages = ask(call.mid, call.language, Moment.REWARD_ENDING, Moment.REWARD_ARRIVED)
    return MyCoupons(coupons=wanted, cursor=cursor.encode(more), ask=messages, now=clock.now())


@operation(
    auth=USER, answer=CouponHeld, name="show_coupon", summary="One of my coupons, piece by piece", problems=(NOT_FOUND,)
)
def show(call: Call[None]) -> CouponHeld:
    """A coupon of the caller's."""
    return views.held(listing.one(call.mid, call.uid, call.path["coupon_id"]), call.language)


@operation(
    auth=MERCHANT,
    role="viewer",
    query=Page,
    answer=Coupons,
    name="list_coupons",
    summary="How many coupons of a template are out, and which",
    problems=(NOT_FOUND,),
)
def listed(call: Call[None]) -> Coupons:
    """The template's count, and a page of its coupons, newest first."""
    page: Page = call.query
    cid = CampaignId(call.path["campaign_id"])
    issued, left = listing.counted(call.mid, cid)
    found, more = listing.of_template(call.mid, cid, page.limit, cursor.position(page.cursor, PLACE))
    records = [views.record(coupon, call.language) for coupon in found]
    return Coupons(issued=issued, left=left, coupons=records, cursor=cursor.of_position(more), now=clock.now())


@operation(
    auth=MERCHANT,
    role="operator",
    body=GiveTo,
    answer=GivenAll,
    idempotent=True,
    name="give_coupons",
    summary="Give a coupon to each of some users",
    description="Out of the template's total, beside what users may claim. What cannot be given is said line by line.",
    problems=(NOT_FOUND,),
)
def give(call: Call[GiveTo]) -> GivenAll:
    """Give coupons to users that are named."""
    asked = call.body
    lines = service.give_to(call.intent, CampaignId(call.path["campaign_id"]), asked.user_ids, asked.note)
    return GivenAll(lines=lines, given=sum(line.coupon_id is not None for line in lines))


@operation(
    auth=MERCHANT,
    role="operator",
    body=Invalidate,
    answer=Invalidated,
    idempotent=True,
    name="invalidate_coupon",
    summary="Make a user's coupon invalid, as far as it is not used",
    description="An order that holds it may still be paid with it; if that is not paid, the coupon is invalid.",
    problems=(NOT_FOUND, problems.NOTHING_LEFT),
)
def invalidate(call: Call[Invalidate]) -> Invalidated:
    """Take a coupon back."""
    uid, coupon_id = call.path["user_id"], call.path["coupon_id"]
    return views.invalidated(admin.invalidate(call.intent, uid, coupon_id, call.body.reason), call.language)
