"""What whoever holds an invitation's code may do with it: look, accept or decline."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from chalicelib.accounts.items import User, user_key
from chalicelib.core import clock, store
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import UNAUTHENTICATED, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.family import guesses, people, rules, standing
from chalicelib.family.guesses import InvitationGuesses, guesses_key
from chalicelib.family.inviting import code_of, insist_known
from chalicelib.family.items import (
    Belonging,
    Consent,
    Family,
    FamilyId,
    Invitation,
    Member,
    belonging_key,
    family_key,
    invitation_key,
    member_key,
)
from chalicelib.family.states import InvitationState, MemberState, Role


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation as whoever holds its code finds it."""

    invitation: Invitation
    family: Family
    owner: User | None
    belonging: Belonging | None
    """Of whoever looks."""


def look(mid: MerchantId, uid: str, code: str) -> Offered:
    """What somebody was invited to.

    Raises `INVITATION_UNKNOWN`, alike for whatever is no code of the merchant's, and `INVITATIONS_LOCKED`.
    """
    with guesses.counted(mid, uid):
        key, his, tried = invitation_key(mid, code_of(code)), belonging_key(mid, uid), guesses_key(mid, uid)
        found = store.read(key, his, tried)
        guesses.insist_free(found.item(InvitationGuesses, tried), clock.now())
        invitation = insist_known(found.item(Invitation, key))
    there = family_key(mid, invitation.fid)
    family = _family(store.read(there).item(Family, there))
    owner = user_key(mid, family.owner)
    return Offered(
        invitation=invitation,
        family=family,
        owner=store.read(owner).item(User, owner),
        belonging=found.item(Belonging, his),
    )


def accept(intent: Intent, code: str) -> FamilyId:
    """Whoever asks belongs to the family from now on, and spends 24 hours later; again by the same changes nothing.

    Raises `INVITATION_UNKNOWN`, `INVITATIONS_LOCKED`, `INVITATION_OVER`, `ALREADY_IN_FAMILY`, `FAMILY_LOCKED`,
    `FAMILY_ENDED`, `FAMILY_FULL`.
    """
    with guesses.counted(intent.mid, intent.actor):
        return _accepted(intent, invitation_key(intent.mid, code_of(code)))


def _accepted(intent: Intent, key: Key) -> FamilyId:
    mid, uid = intent.mid, intent.actor
    tried = guesses_key(mid, uid)

    def attempt(read: Read) -> FamilyId:
        fid = FamilyId(insist_known(store.read(key).item(Invitation, key)).fid)
        keys = (record_key(intent), key, family_key(mid, fid), member_key(mid, fid, uid))
        found = read(*keys, belonging_key(mid, uid), user_key(mid, uid), tried)
        invitation = insist_known(found.item(Invitation, key))
        if recorded(intent, found[keys[0]]) is not None or invitation.used_by == uid:
            return fid
        family, user = _family(found.item(Family, keys[2])), found.item(User, user_key(mid, uid))
        if user is None:
            raise RippleError(UNAUTHENTICATED)
        now = clock.now()
        guesses.insist_free(found.item(InvitationGuesses, tried), now)
        rules.insist_open(invitation, now)
        belonging = found.item(Belonging, belonging_key(mid, uid))
        rules.insist_free(belonging, now)
        standing.insist_there(family)
        rules.insist_of_owner(family, invitation)
        rules.insist_room(family)
        since = people.joined(mid, uid, belonging)
        _joins(intent, family, invitation, found.item(Member, keys[3]), user, since, now)
        return fid

    return decided_or_refused(attempt)


def decline(intent: Intent, code: str) -> None:
    """It is good for nobody any more. Raises `INVITATION_UNKNOWN`, `INVITATIONS_LOCKED`, `INVITATION_OVER`."""
    with guesses.counted(intent.mid, intent.actor):
        _declined(intent, invitation_key(intent.mid, code_of(code)))


def _declined(intent: Intent, key: Key) -> None:
    keys = (record_key(intent), key, guesses_key(intent.mid, intent.actor))

    def attempt(read: Read) -> None:
        found = read(*keys)
        invitation = insist_known(found.item(Invitation, keys[1]))
        if recorded(intent, found[keys[0]]) is not None or invitation.state is InvitationState.DECLINED:
            return
        now = clock.now()
        guesses.insist_free(found.item(InvitationGuesses, keys[2]), now)
        rules.insist_open(invitation, now)
        tx = Transaction()
        over = [Invitation.state.set(InvitationState.DECLINED)]
        tx.update("invitation", invitation, over, when={"open": Invitation.state == InvitationState.OPEN}, due=None)
        add_record(tx, intent)
        tx.commit()

    decided_or_refused(attempt)


def _joins(
    intent: Intent,
    family: Family,
    invitation: Invitation,
    before: Member | None,
    user: User,
    since: dict[str, Any],
    now: datetime,
) -> None:
    """Write that a person is in the family. Who comes back keeps what he spent, or leaving would reset his caps."""
    tx = Transaction()
    used = [Invitation.state.set(InvitationState.USED), Invitation.used_by.set(user.uid)]
    good = {"open": Invitation.state == InvitationState.OPEN, "in_time": Invitation.until >= now}
    tx.update("invitation", invitation, used, when=good, due=None)
    room = {
        "there": Family.status.is_in(*standing.STAYS),
        "room": Family.size < rules.MOST_PEOPLE,
        "owner": Family.owner == invitation.by,
    }
    tx.update("family", family, [Family.size.add(1)], when=room)
    people.add_belonging(tx, family.mid, user.uid, family.fid, now)
    minor = invitation.role is Role.MINOR
    about: dict[str, Any] = {
        **since,
        "role": invitation.role,
        "active_from": now + rules.COOLING,
        "per": invitation.per,
        "cap": invitation.cap,
        "joined_at": now,
        **({"consent": Consent(invitation.by, invitation.created_at)} if minor else {}),
    }
    key = member_key(family.mid, family.fid, user.uid)
    if before is None:
        tx.put("member", Member(*key, **about))
    else:
        about |= {"left_at": None, "consent": about.get("consent")}
        anew = [
            getattr(Member, name).set(value) if value is not None else getattr(Member, name).remove()
            for name, value in about.items()
        ]
        tx.update("member", key, anew, when={"gone": Member.state == MemberState.REMOVED})
    people.add_minority(tx, user, minor=minor, now=now)
    add_record(tx, intent)
    tx.commit()


def _family(family: Family | None) -> Family:
    """The family of an invitation, which there always is: none is ever deleted."""
    assert family is not None
    return family
