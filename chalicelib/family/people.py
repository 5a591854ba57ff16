"""Who belongs to a family: joining and leaving as writes, and what the owner decides about each of the others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.accounts.items import User, user_key
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import Found, query, read_one
from chalicelib.core.transaction import Transaction
from chalicelib.family import rules, standing
from chalicelib.family.items import Belonging, Family, Member, belonging_key, family_key, member_key
from chalicelib.family.people_problems import MEMBER_UNKNOWN
from chalicelib.family.states import MemberState, Role

STAYS = (MemberState.ACTIVE, MemberState.FROZEN)
"""The states in which somebody belongs to his family."""

PAGE = 100


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What the owner changes about a member; what is None stays."""

    adult: bool = False
    """A minor is none any more."""
    per: int | None = None
    cap: int | None = None


def members(mid: MerchantId, fid: str) -> list[Member]:
    """Everybody who belongs to a family, by when he joined. A strong read; who has left is passed over."""
    found: list[Member] = []
    after = None
    while True:
        page = query(family_key(mid, fid).pk, begins=Member.prefix, limit=PAGE, after=after)
        found += [item for item in page.items if isinstance(item, Member) and item.state in STAYS]
        if (after := page.after) is None:
            return sorted(found, key=lambda member: (member.joined_at, member.uid))


def other(found: Found, family: Family, uid: str) -> Member:
    """A member whom the owner decides about. Raises `OWNER_STAYS`, `MEMBER_UNKNOWN`."""
    rules.insist_no_owner(family, uid)
    member = found.item(Member, member_key(family.mid, family.fid, uid))
    if member is None or member.state not in STAYS:
        raise RippleError(MEMBER_UNKNOWN)
    return member


def add_belonging(tx: Transaction, mid: MerchantId, uid: str, fid: str, now: datetime) -> None:
    """Somebody who is in no family, and not locked, is in this one from now on."""
    free = {
        "free": Belonging.fid.does_not_exist(),
        "unlocked": Belonging.locked_until.does_not_exist() | (Belonging.locked_until <= now),
    }
    his = [Belonging.fid.set(fid), Belonging.locked_until.remove()]
    tx.upsert("belonging", belonging_key(mid, uid), his, when=free)


def joined(mid: MerchantId, uid: str, before: Belonging | None) -> dict[str, Any]:
    """Where somebody is who joins or makes a family: frozen where the merchant had him frozen in his last one."""
    left = before.left if before is not None else None
    by = rules.kept_frozen(read_one(Member, member_key(mid, left, uid))) if left is not None else None
    if by is None:
        return {"state": MemberState.ACTIVE, "frozen_by": None, "frozen_at": None}
    return {"state": MemberState.FROZEN, "frozen_by": by, "frozen_at": clock.now()}


def edit(mid: MerchantId, uid: str, fid: str, who: str, changes: Changes) -> None:
    """Change a member's caps, or let a minor grow up. Raises `NOT_OWNER` and what `other` raises."""
    keys = (*standing.keys(mid, fid, uid), member_key(mid, fid, who), user_key(mid, who))

    def attempt(read: Read) -> None:
        found = read(*keys)
        family = standing.owned(found, mid, fid, uid)
        standing.insist_there(family)
        member = other(found, family, who)
        tx, actions = Transaction(), list[Action]()
        if changes.per is not None:
            actions.append(Member.per.set(changes.per))
        if changes.cap is not None:
            actions.append(Member.cap.set(changes.cap))
        if changes.adult and member.role is Role.MINOR:
            actions += [Member.role.set(Role.ADULT), Member.consent.remove()]
            if (user := found.item(User, keys[-1])) is not None:
                add_minority(tx, user, minor=False, now=clock.now())
        if not actions:
            return
        _add_owned(tx, family, uid)
        as_read = {"stays": Member.state.is_in(*STAYS), "role": Member.role == member.role}
        tx.update("member", member, actions, when=as_read)
        tx.commit()

    decided_or_refused(attempt)


def freeze(intent: Intent, fid: str, who: str) -> None:
    """A member spends no more, at once. Raises `NOT_OWNER` and what `other` raises."""

    def add(tx: Transaction, member: Member) -> bool:
        if member.state is MemberState.FROZEN:
            return _add_too(tx, member)
        cold = [Member.state.set(MemberState.FROZEN), Member.frozen_by.set(rules.BY_OWNER)]
        cold.append(Member.frozen_at.set(clock.now()))
        tx.update("member", member, cold, when={"active": Member.state == MemberState.ACTIVE})
        return True

    _decided(intent, fid, who, add)


def _add_too(tx: Transaction, member: Member) -> bool:
    """Whom the merchant froze the owner freezes too: he stays so when the merchant thinks better of it."""
    both = rules.frozen_too(member.frozen_by)
    if both is None:
        return False
    as_read = {"frozen_by": Member.frozen_by == member.frozen_by}
    tx.update("member", member, [Member.frozen_by.set(both)], when=as_read)
    return True


