"""What holds of coupons that families share: where they are listed, and who may use them."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.coupons.items import Called, called
from chalicelib.coupons.shared_items import SharedCoupon
from chalicelib.coupons.tender import NAME
from chalicelib.family.items import Member
from chalicelib.family.states import MemberState
from chalicelib.orders.items import Order
from chalicelib.rewards.items import Coupon
from tests.breaking import Break, drop
from tests.coupons import shop
from tests.family.shared_shop import ref, shared
from tests.family.shop import household
from tests.invariants import Books, invariant
from tests.town import Town

Listed = tuple[str, str, str, str]
"""Of which merchant, in which family, whose, which coupon."""


def members(books: Books) -> dict[tuple[str, str, str], Member]:
    """Everybody who is or was in a family, by merchant, family and user."""
    return {(member.mid, member.fid, member.uid): member for member in books.of(Member)}


def borrowed(order: Order) -> list[Called]:
    """What of others an order names."""
    named = (called(part.ref, order.uid) for part in order.paid_with if part.tender == NAME)
    return [one for one in named if one is not None and one.fid is not None]


@invariant("A coupon that is shared in a family has a row there, and no row names one that is not shared there.")
def shared_coupons_are_listed(books: Books) -> Iterator[str]:
    rows: set[Listed] = {(row.mid, row.fid, row.uid, row.coupon_id) for row in books.of(SharedCoupon)}
    for coupon in books.of(Coupon):
        if coupon.shared_with is None:
            continue
        named: Listed = (coupon.mid, coupon.shared_with, coupon.uid, coupon.coupon_id)
        if named not in rows or not coupon.terms.family or coupon.shared_at is None:
            yield f"{named} is shared, and not listed or not for families"
        rows.discard(named)
    yield from (f"{row} is listed, and not shared" for row in rows)


@invariant("Who used another's coupon was in the family that it was shared in when he ordered, and so was its owner.")
def borrowed_within_the_family(books: Books) -> Iterator[str]:
    for order in books.of(Order):
        for one in borrowed(order):
            for uid in (order.uid, one.uid):
                member = books.seen(members).get((order.mid, str(one.fid), uid))
                gone = member is not None and member.state is MemberState.REMOVED
                if member is None or (gone and member.left_at and order.created_at > member.left_at):
                    yield f"{order.oid} of {order.uid} names {one}, and {uid} was not there"


def situation(town: Town) -> None:
    """A coupon that is shared, and an order of another member's that holds it."""
    dad, ann = town.person(), town.person()
    fid = household(town, dad, ann)
    mine = shared(town, ann)
    shop.buys(dad, town.campaign(), ref(fid, ann, mine)).expect(201)


def _strange(books: Books) -> None:
    """The coupon's user was never in the family."""
    order = next(one for one in books.of(Order) if borrowed(one))
    order.uid = "NOBODY"


BREAKS: dict[str, Break] = {
    "shared_coupons_are_listed": drop(SharedCoupon),
    "borrowed_within_the_family": _strange,
}
