"""Invitations as a family's owner makes, lists and revokes them: each a code for one person, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec

from chalicelib.core import clock, store
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import query, read_all
from chalicelib.core.transaction import Transaction
from chalicelib.family import invitation_codes, rules, standing
from chalicelib.family.items import Family, Invitation, invitation_key, people_index, place
from chalicelib.family.people_problems import INVITATION_UNKNOWN
from chalicelib.family.states import FamilyState, InvitationState, Role

LISTED = "I#"
"""How invitations stand in their family's list, by time."""

OVER = timedelta(milliseconds=1)
"""After its last instant an invitation is over."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the owner invites."""

    role: Role
    per: int
    cap: int
    """What he may spend at once and in a month, in fen."""
    consent: bool
    """That a minor's guardian, whom the owner is, agrees."""


def invite(intent: Intent, fid: str, wish: Wish) -> tuple[Family, Invitation]:
    """A new invitation of the owner's. Its code is random, so that nobody guesses it; the record knows it.

    Raises `CONSENT_NEEDED` for a minor, `NOT_OWNER`, `FAMILY_ENDED`, `FAMILY_FROZEN`, `FAMILY_FULL`.
    """
    mid, uid = intent.mid, intent.actor
    rules.insist_consent(wish.role, consent=wish.consent)
    keys = (record_key(intent), *standing.keys(mid, fid, uid))

    def attempt(read: Read) -> tuple[Family, Invitation]:
        found = read(*keys)
        family = standing.owned(found, mid, fid, uid)
        if (before := recorded(intent, found[keys[0]])) is not None:
            key = invitation_key(mid, before["code"])
            return family, insist_known(store.read(key).item(Invitation, key))
        standing.insist_there(family)
        rules.insist_may_invite(family)
        made, tx = _drawn(intent, fid, wish), Transaction()
        room = {
            "owner": Family.owner == uid,
            "active": Family.status == FamilyState.ACTIVE,
            "room": Family.size < rules.MOST_PEOPLE,
        }
        tx.check("family", family, when=room)
        tx.put("invitation", made)
        add_record(tx, intent, code=made.code)
        tx.commit()
        return family, made

    return decided_or_refused(attempt)


def listed(
    mid: MerchantId, uid: str, fid: str, limit: int, after: dict[str, Any] | None
) -> tuple[Family, list[Invitation], dict[str, Any] | None]:
    """A page of a family's invitations for its owner, the newest first. Raises `FAMILY_UNKNOWN`, `NOT_OWNER`."""
    family = standing.owned(store.read(*standing.keys(mid, fid, uid)), mid, fid, uid)
    page = query(people_index(mid, fid), index="gsi1", begins=LISTED, limit=limit, forward=False, after=after)
    return family, [item for item in read_all(page.keys) if isinstance(item, Invitation)], page.after


def own(mid: MerchantId, uid: str, fid: str, code: str) -> Invitation:
    """One of a family's invitations, for its owner. Raises `NOT_OWNER`, `INVITATION_UNKNOWN`."""
    key = invitation_key(mid, code_of(code))
    found = store.read(*standing.keys(mid, fid, uid), key)
    standing.owned(found, mid, fid, uid)
    return _insist_of(found.item(Invitation, key), fid)


def revoke(intent: Intent, fid: str, code: str) -> tuple[Family, Invitation]:
    """It is good for nobody any more. Raises `NOT_OWNER`, `INVITATION_UNKNOWN`, `INVITATION_OVER`."""
    mid, uid = intent.mid, intent.actor
    keys = (record_key(intent), *standing.keys(mid, fid, uid), invitation_key(mid, code_of(code)))

    def attempt(read: Read) -> tuple[Family, Invitation]:
        found = read(*keys)
        family = standing.owned(found, mid, fid, uid)
        invitation = _insist_of(found.item(Invitation, keys[-1]), fid)
        if recorded(intent, found[keys[0]]) is not None or invitation.state is InvitationState.REVOKED:
            return family, invitation
        rules.insist_open(invitation, clock.now())
        tx = Transaction()
        tx.check("family", family, when={"owner": Family.owner == uid})
        over = [Invitation.state.set(InvitationState.REVOKED)]
        tx.update("invitation", invitation, over, when={"open": Invitation.state == InvitationState.OPEN}, due=None)
        add_record(tx, intent)
        tx.commit()
        invitation.state = InvitationState.REVOKED
        return family, invitation

    return decided_or_refused(attempt)


def code_of(typed: str) -> str:
    """The code that somebody has. Raises `INVITATION_UNKNOWN` for what can be none."""
    if (code := invitation_codes.read(typed)) is None:
        raise RippleError(INVITATION_UNKNOWN)
    return code


def insist_known(invitation: Invitation | None) -> Invitation:
    """The invitation, if there is one. Raises `INVITATION_UNKNOWN`."""
    if invitation is None:
        raise RippleError(INVITATION_UNKNOWN)
    return invitation


def _insist_of(invitation: Invitation | None, fid: str) -> Invitation:
    if invitation is None or invitation.fid != fid:
        raise RippleError(INVITATION_UNKNOWN)
    return invitation


def _drawn(intent: Intent, fid: str, wish: Wish) -> Invitation:
    """An invitation with a new code; that it has nobody else's is a condition of its write."""
    now = clock.now()
    made = Invitation(
        *invitation_key(intent.mid, invitation_codes.drawn()),
        fid=fid,
        state=InvitationState.OPEN,
        role=wish.role,
        per=wish.per,
        cap=wish.cap,
        by=intent.actor,
        until=now + rules.INVITATION_LIFE,
        fingerprint=intent.fingerprint,
        created_at=now,
    )
    made.gsi1pk, made.gsi1sk = people_index(intent.mid, fid), LISTED + place(now, made.code)
    made.set_due(made.until + OVER)
    return made