def unfreeze(intent: Intent, fid: str, who: str) -> None:
    """He may spend again. Raises `FROZEN_BY_SHOP`, `NOT_OWNER` and what `other` raises."""

    def add(tx: Transaction, member: Member) -> bool:
        if member.state is MemberState.ACTIVE:
            return False
        rules.insist_not_by_shop(member.frozen_by)
        warm = [Member.state.set(MemberState.ACTIVE), Member.frozen_by.remove(), Member.frozen_at.remove()]
        frozen = {"frozen": Member.state == MemberState.FROZEN, "own": Member.frozen_by == rules.BY_OWNER}
        tx.update("member", member, warm, when=frozen)
        return True

    _decided(intent, fid, who, add)


def remove(intent: Intent, fid: str, who: str) -> None:
    """He belongs to it no more, and joins none for 90 days. Raises `NOT_OWNER` and what `other` raises."""
    mid, uid = intent.mid, intent.actor
    keys = (record_key(intent), *standing.keys(mid, fid, uid), member_key(mid, fid, who))

    def attempt(read: Read) -> None:
        found = read(*keys)
        if recorded(intent, found[keys[0]]) is not None:
            return
        family = standing.owned(found, mid, fid, uid)
        standing.insist_there(family)
        _leaves(intent, family, other(found, family, who))

    decided_or_refused(attempt)


def leave(intent: Intent, fid: str) -> datetime:
    """Whoever asks belongs to it no more; until when he joins no other.

    Raises `OWNER_STAYS`, `MINOR_STAYS`, `FAMILY_ENDED`.
    """
    mid, uid = intent.mid, intent.actor
    keys = (record_key(intent), *standing.keys(mid, fid, uid))

    def attempt(read: Read) -> datetime:
        found = read(*keys)
        if (left := recorded(intent, found[keys[0]])) is not None:
            return clock.parse(left["until"])
        family, member = standing.seen(found, mid, fid, uid)
        standing.insist_there(family)
        rules.insist_may_leave(family, member)
        return _leaves(intent, family, member)

    return decided_or_refused(attempt)


def _leaves(intent: Intent, family: Family, member: Member) -> datetime:
    """Write that somebody who is not the owner belongs to a family no more; what was offered him is his no more."""
    now, tx = clock.now(), Transaction()
    until = now + rules.LOCK
    fewer: list[Action] = [Family.size.add(-1)]
    as_read: dict[str, Condition] = {
        "owner": Family.owner == family.owner,
        "there": Family.status.is_in(*standing.STAYS),
    }
    if family.offered_to is not None:
        as_read["offer"] = Family.offered_to == family.offered_to
    else:
        as_read["no_offer"] = Family.offered_to.does_not_exist()
    if family.offered_to == member.uid:
        fewer += [Family.offered_to.remove(), Family.offered_at.remove()]
    tx.update("family", family, fewer, when=as_read)
    gone = [Member.state.set(MemberState.REMOVED), Member.left_at.set(now)]
    stays = {"stays": Member.state.is_in(*STAYS), "role": Member.role == member.role}
    tx.update("member", member, gone, when=stays)
    free = [Belonging.fid.remove(), Belonging.left.set(family.fid), Belonging.locked_until.set(until)]
    tx.update("belonging", belonging_key(family.mid, member.uid), free, when={"his": Belonging.fid == family.fid})
    add_record(tx, intent, until=clock.iso(until))
    tx.commit()
    return until


def _decided(intent: Intent, fid: str, who: str, add: Callable[[Transaction, Member], bool]) -> None:
    """What the owner does to a member, once: ``add`` writes it, and says whether there is something to write."""
    mid, uid = intent.mid, intent.actor
    keys = (record_key(intent), *standing.keys(mid, fid, uid), member_key(mid, fid, who))

    def attempt(read: Read) -> None:
        found = read(*keys)
        if recorded(intent, found[keys[0]]) is not None:
            return
        family = standing.owned(found, mid, fid, uid)
        standing.insist_there(family)
        tx = Transaction()
        if not add(tx, other(found, family, who)):
            return
        _add_owned(tx, family, uid)
        add_record(tx, intent)
        tx.commit()

    decided_or_refused(attempt)


def _add_owned(tx: Transaction, family: Family, uid: str) -> None:
    """Insist in ``tx``, which does not write the family, that it is there and its owner's."""
    owned = {"owner": Family.owner == uid, "there": Family.status.is_in(*standing.STAYS)}
    tx.check("family", family, when=owned)


def add_minority(tx: Transaction, user: User, *, minor: bool, now: datetime) -> None:
    """Whether somebody is a minor from now on, as his family says (rules D3); what the merchant said of him stays."""
    if minor is (user.minor_since is not None) or user.minor_by not in (None, rules.BY_FAMILY):
        return
    if minor:
        said = [User.minor_since.set(now), User.minor_by.set(rules.BY_FAMILY)]
    else:
        said = [User.minor_since.remove(), User.minor_by.remove()]
    tx.update("user", user, said, when={"minor_by": standing.same(User.minor_by, user.minor_by)})
