"""What the merchant freezes, which nobody but he unfreezes, and whom he says to be a minor: each once, in his log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from pynamodb.expressions.update import Action

from chalicelib.accounts.items import User, user_key
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.table import Item, Key
from chalicelib.core.transaction import Transaction
from chalicelib.family import admin_rules as rules
from chalicelib.family.admin import of_merchant
from chalicelib.family.items import Family, Member, family_key, member_key
from chalicelib.family.rules import BY_FAMILY, is_by_shop
from chalicelib.family.standing import STAYS, insist_there, same
from chalicelib.family.states import FamilyState, MemberState
from chalicelib.merchants import audit

I = TypeVar("I", bound=Item)  # noqa: E741


def freeze(intent: Intent, fid: str, note: str) -> None:
    """Nobody spends any more, at once, until the merchant says so; nor does its last owner of a closed one's wallet.

    Raises NOT_FOUND, `FAMILY_ENDED` of one that is closing.
    """
    there = of_merchant(intent.mid, fid)
    if there.status is FamilyState.CLOSED:
        _decided_wallet(intent, there, "family.freeze", note, freezes=True)
        return

    def add(tx: Transaction, family: Family) -> bool:
        insist_there(family)
        if is_by_shop(family.frozen_by):
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
    there = of_merchant(intent.mid, fid)
    if there.status is FamilyState.CLOSED:
        _decided_wallet(intent, there, "family.unfreeze", note, freezes=False)
        return

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
        if is_by_shop(member.frozen_by):
            return False
        by = rules.frozen_by(intent.actor, member.frozen_by)
        cold = [Member.state.set(MemberState.FROZEN), Member.frozen_by.set(by)]
        _add_member(tx, member, [*cold, Member.frozen_at.set(member.frozen_at or clock.now())])
        return True

    key, subject = member_key(intent.mid, fid, uid), f"{fid}/{uid}"
    _decided(intent, key, Member, "family.member.freeze", subject, note, add)


def unfreeze_member(intent: Intent, fid: str, uid: str, note: str) -> None:
    """The merchant freezes him no longer; where the owner had before, he still does. So for who left frozen.

    Raises NOT_FOUND, `FROZEN_BY_OWNER`.
    """

    def add(tx: Transaction, member: Member) -> bool:
        if rules.left_by_shop(member):
            _add_member(tx, member, [Member.frozen_by.remove(), Member.frozen_at.remove()])
            return True
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


def _decided_wallet(intent: Intent, closed: Family, action: str, note: str, *, freezes: bool) -> None:
    """The last owner of a closed family spends its wallet no more, or again: written on his row in it."""

    def add(tx: Transaction, owner: Member) -> bool:
        if freezes is is_by_shop(owner.frozen_by):
            return False
        if freezes:
            said = [Member.frozen_by.set(intent.actor), Member.frozen_at.set(clock.now())]
        else:
            said = [Member.frozen_by.remove(), Member.frozen_at.remove()]
        _add_member(tx, owner, said)
        return True

    key = member_key(intent.mid, closed.fid, closed.owner)
    _decided(intent, key, Member, action, closed.fid, note, add)


def set_minor(intent: Intent, uid: str, note: str, *, minor: bool) -> None:
    """Somebody is a minor for this merchant, or is none any more, whatever a family says. Raises NOT_FOUND."""

    def add(tx: Transaction, user: User) -> bool:
        known = user.minor_since is not None
        if minor is known and (not minor or user.minor_by not in (None, BY_FAMILY)):
            return False
        if minor:
            said = [User.minor_since.set(user.minor_since or clock.now()), User.minor_by.set(intent.actor)]
        else:
            said = [User.minor_since.remove(), User.minor_by.remove()]
        as_read = {
            "since": same(User.minor_since, user.minor_since),
            "by": same(User.minor_by, user.minor_by),
        }
        tx.update("user", user, said, when=as_read)
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
