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
from chalicelib.family.items import (
    FAMILY_SHARDS,
    Ask,
    Belonging,
    Family,
    Invitation,
    Member,
    Move,
    Spend,
    belonging_key,
    families_index,
    family_key,
    member_key,
    people_index,
)
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
    invited, asked = _listed(listed, "I#", Invitation), _listed(listed, "A#", Ask)
    return Inspected(
        family=family,
        members=members,
        users={user.uid: user for user in users if isinstance(user, User)},
        open_invitations=sum(one.state is InvitationState.OPEN and now <= one.until for one in invited),
        open_asks=sum(one.state is AskState.OPEN and now <= one.until for one in asked),
        ledger=sorted(rows, key=lambda row: row.at, reverse=True)[:NEWEST],
    )


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
def freeze(intent: Intent, fid: str, note: str) -> None:
    """Nobody spends any more, at once, until the merchant says so. Raises NOT_FOUND, `FAMILY_ENDED`."""

    def add(tx: Transaction, family: Family) -> bool:
        insist_there(family)
        if rules.is_by_shop(family.frozen_by):
            return False
        cold = [
            Family.status.set(FamilyState.FROZEN),
            Family.frozen_by.set(rules.frozen_by(intent.actor, family.frozen_by)),
            Family.note.set(note),
            Family.frozen_at.set(family.frozen_at or clock.now()),
        ]
        _add_family(tx, family, cold)
        return True

    _decided(intent, family_key(intent.mid, fid), Family, "family.freeze", fid, note, add)


def unfreeze(intent: Intent, fid: str, note: str) -> None:
    """The merchant freezes it no longer; where its owner had before, he still does.

    Raises NOT_FOUND, `FAMILY_ENDED`, `FROZEN_BY_OWNER`.
    """

    def add(tx: Transaction, family: Family) -> bool:
        insist_there(family)
        if family.frozen_by is None:
            return False
        still = rules.left_frozen(family.frozen_by)
        warm: list[Action] = [Family.note.remove()]
        if still is None:
            warm += [Family.status.set(FamilyState.ACTIVE), Family.frozen_by.remove(), Family.frozen_at.remove()]
        else:
            warm.append(Family.frozen_by.set(still))
        _add_family(tx, family, warm)
        return True

    _decided(intent, family_key(intent.mid, fid), Family, "family.unfreeze", fid, note, add)


def freeze_member(intent: Intent, fid: str, uid: str, note: str) -> None:
    """He spends nothing any more, at once, until the merchant says so. Raises NOT_FOUND."""

    def add(tx: Transaction, member: Member) -> bool:
        _insist_in(member)
        if rules.is_by_shop(member.frozen_by):
            return False
        by = rules.frozen_by(intent.actor, member.frozen_by)
        cold = [Member.state.set(MemberState.FROZEN), Member.frozen_by.set(by)]
        _add_member(tx, member, [*cold, Member.frozen_at.set(member.frozen_at or clock.now())])
        return True

    key, subject = member_key(intent.mid, fid, uid), f"{fid}/{uid}"
    _decided(intent, key, Member, "family.member.freeze", subject, note, add)


def unfreeze_member(intent: Intent, fid: str, uid: str, note: str) -> None:
    """The merchant freezes him no longer; where the owner had before, he still does.

    Raises NOT_FOUND, `FROZEN_BY_OWNER`.
    """

    def add(tx: Transaction, member: Member) -> bool:
        _insist_in(member)
        if member.frozen_by is None:
            return False
        still = rules.left_frozen(member.frozen_by)
        if still is None:
            warm = [Member.state.set(MemberState.ACTIVE), Member.frozen_by.remove(), Member.frozen_at.remove()]
            _add_member(tx, member, warm)
        else:
            _add_member(tx, member, [Member.frozen_by.set(still)])
        return True

    key, subject = member_key(intent.mid, fid, uid), f"{fid}/{uid}"
    _decided(intent, key, Member, "family.member.unfreeze", subject, note, add)


def set_minor(intent: Intent, uid: str, note: str, *, minor: bool) -> None:
    """Somebody is a minor for this merchant, or is none any more, whatever a family says. Raises NOT_FOUND."""

    def add(tx: Transaction, user: User) -> bool:
        if minor is (user.minor_since is not None):
            return False
        said = User.minor_since.set(clock.now()) if minor else User.minor_since.remove()
        tx.update("user", user, [said], when={"as_read": same(User.minor_since, user.minor_since)})
        return True

    action = "user.minor.set" if minor else "user.minor.lift"
    _decided(intent, user_key(intent.mid, uid), User, action, uid, note, add)


def _decided(
    intent: Intent, key: Key, kind: type[I], action: str, subject: str, note: str, add: Callable[[Transaction, I], bool]
) -> None:
    """What the merchant does to one item, once: ``add`` writes it, and says whether there is something to write."""
    keys = record_key(intent), key

    def attempt(read: Read) -> None:
        found = read(*keys)
        item = found.item(kind, key)
        if item is None:
            raise RippleError(NOT_FOUND)
        if recorded(intent, found[keys[0]]) is not None:
            return
        tx = Transaction()
        if add(tx, item):
            add_record(tx, intent)
            audit.add(tx, intent.mid, intent.actor, action, subject, note=note)
            tx.commit()

    decided_or_refused(attempt)


def _add_family(tx: Transaction, family: Family, actions: Sequence[Action]) -> None:
    as_read = {
        "there": Family.status.is_in(*STAYS),
        "frozen_by": same(Family.frozen_by, family.frozen_by),
    }
    tx.update("family", family, actions, when=as_read)


def _add_member(tx: Transaction, member: Member, actions: Sequence[Action]) -> None:
    as_read = {
        "state": Member.state == member.state,
        "frozen_by": same(Member.frozen_by, member.frozen_by),
    }
    tx.update("member", member, actions, when=as_read)


def _insist_in(member: Member) -> None:
    """Raise NOT_FOUND for who has left."""
    if member.state is MemberState.REMOVED:
        raise RippleError(NOT_FOUND)


def _family(mid: MerchantId, fid: str) -> Family:
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
