"""Paying with a coupon that somebody else shares in one's family: what is read, what forbids it, what is insisted on.

The order's own transaction insists that it is shared, that its buyer may spend in the family, and that its owner has
belonged to it ever since: whatever ends one of the three while the order is made, one of the two comes first.
"""

from __future__ import annotations

from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import Found
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.coupons import shared_rules as rules
from chalicelib.coupons.items import Called, called
from chalicelib.coupons.shared_problems import COUPON_NOT_SHARED
from chalicelib.family import standing
from chalicelib.family.items import Member, member_key
from chalicelib.orders.items import Order, Part
from chalicelib.orders.states import OrderState
from chalicelib.rewards.items import Coupon, coupon_key


def keys(mid: MerchantId, fid: str, uid: str, named: Called) -> list[Key]:
    """The coupon, the family, who pays with it and whose it is."""
    return [
        coupon_key(mid, named.uid, named.coupon_id),
        *standing.keys(mid, fid, uid),
        member_key(mid, fid, named.uid),
    ]


def insist_may_use(found: Found, mid: MerchantId, fid: str, uid: str, named: Called, pointer: str) -> None:
    """Raise `FAMILY_UNKNOWN`, `FAMILY_ENDED`, `FAMILY_FROZEN`, `MEMBER_FROZEN`, `COOLING` or `COUPON_NOT_SHARED`."""
    family, member = standing.seen(found, mid, fid, uid)
    standing.insist_may_spend(family, member, clock.now())
    coupon = found.item(Coupon, coupon_key(mid, named.uid, named.coupon_id))
    owner = found.item(Member, member_key(mid, fid, named.uid))
    if coupon is None or not rules.is_shared(coupon, fid, owner):
        raise RippleError(COUPON_NOT_SHARED, pointer)


def may_use(found: Found, mid: MerchantId, fid: str, uid: str, named: Called) -> bool:
    """Whether nothing of that forbids it."""
    try:
        insist_may_use(found, mid, fid, uid, named, "")
    except RippleError:
        return False
    return True


def add_may_use(tx: Transaction, order: Order, part: Part, fid: str, named: Called, found: Found) -> None:
    """Insist that the buyer may spend in the family, and that who shared the coupon has belonged to it ever since.

    The first of the order's parts that are the family's does so for all of them; its wallet insists by its own writes.
    """
    mid, key = order.mid, coupon_key(order.mid, named.uid, named.coupon_id)
    coupon = found.item(Coupon, key)
    if coupon is None:
        raise LookupError(f"the coupon of a part: {part.ref}")
    of_family = standing.paid_from(order, fid)
    by_wallet = any(one.tender == standing.WALLET for one in of_family)
    if part == of_family[0] and not by_wallet:
        payer = None if order.state is OrderState.RELEASED else order.payer
        standing.add_may_spend(tx, mid, fid, order.uid, clock.now(), owner=payer)
    if part == next(one for one in of_family if _owner(one, order.uid) == named.uid):
        since = coupon.shared_at
        when = {"belongs": Member.state.is_in(*rules.BELONGS) & (Member.joined_at <= since)}
        tx.check(f"sharer{order.paid_with.index(part)}", member_key(mid, fid, named.uid), when=when)


def _owner(part: Part, uid: str) -> str | None:
    """Whose coupon a part of an order is."""
    named = called(part.ref, uid)
    return named.uid if named is not None else None
