"""A coupon as a tender: what it pays of an order, and its piece held, used and free again with that order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import Found
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.coupons import problems, worth
from chalicelib.coupons.items import piece_of, ref_of
from chalicelib.coupons.listing import of_user
from chalicelib.coupons.worth import Goods, Wanted
from chalicelib.orders.items import Order, Part
from chalicelib.orders.tenders import Bill, Choice, Pay
from chalicelib.rewards.items import LOCKED, PIECES, USED, Coupon, coupon_key
from chalicelib.rewards.states import PieceState

NAME = "coupon"

NOT_NOW = {
    PieceState.LOCKED: problems.COUPON_LOCKED,
    PieceState.USED: problems.COUPON_USED,
    PieceState.EXPIRED: problems.COUPON_EXPIRED,
    PieceState.INVALID: problems.COUPON_INVALID,
}
"""Why a piece that is there does not pay; one whose time has not come says when."""

SHOWN = (PieceState.AVAILABLE, PieceState.LATER, PieceState.LOCKED)
"""What is a choice, be it that it cannot be chosen now."""


class CouponTender:
    """Implements `orders.tenders.Tender`. The piece's own attribute carries its order, so no write reads the coupon."""

    def keys(self, mid: MerchantId, uid: str, ref: str) -> list[Key]:
        """Raises `COUPON_UNKNOWN` for what cannot be one."""
        named = piece_of(ref)
        if named is None:
            raise RippleError(problems.COUPON_UNKNOWN, "/pay_with", ref=ref)
        return [coupon_key(mid, uid, named[0])]

    def worth(self, bill: Bill, pay: Pay, rest_fen: int, found: Found) -> int:
        """Its share of what all coupons of the bill take off together, as `worth` has it.

        Raises what forbids one of them, whichever is asked about: of it, of these goods, or beside the others.
        """
        named, goods = _named(bill, found), _goods(bill)
        shares = dict(zip(named, worth.shares(list(named.values()), goods), strict=True))
        for n, share in shares.items():
            if not share:
                raise RippleError(problems.COUPON_WORTHLESS, _pointer(n))
        return min(shares[bill.pay_with.index(pay)], rest_fen)

    def choices(self, bill: Bill) -> list[Choice]:
        """Every piece that may be used now, is held, or comes next of its coupon; what takes most off first."""
        now, goods = clock.now(), _goods(bill)
        pieces = [(coupon, piece) for coupon in of_user(bill.mid, bill.uid) for piece in _shown(coupon, now)]
        made = [_choice(coupon, piece, goods, now) for coupon, piece in pieces]
        return sorted(made, key=lambda choice: (-choice.worth_fen, choice.until, choice.ref))

    def may_hold(self, order: Order, part: Part, found: Found) -> bool:
        """Whether it is free and was in time when the order was made: money that came late is not refused for that."""
        coupon_id, piece = _piece(part)
        coupon = found.item(Coupon, coupon_key(order.mid, order.uid, coupon_id))
        return coupon is not None and coupon.state(piece, order.created_at) is PieceState.AVAILABLE

    def add_hold(self, tx: Transaction, order: Order, part: Part, found: Found, *, captured: bool) -> None:
        coupon_id, piece = _piece(part)
        actions = [PIECES[piece].set(f"{USED if captured else LOCKED}{order.oid}")]
        when = {"free": PIECES[piece].does_not_exist(), "valid": Coupon.invalid_at.does_not_exist()}
        tx.update(_step(order, part), coupon_key(order.mid, order.uid, coupon_id), actions, when=when)

    def add_capture(self, tx: Transaction, order: Order, part: Part) -> None:
        coupon_id, piece = _piece(part)
        actions = [PIECES[piece].set(f"{USED}{order.oid}")]
        when = {"locked": PIECES[piece] == f"{LOCKED}{order.oid}"}
        tx.update(_step(order, part), coupon_key(order.mid, order.uid, coupon_id), actions, when=when)

    def add_release(self, tx: Transaction, order: Order, part: Part) -> None:
        coupon_id, piece = _piece(part)
        when = {"locked": PIECES[piece] == f"{LOCKED}{order.oid}"}
        tx.update(_step(order, part), coupon_key(order.mid, order.uid, coupon_id), [PIECES[piece].remove()], when=when)

    def add_back(self, tx: Transaction, order: Order, part: Part, fen: int) -> None:
        """It is free again when all that it paid has come back; a part of a coupon is nothing that one could use."""
        if part.back_fen + fen < part.fen:
            return
        coupon_id, piece = _piece(part)
        when = {"used": PIECES[piece] == f"{USED}{order.oid}"}
        tx.update(_step(order, part), coupon_key(order.mid, order.uid, coupon_id), [PIECES[piece].remove()], when=when)


