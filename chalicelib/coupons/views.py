"""What a client sees of coupons: what each says, where each of its pieces is, and what comes next."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.campaigns.kinds.coupon import CouponTermsShown
from chalicelib.core import clock
from chalicelib.core.errors import Language, localised
from chalicelib.coupons import rules
from chalicelib.coupons.items import ref_of
from chalicelib.coupons.service import Given
from chalicelib.notices.asking import Ask, ask
from chalicelib.notices.moments import Moment
from chalicelib.rewards.items import Coupon
from chalicelib.rewards.states import PieceState

SAID = {
    PieceState.AVAILABLE: ("可使用", "It may be used."),
    PieceState.LOCKED: ("待支付订单使用中", "An order that may still be paid uses it."),
    PieceState.LATER: ("未到使用时间", "Its time has not come."),
    PieceState.USED: ("已使用", "It is used."),
    PieceState.EXPIRED: ("已过期", "It has expired."),
    PieceState.INVALID: ("已失效", "It is not valid any more."),
}
"""What a user reads of a state, never why somebody took a coupon back; and which state of its pieces a coupon shows."""


class Piece(msgspec.Struct, kw_only=True):
    """One piece of a coupon; a coupon that is not in instalments has one."""

    ref: str
    """What ``pay_with`` calls it."""
    state: PieceState
    since: datetime
    until: datetime
    """It may be used before this."""
    order_id: str | None
    """The order that holds or has used it."""


class CouponView(msgspec.Struct, kw_only=True):
    """A coupon as its owner sees it."""

    coupon_id: str
    campaign_id: str
    coupon: CouponTermsShown
    why: str
    """How he came by it: claimed, gift, or what it was given for."""
    state: PieceState
    """Of the piece that is nearest to being used."""
    detail: str
    pieces: list[Piece]
    next_at: datetime | None
    """When the next piece may be used."""
    shared_with: str | None
    """The family whose members may use it too."""
    created_at: datetime


class CouponHeld(CouponView, kw_only=True):
    """A coupon, what to ask consent for, and what time it is."""

    ask: Ask
    now: datetime


class MyCoupons(msgspec.Struct, kw_only=True):
    """A page of the caller's coupons; with a state asked for it may have fewer than it may have, and yet go on."""

    coupons: list[CouponView]
    cursor: str | None
    ask: Ask
    now: datetime


class CouponRecord(CouponView, kw_only=True):
    """A coupon as its merchant sees it."""

    user_id: str
    invalid_at: datetime | None
    invalid_why: str | None


class Invalidated(CouponRecord, kw_only=True):
    """What became of a coupon that was to be invalid."""

    note: str
    """What that means for an order that holds it."""
    now: datetime


class Coupons(msgspec.Struct, kw_only=True):
    """What became of a template's coupons, and a page of them, newest first."""

    issued: int
    """Claimed and given."""
    left: int
    coupons: list[CouponRecord]
    cursor: str | None
    now: datetime


class GivenAll(msgspec.Struct, kw_only=True):
    """What became of each."""

    lines: list[Given]
    given: int
    """How many have one now."""


def pieces_of(coupon: Coupon, now: datetime) -> list[Piece]:
    """Where each piece is."""
    return [
        Piece(
            ref=ref_of(coupon.coupon_id, n),
            state=coupon.state(n, now),
            since=window.since,
            until=window.until,
            order_id=(coupon.taken(n) or "").partition(" ")[2] or None,
        )
        for n, window in enumerate(coupon.windows)
    ]


def shown(coupon: Coupon, language: Language) -> CouponView:
    """A coupon as its owner sees it now."""
    now = clock.now()
    pieces = pieces_of(coupon, now)
    there = {piece.state for piece in pieces}
    state = next(state for state in SAID if state in there)
    coming = [piece.since for piece in pieces if piece.state is PieceState.LATER]
    return CouponView(
        coupon_id=coupon.coupon_id,
        campaign_id=coupon.cid,
        coupon=CouponTermsShown.of(coupon.terms),
        why=coupon.why.value,
        state=state,
        detail=localised(SAID[state], language),
        pieces=pieces,
        next_at=min(coming, default=None),
        shared_with=coupon.shared_with,
        created_at=coupon.created_at,
    )


def held(coupon: Coupon, language: Language) -> CouponHeld:
    """A coupon by itself; while a piece of it can be used its owner may want to be reminded."""
    now = clock.now()
    moments = [Moment.REWARD_ENDING] if rules.ends_next(coupon, now) is not None else []
    wanted = ask(coupon.mid, language, *moments)
    return CouponHeld(**msgspec.structs.asdict(shown(coupon, language)), ask=wanted, now=now)


def record(coupon: Coupon, language: Language) -> CouponRecord:
    """A coupon as its merchant sees it now."""
    seen = msgspec.structs.asdict(shown(coupon, language))
    return CouponRecord(
        **seen, user_id=coupon.uid, invalid_at=coupon.invalid_at, invalid_why=coupon.invalid_note or coupon.invalid_why
    )


def invalidated(coupon: Coupon, language: Language) -> Invalidated:
    """A coupon that is invalid, and what that means."""
    seen = record(coupon, language)
    locked = any(piece.state is PieceState.LOCKED for piece in seen.pieces)
    note = (
        (
            "待支付订单仍可使用该券；订单取消或超时后失效",
            "Its open order may still be paid with it; after that it is invalid.",
        )
        if locked
        else ("未使用部分已失效", "What was not used is invalid.")
    )
    return Invalidated(**msgspec.structs.asdict(seen), note=localised(note, language), now=clock.now())
