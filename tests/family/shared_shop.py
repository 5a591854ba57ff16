"""Families that share coupons, and what becomes of who is in them while somebody uses one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.core import clock
from chalicelib.core.transaction import Lost, Transaction, update_one
from chalicelib.coupons.shared_items import SharedCoupon
from chalicelib.family.items import Belonging, Family, Member, belonging_key, family_key, member_key
from chalicelib.family.states import FamilyState, MemberState
from infra.local.client import Person, Reply
from tests.coupons import shop
from tests.family.shop import mid_of
from tests.town import Town

FOR_FAMILIES = {**shop.STACKED, "family": True}
"""Ten off, and a family may share it."""


def shares(person: Person, coupon_id: str, *, key: str | None = None) -> Reply:
    """He lets his family use a coupon of his."""
    return person.api.call("POST", f"/v1/me/coupons/{coupon_id}/share", {}, key=key)


def unshares(person: Person, coupon_id: str, *, key: str | None = None) -> Reply:
    """He does no longer."""
    return person.api.call("POST", f"/v1/me/coupons/{coupon_id}/unshare", {}, key=key)


def shared(town: Town, person: Person, coupon: dict[str, Any] | None = None, **changes: Any) -> str:
    """A coupon of his that his family may use."""
    mine = shop.gets(town, person, coupon or FOR_FAMILIES, **changes)
    shares(person, mine).expect(200)
    return mine


def ref(fid: str, owner: Person, coupon_id: str, piece: int | None = None) -> str:
    """What the others call it."""
    return f"{fid}.{owner.uid}.{coupon_id}" + ("" if piece is None else f".{piece}")


def listed(person: Person, fid: str) -> list[dict[str, Any]]:
    """What a member sees of the family's coupons."""
    found: list[dict[str, Any]] = person.api.get(f"/v1/families/{fid}/coupons")["coupons"]
    return found


def rows(town: Town, fid: str) -> list[str]:
    """Which coupons the family has rows of."""
    return [item.coupon_id for item in town.items() if isinstance(item, SharedCoupon) and item.fid == fid]


def leaves(town: Town, fid: str, person: Person) -> None:
    """Somebody is in the family no more; again is the same."""
    gone = [Member.state.set(MemberState.REMOVED), Member.left_at.set(clock.now())]
    home = [Belonging.fid.remove(), Belonging.locked_until.set(clock.now() + timedelta(days=90))]
    _moves(town, fid, person, gone, home, -1, {"belongs": Member.state != MemberState.REMOVED})


def returns(town: Town, fid: str, person: Person) -> None:
    """Who has left is in it again, and has been for long enough to spend."""
    there = [Member.state.set(MemberState.ACTIVE), Member.joined_at.set(clock.now()), Member.left_at.remove()]
    home = [Belonging.fid.set(fid), Belonging.locked_until.remove()]
    _moves(town, fid, person, there, home, 1, {"gone": Member.state == MemberState.REMOVED})


def joins_anew(town: Town, fid: str, person: Person) -> None:
    """Who is in the family has left it and joined it anew: he must wait before he spends."""
    now = clock.now()
    fresh = [Member.joined_at.set(now), Member.active_from.set(now + timedelta(days=1))]
    update_one(member_key(mid_of(town), fid, person.uid), fresh, when={})


def freezes(town: Town, fid: str, person: Person | None = None) -> None:
    """Nobody spends, or one of them does not."""
    if person is None:
        turns(town, fid, FamilyState.FROZEN)
        return
    with suppress(Lost):
        frozen = [Member.state.set(MemberState.FROZEN)]
        active = {"active": Member.state == MemberState.ACTIVE}
        update_one(member_key(mid_of(town), fid, person.uid), frozen, when=active)


def turns(town: Town, fid: str, status: FamilyState) -> None:
    """The family is in that state now, and is looked at where it ends."""
    ends = clock.now() if status is FamilyState.CLOSING else None
    update_one(family_key(mid_of(town), fid), [Family.status.set(status)], when={}, due=ends)


def _moves(
    town: Town,
    fid: str,
    person: Person,
    him: Sequence[Action],
    home: Sequence[Action],
    more: int,
    when: dict[str, Condition],
) -> None:
    """Somebody comes or goes, unless he has already."""
    mid = mid_of(town)
    tx = Transaction()
    tx.update("member", member_key(mid, fid, person.uid), him, when=when)
    tx.update("family", family_key(mid, fid), [Family.size.add(more)], when={})
    tx.update("home", belonging_key(mid, person.uid), home, when={})
    with suppress(Lost):
        tx.commit()
