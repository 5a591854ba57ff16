"""Families as their merchant sees them.

Whoever looks at a family with minors is in the merchant's log (rules D3), before he sees anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from chalicelib.accounts.items import User, user_key
from chalicelib.core import clock
from chalicelib.core.decision import decided
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import query, read, read_all, read_one, spread
from chalicelib.core.table import Item
from chalicelib.core.transaction import Transaction
from chalicelib.family import ask_items, inviting, ledger
from chalicelib.family.items import (
    FAMILY_SHARDS,
    Ask,
    Belonging,
    Family,
    Invitation,
    Member,
    belonging_key,
    families_index,
    family_key,
    member_key,
    people_index,
)
from chalicelib.family.rows import Move, Spend
from chalicelib.family.states import AskState, FamilyState, InvitationState, Role
from chalicelib.merchants import audit

I = TypeVar("I", bound=Item)  # noqa: E741

NEWEST = 10
"""Rows of the ledger that are shown beside a family."""

OPEN = 50
"""Of its latest invitations and requests each that are looked through for those that are open."""


class Inspected(msgspec.Struct, frozen=True, kw_only=True):
    """All of a family that its merchant is shown at once."""

    family: Family
    members: list[Member]
    """Who belongs to it, and who did."""
    users: dict[str, User]
    open_invitations: int
    open_asks: int
    ledger: Sequence[Spend | Move]
    """The newest rows."""


class Belongs(msgspec.Struct, frozen=True, kw_only=True):
    """Where a user belongs."""

    user: User
    belonging: Belonging | None
    family: Family | None
    member: Member | None


def families(
    mid: MerchantId, status: FamilyState | None, limit: int, after: str | None
) -> tuple[list[Family], str | None]:
    """A page of a merchant's families, the newest first; those of another ``status`` are left out of it."""
    partitions = [families_index(mid, shard) for shard in range(FAMILY_SHARDS)]
    keys, more = spread(partitions, "gsi3", limit, forward=False, after=after)
    there = [item for item in read_all(keys) if isinstance(item, Family)]
    return [family for family in there if status in (None, family.status)], more


def inspect(mid: MerchantId, actor: str, fid: str) -> Inspected:
    """A family, with who belongs or belonged to it, and what its wallet did lately. Raises NOT_FOUND."""
    family, now = of_merchant(mid, fid), clock.now()
    members = _newest(family, Member, 100)
    if any(member.role is Role.MINOR for member in members):
        note_view(mid, actor, "family.view", fid)
    users = read_all(user_key(mid, member.uid) for member in members)
    rows: list[Spend | Move] = [*_newest(family, Spend, NEWEST), *_newest(family, Move, NEWEST)]
    listed = people_index(mid, fid)
    invited, asked = _listed(listed, inviting.LISTED, Invitation), _listed(listed, ask_items.LISTED, Ask)
    return Inspected(
        family=family,
        members=members,
        users={user.uid: user for user in users if isinstance(user, User)},
        open_invitations=sum(one.state is InvitationState.OPEN and now <= one.until for one in invited),
        open_asks=sum(one.state is AskState.OPEN and now <= one.until for one in asked),
        ledger=sorted(rows, key=lambda row: row.at, reverse=True)[:NEWEST],
    )


def movements(
    mid: MerchantId, actor: str, fid: str, limit: int, before: str | None
) -> tuple[Sequence[Spend | Move], str | None]:
    """A page of what a wallet did, the newest first; of a family with minors that is in the log. Raises NOT_FOUND."""
    family = of_merchant(mid, fid)
    if before is None and any(member.role is Role.MINOR for member in _newest(family, Member, 100)):
        note_view(mid, actor, "family.view", fid)
    return ledger.newest(family, limit, before)


def of_user(mid: MerchantId, actor: str, uid: str) -> Belongs:
    """Which family a user belongs to, and as what. Raises NOT_FOUND."""
    keys = user_key(mid, uid), belonging_key(mid, uid)
    found = read(*keys)
    user, belonging = found.item(User, keys[0]), found.item(Belonging, keys[1])
    if user is None:
        raise RippleError(NOT_FOUND)
    if user.minor_since is not None:
        note_view(mid, actor, "user.family.view", uid)
    fid = belonging.fid if belonging is not None else None
    if fid is None:
        return Belongs(user=user, belonging=belonging, family=None, member=None)
    places = family_key(mid, fid), member_key(mid, fid, uid)
    there = read(*places)
    return Belongs(
        user=user,
        belonging=belonging,
        family=there.item(Family, places[0]),
        member=there.item(Member, places[1]),
    )


def note_view(mid: MerchantId, actor: str, action: str, subject: str) -> None:
    """Write that a key looked at what is a minor's."""

    def attempt() -> None:
        tx = Transaction()
        audit.add(tx, mid, actor, action, subject)
        tx.commit()

    decided(attempt)


def of_merchant(mid: MerchantId, fid: str) -> Family:
    """One of his families. Raises NOT_FOUND."""
    family = read_one(Family, family_key(mid, fid))
    if family is None:
        raise RippleError(NOT_FOUND)
    return family


def _newest(family: Family, kind: type[I], limit: int) -> list[I]:
    """The last of a kind in its partition."""
    page = query(family.pk, begins=kind.prefix, limit=limit, forward=False)
    return [item for item in page.items if isinstance(item, kind)]


def _listed(partition: str, begins: str, kind: type[I]) -> list[I]:
    """The last of a kind in its index."""
    page = query(partition, index="gsi1", begins=begins, limit=OPEN, forward=False)
    return [item for item in read_all(page.keys) if isinstance(item, kind)]
