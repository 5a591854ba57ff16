"""Who belongs to a family: what every use case reads of it, and what each of its writes may insist on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import Found
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.family.items import Family, Member, family_key, member_key
from chalicelib.family.problems import (
    COOLING,
    FAMILY_ENDED,
    FAMILY_FROZEN,
    FAMILY_UNKNOWN,
    MEMBER_FROZEN,
    NOT_OWNER,
)
from chalicelib.family.states import FamilyState, MemberState
from chalicelib.orders.items import Order, Part

WALLET, COUPON = "family", "coupon"
"""Tenders whose references may begin with a family."""

STAYS = (FamilyState.ACTIVE, FamilyState.FROZEN)
"""The states in which a family is there."""


def keys(mid: MerchantId, fid: str, uid: str) -> list[Key]:
    """The family, and somebody in it."""
    return [family_key(mid, fid), member_key(mid, fid, uid)]


def seen(found: Found, mid: MerchantId, fid: str, uid: str) -> tuple[Family, Member]:
    """Both, of somebody who belongs to it. Raises `FAMILY_UNKNOWN`, also for who has left."""
    family, member = found.item(Family, family_key(mid, fid)), found.item(Member, member_key(mid, fid, uid))
    if family is None or member is None or member.state is MemberState.REMOVED:
        raise RippleError(FAMILY_UNKNOWN)
    return family, member


def owned(found: Found, mid: MerchantId, fid: str, uid: str) -> Family:
    """The family, of its owner. Raises `FAMILY_UNKNOWN`, `NOT_OWNER`."""
    family, _ = seen(found, mid, fid, uid)
    if family.owner != uid:
        raise RippleError(NOT_OWNER)
    return family


def insist_there(family: Family) -> None:
    """Raise `FAMILY_ENDED` for one that is closing or closed."""
    if family.status not in STAYS:
        raise RippleError(FAMILY_ENDED)


def insist_may_spend(family: Family, member: Member, now: datetime) -> None:
    """Raise `FAMILY_ENDED`, `FAMILY_FROZEN`, `MEMBER_FROZEN` or `COOLING`."""
    insist_there(family)
    if family.status is FamilyState.FROZEN:
        raise RippleError(FAMILY_FROZEN)
    if member.state is MemberState.FROZEN:
        raise RippleError(MEMBER_FROZEN)
    if now < member.active_from:
        raise RippleError(COOLING, since=clock.iso(member.active_from))


def add_may_spend(
    tx: Transaction, mid: MerchantId, fid: str, uid: str, now: datetime, *, owner: str | None = None
) -> None:
    """Insist in ``tx``, which writes neither, that somebody may spend in his family; and on its ``owner``, who pays."""
    family, member = keys(mid, fid, uid)
    when: dict[str, Condition] = {"active": Family.status == FamilyState.ACTIVE}
    if owner is not None:
        when["owner"] = Family.owner == owner
    tx.check("family", family, when=when)
    able = {"spends": Member.state == MemberState.ACTIVE, "cooled": Member.active_from <= now}
    tx.check("member", member, when=able)


def same(attribute: Any, seen: Any) -> Condition:
    """That an attribute still is what was read, which may be nothing."""
    found: Condition = attribute.does_not_exist() if seen is None else attribute == seen
    return found


def paid_from(order: Order, fid: str) -> list[Part]:
    """The parts of an order that are a family's: of its wallet, and coupons that are shared in it."""
    return [part for part in order.paid_with if part.tender in (WALLET, COUPON) and part.ref.split(".")[0] == fid]