COUPONS = CouponTender()


def _piece(part: Part) -> tuple[str, int]:
    named = piece_of(part.ref)
    if named is None:
        raise ValueError(f"{part.ref} is no coupon")
    return named


def _step(order: Order, part: Part) -> str:
    """What its write is called: an order has each coupon once, and never more than a few."""
    return f"coupon{order.paid_with.index(part)}"


def _goods(bill: Bill) -> Goods:
    return Goods(bill.sku_id, bill.category, bill.goods_fen)


def _pointer(n: int) -> str:
    return f"/pay_with/{n}/ref"


def _named(bill: Bill, found: Found) -> dict[int, Wanted]:
    """Every coupon of the bill, by its place among what pays. Raises what forbids the first of them that may not."""
    named, now, goods = dict[int, Wanted](), clock.now(), _goods(bill)
    for n, pay in enumerate(bill.pay_with):
        if pay.tender != NAME:
            continue
        coupon_id, piece = piece_of(pay.ref) or ("", 0)
        coupon = found.item(Coupon, coupon_key(bill.mid, bill.uid, coupon_id))
        if coupon is None or piece >= len(coupon.windows):
            raise RippleError(problems.COUPON_UNKNOWN, _pointer(n), ref=pay.ref)
        _insist_now(coupon, piece, now, _pointer(n))
        if len(named) < n:
            raise RippleError(problems.COUPON_FIRST, _pointer(n))
        worth.insist_fits(coupon.terms, goods, _pointer(n))
        named[n] = Wanted(coupon_id, coupon.terms, pay.fen)
    for n, one in named.items():
        worth.insist_together(list(named.values()), one, _pointer(n))
    return named


def _insist_now(coupon: Coupon, piece: int, now: datetime, pointer: str | None = None) -> None:
    """Raise why a piece does not pay now, whatever is bought."""
    state = coupon.state(piece, now)
    if state is PieceState.LATER:
        since = clock.iso(coupon.windows[piece].since)
        raise RippleError(problems.COUPON_LATER, pointer, since=since)
    if state in NOT_NOW:
        raise RippleError(NOT_NOW[state], pointer)


def _shown(coupon: Coupon, now: datetime) -> Sequence[int]:
    """The pieces that are a choice; of those whose time has not come the next."""
    states = {piece: coupon.state(piece, now) for piece in range(len(coupon.windows))}
    coming = [piece for piece, state in states.items() if state is PieceState.LATER]
    return [piece for piece, state in states.items() if state in SHOWN and piece not in coming[1:]]


def _choice(coupon: Coupon, piece: int, goods: Goods, now: datetime) -> Choice:
    why = None
    try:
        _insist_now(coupon, piece, now)
        worth.insist_fits(coupon.terms, goods)
    except RippleError as refused:
        why = refused
    return Choice(
        tender=NAME,
        ref=ref_of(coupon.coupon_id, piece),
        title_zh=coupon.terms.title,
        title_en=coupon.terms.title,
        worth_fen=0 if why else Wanted(coupon.coupon_id, coupon.terms).alone(goods),
        why_not=why.problem.code if why else None,
        why_not_zh=why.told("zh")["detail"] if why else None,
        why_not_en=why.told("en")["detail"] if why else None,
        until=coupon.windows[piece].until,
    )
