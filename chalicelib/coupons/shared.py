"""Sharing a coupon with one's family, and no longer; what is shared in a family.

That its owner leaves ends the sharing without a write: the order of whoever uses it insists on both. What an order
holds of it stays that order's, whatever becomes of the sharing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from pynamodb.expressions.condition import Condition

from chalicelib.accounts.items import User, user_key
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import query, read, read_one
from chalicelib.core.transaction import Transaction
from chalicelib.coupons import shared_rules as rules
from chalicelib.coupons.shared_items import ALL_OF, SharedCoupon, shared_coupon, shared_key
from chalicelib.family import standing
from chalicelib.family.items import Belonging, Family, Member, belonging_key, family_key, member_key
from chalicelib.family.problems import FAMILY_UNKNOWN
from chalicelib.rewards.items import Coupon, coupon_key

PAGE = 30


class SharedNow(NamedTuple):
    """A coupon that may be used by its family, and its owner."""

    coupon: Coupon
    owner: User | None


class OfOthers(NamedTuple):
    """What others share in somebody's family."""

    family: Family
    member: Member
    """Himself."""
    coupons: list[Coupon]

    @property
    def fid(self) -> str:
        """The family's id."""
        return self.family.fid

    def insist_may_use(self, now: datetime) -> None:
        """Raise what forbids him to use any of it now: `FAMILY_ENDED`, `FAMILY_FROZEN`, `MEMBER_FROZEN`, `COOLING`."""
        standing.insist_may_spend(self.family, self.member, now)


def share(intent: Intent, coupon_id: str) -> Coupon:
    """Let the caller's family use a coupon of his. One that is shared there stays as it is.

    Raises `NOT_FOUND`, `FAMILY_UNKNOWN`, `FAMILY_ENDED`, and what `rules.insist_may_share` raises.
    """
    mid, uid = intent.mid, intent.actor
    record, mine, home = record_key(intent), coupon_key(mid, uid, coupon_id), belonging_key(mid, uid)

    def attempt(read: Read) -> Coupon:
        found = read(record, mine, home)
        coupon, belongs = found.item(Coupon, mine), found.item(Belonging, home)
        if coupon is None:
            raise RippleError(NOT_FOUND)
        if recorded(intent, found[record]) is not None:
            return coupon
        if belongs is None or belongs.fid is None:
            raise RippleError(FAMILY_UNKNOWN)
        fid, now = belongs.fid, clock.now()
        family, member = standing.seen(read(*standing.keys(mid, fid, uid)), mid, fid, uid)
        standing.insist_there(family)
        if rules.is_shared(coupon, fid, member):
            return coupon
        rules.insist_may_share(coupon, now)
        tx = Transaction()
        _add_shared(tx, coupon, fid, now)
        tx.check("family", family, when={"there": Family.status.is_in(*standing.STAYS)})
        tx.check("member", member, when={"belongs": Member.state.is_in(*rules.BELONGS)})
        add_record(tx, intent)
        tx.commit()
        coupon.shared_with, coupon.shared_at = fid, now
        return coupon

    return decided_or_refused(attempt)


def unshare(intent: Intent, coupon_id: str) -> Coupon:
    """Let nobody else use a coupon of the caller's any more. One that is not shared stays as it is.

    What an order holds of it may still be paid with. Raises `NOT_FOUND`.
    """
    mid, uid = intent.mid, intent.actor
    record, mine = record_key(intent), coupon_key(mid, uid, coupon_id)

    def attempt(read: Read) -> Coupon:
        found = read(record, mine)
        coupon = found.item(Coupon, mine)
        if coupon is None:
            raise RippleError(NOT_FOUND)
        if recorded(intent, found[record]) is not None or coupon.shared_with is None:
            return coupon
        fid, since = coupon.shared_with, coupon.shared_at
        as_seen = {"as_seen": (Coupon.shared_with == fid) & (Coupon.shared_at == since)}
        tx = Transaction()
        tx.update("coupon", coupon, [Coupon.shared_with.remove(), Coupon.shared_at.remove()], when=as_seen)
        tx.delete("row", shared_key(mid, fid, uid, coupon_id), when={})
        add_record(tx, intent)
        tx.commit()
        coupon.shared_with = coupon.shared_at = None
        return coupon

    return decided_or_refused(attempt)


def page(
    mid: MerchantId, fid: str, uid: str, limit: int, after: dict[str, Any] | None
) -> tuple[list[SharedNow], dict[str, Any] | None]:
    """A page of what is shared in a family that the caller belongs to, and where the next begins.

    It may have fewer, and yet go on. Raises `FAMILY_UNKNOWN`.
    """
    standing.seen(read(*standing.keys(mid, fid, uid)), mid, fid, uid)
    rows = query(family_key(mid, fid).pk, begins=ALL_OF, limit=limit, after=after)
    return _still(mid, fid, [row for row in rows.items if isinstance(row, SharedCoupon)]), rows.after


def of_others(mid: MerchantId, uid: str) -> OfOthers | None:
    """What others share in the family of a user; None for who belongs to none."""
    belongs = read_one(Belonging, belonging_key(mid, uid))
    if belongs is None or belongs.fid is None:
        return None
    found = read(*standing.keys(mid, belongs.fid, uid))
    family, member = (found[key] for key in standing.keys(mid, belongs.fid, uid))
    if not isinstance(family, Family) or not isinstance(member, Member):
        return None
    return OfOthers(family, member, [coupon for coupon in _all(mid, belongs.fid) if coupon.uid != uid])


def _all(mid: MerchantId, fid: str) -> Iterator[Coupon]:
    """Every coupon that is shared in a family."""
    after: dict[str, Any] | None = None
    while True:
        rows = query(family_key(mid, fid).pk, begins=ALL_OF, limit=PAGE, after=after)
        yield from (one.coupon for one in _still(mid, fid, [r for r in rows.items if isinstance(r, SharedCoupon)]))
        after = rows.after
        if after is None:
            return


def _still(mid: MerchantId, fid: str, rows: list[SharedCoupon]) -> list[SharedNow]:
    """Of these rows the coupons that are shared there, by who belongs to it: three items a row at most."""
    if not rows:
        return []
    owners = {row.uid for row in rows}
    found = read(
        *(coupon_key(mid, row.uid, row.coupon_id) for row in rows),
        *(key for uid in owners for key in (member_key(mid, fid, uid), user_key(mid, uid))),
    )
    still = list[SharedNow]()
    for row in rows:
        coupon = found.item(Coupon, coupon_key(mid, row.uid, row.coupon_id))
        if coupon is not None and rules.is_shared(coupon, fid, found.item(Member, member_key(mid, fid, row.uid))):
            still.append(SharedNow(coupon, found.item(User, user_key(mid, row.uid))))
    return still


def _add_shared(tx: Transaction, coupon: Coupon, fid: str, now: datetime) -> None:
    """The coupon is shared in this family from now on, and in no other."""
    former, since = coupon.shared_with, coupon.shared_at
    when: dict[str, Condition] = {"not_shared": Coupon.shared_with.does_not_exist()}
    if former is not None:
        when = {"as_seen": (Coupon.shared_with == former) & (Coupon.shared_at == since)}
    tx.update("coupon", coupon, [Coupon.shared_with.set(fid), Coupon.shared_at.set(now)], when=when)
    mid, uid, coupon_id = coupon.mid, coupon.uid, coupon.coupon_id
    row = shared_coupon(mid, fid, uid, coupon_id, now, max(window.until for window in coupon.windows))
    tx.put("row", row, when={})
    if former not in (None, fid):
        tx.delete("former", shared_key(mid, former, uid, coupon_id), when={})
