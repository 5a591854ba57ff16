"""A coupon as a tender: what it pays of an order, and its piece held, used and free again with that order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pynamodb.expressions.condition import Condition

from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import Found
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.coupons import problems, shared, shared_use, worth
from chalicelib.coupons.items import Called, called, ref_of, shared_ref
from chalicelib.coupons.listing import of_user
from chalicelib.coupons.shared import OfOthers
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
        named = called(ref, uid)
        if named is None:
            raise RippleError(problems.COUPON_UNKNOWN, "/pay_with", ref=ref)
        return [_key(mid, named)] if named.fid is None else shared_use.keys(mid, named.fid, uid, named)

    def worth(self, bill: Bill, pay: Pay, rest_fen: int, found: Found) -> int:
        """Its share of what all coupons of the bill take off together, as `worth` has it.

        Raises what forbids one of them, whichever is asked about: of it, of these goods, or beside the others.
        """
        named, goods = _wanted(bill, found), _goods(bill)
        shares = dict(zip(named, worth.shares(list(named.values()), goods), strict=True))
        for n, share in shares.items():
            if not share:
                raise RippleError(problems.COUPON_WORTHLESS, _pointer(n))
        return min(shares[bill.pay_with.index(pay)], rest_fen)

    def choices(self, bill: Bill) -> list[Choice]:
        """Every piece that may be used now, is held, or comes next of its coupon; what takes most off first.

        Of the buyer's own, and of what others share in his family.
        """
        now, goods = clock.now(), _goods(bill)
        pieces = [(coupon, piece) for coupon in of_user(bill.mid, bill.uid) for piece in _shown(coupon, now)]
        made = [_choice(coupon, piece, goods, now) for coupon, piece in pieces]
        if (family := shared.of_others(bill.mid, bill.uid)) is not None:
            made += [_choice(one, piece, goods, now, family) for one in family.coupons for piece in _shown(one, now)]
        return sorted(made, key=lambda choice: (-choice.worth_fen, choice.until, choice.ref))

    def may_hold(self, order: Order, part: Part, found: Found) -> bool:
        """Whether it is free and was in time when the order was made: money that came late is not refused for that."""
        named, n = _named(order, part)
        coupon = found.item(Coupon, _key(order.mid, named))
        if named.fid is not None and not shared_use.may_use(found, order.mid, named.fid, order.uid, named):
            return False
        return coupon is not None and coupon.state(n, order.created_at) is PieceState.AVAILABLE

    def add_hold(self, tx: Transaction, order: Order, part: Part, found: Found, *, captured: bool) -> None:
        named, n = _named(order, part)
        key = _key(order.mid, named)
        when: dict[str, Condition] = {"free": PIECES[n].does_not_exist(), "valid": Coupon.invalid_at.does_not_exist()}
        if named.fid is not None:
            when["shared"] = Coupon.shared_with == named.fid
            shared_use.add_may_use(tx, order, part, named.fid, named, found)
        tx.update(_step(order, part), key, [PIECES[n].set(f"{USED if captured else LOCKED}{order.oid}")], when=when)

    def add_capture(self, tx: Transaction, order: Order, part: Part) -> None:
        named, n = _named(order, part)
        when = {"locked": PIECES[n] == f"{LOCKED}{order.oid}"}
        tx.update(_step(order, part), _key(order.mid, named), [PIECES[n].set(f"{USED}{order.oid}")], when=when)

    def add_release(self, tx: Transaction, order: Order, part: Part) -> None:
        named, n = _named(order, part)
        when = {"locked": PIECES[n] == f"{LOCKED}{order.oid}"}
        tx.update(_step(order, part), _key(order.mid, named), [PIECES[n].remove()], when=when)

    def add_back(self, tx: Transaction, order: Order, part: Part, fen: int) -> None:
        """It is free again when all that it paid has come back; a part of a coupon is nothing that one could use."""
        if part.back_fen + fen < part.fen:
            return
        named, n = _named(order, part)
        when = {"used": PIECES[n] == f"{USED}{order.oid}"}
        tx.update(_step(order, part), _key(order.mid, named), [PIECES[n].remove()], when=when)


COUPONS = CouponTender()


def _key(mid: MerchantId, named: Called) -> Key:
    """Where the coupon stands."""
    return coupon_key(mid, named.uid, named.coupon_id)


def _named(order: Order, part: Part) -> tuple[Called, int]:
    """What a part names, and which piece of it."""
    named = called(part.ref, order.uid)
    if named is None:
        raise ValueError(f"{part.ref} is no coupon")
    return named, named.piece


def _step(order: Order, part: Part) -> str:
    """What its write is called: an order has each coupon once, and never more than a few."""
    return f"coupon{order.paid_with.index(part)}"


def _goods(bill: Bill) -> Goods:
    return Goods(bill.sku_id, bill.category, bill.goods_fen)


def _pointer(n: int) -> str:
    return f"/pay_with/{n}/ref"


def _wanted(bill: Bill, found: Found) -> dict[int, Wanted]:
    """Every coupon of the bill, by its place among what pays. Raises what forbids the first of them that may not."""
    wanted, now, goods = dict[int, Wanted](), clock.now(), _goods(bill)
    for n, pay in enumerate(bill.pay_with):
        if pay.tender != NAME:
            continue
        named, pointer = called(pay.ref, bill.uid), _pointer(n)
        if named is not None and named.fid is not None:
            shared_use.insist_may_use(found, bill.mid, named.fid, bill.uid, named, pointer)
        coupon = found.item(Coupon, _key(bill.mid, named)) if named is not None else None
        if named is None or coupon is None or named.piece >= len(coupon.windows):
            raise RippleError(problems.COUPON_UNKNOWN, pointer, ref=pay.ref)
        _insist_now(coupon, named.piece, now, pointer)
        if len(wanted) < n:
            raise RippleError(problems.COUPON_FIRST, pointer)
        worth.insist_fits(coupon.terms, goods, pointer)
        wanted[n] = Wanted(f"{coupon.uid}.{coupon.coupon_id}", coupon.terms, pay.fen)
    for n, one in wanted.items():
        worth.insist_together(list(wanted.values()), one, _pointer(n))
    return wanted


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


def _choice(coupon: Coupon, piece: int, goods: Goods, now: datetime, family: OfOthers | None = None) -> Choice:
    """A piece of the buyer's own, or of what others share in his ``family``."""
    why = None
    try:
        if family is not None:
            family.insist_may_use(now)
        _insist_now(coupon, piece, now)
        worth.insist_fits(coupon.terms, goods)
    except RippleError as refused:
        why = refused
    own = ref_of(coupon.coupon_id, piece)
    return Choice(
        tender=NAME,
        ref=own if family is None else shared_ref(family.fid, coupon.uid, coupon.coupon_id, piece),
        title_zh=coupon.terms.title,
        title_en=coupon.terms.title,
        worth_fen=0 if why else Wanted(coupon.coupon_id, coupon.terms).alone(goods),
        why_not=why.problem.code if why else None,
        why_not_zh=why.told("zh")["detail"] if why else None,
        why_not_en=why.told("en")["detail"] if why else None,
        until=coupon.windows[piece].until,
    )
