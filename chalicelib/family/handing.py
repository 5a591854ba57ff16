"""A family handed over: its owner offers it to another adult, who accepts; either may still think better of it."""

from __future__ import annotations

from pynamodb.expressions.update import Action

from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.transaction import Transaction
from chalicelib.family import people, rules, standing
from chalicelib.family.items import Belonging, Family, Member, belonging_key, member_key
from chalicelib.family.states import MemberState, Role


def offer(intent: Intent, fid: str, heir: str) -> None:
    """The owner offers the family to an adult member; an earlier offer is withdrawn.

    Raises `HEIR_UNFIT`, `OWNER_STAYS`, `MEMBER_UNKNOWN`, `NOT_OWNER`, `FAMILY_ENDED`.
    """
    mid, uid = intent.mid, intent.actor
    keys = (record_key(intent), *standing.keys(mid, fid, uid), member_key(mid, fid, heir))

    def attempt(read: Read) -> None:
        found = read(*keys)
        if recorded(intent, found[keys[0]]) is not None:
            return
        family, owner = standing.owned(found, mid, fid, uid), found.item(Member, member_key(mid, fid, uid))
        standing.insist_there(family)
        rules.insist_not_by_shop(owner.frozen_by if owner is not None else None)
        member = people.other(found, family, heir)
        rules.insist_fit(member)
        tx = Transaction()
        offered = [Family.offered_to.set(heir), Family.offered_at.set(clock.now())]
        owned = {"owner": Family.owner == uid, "there": Family.status.is_in(*standing.STAYS)}
        tx.update("family", family, offered, when=owned)
        fit = {"adult": Member.role == Role.ADULT, "active": Member.state == MemberState.ACTIVE}
        tx.check("heir", member, when=fit)
        tx.check("owner", member_key(mid, fid, uid), when={"unfrozen": Member.frozen_by.does_not_exist()})
        add_record(tx, intent)
        tx.commit()

    decided_or_refused(attempt)


def accept(intent: Intent, fid: str) -> None:
    """Whoever it is offered to owns it from now on; who owned it is an adult member with the usual caps.

    The wallet, its holds and what comes back later go with it. Raises `NOT_OFFERED`, `HEIR_UNFIT`, `FAMILY_LIMIT`,
    `FAMILY_ENDED`.
    """
    mid, uid = intent.mid, intent.actor
    his = belonging_key(mid, uid)
    keys = (record_key(intent), *standing.keys(mid, fid, uid))

    def attempt(read: Read) -> None:
        found = read(*keys, his)
        if recorded(intent, found[keys[0]]) is not None:
            return
        family, heir = standing.seen(found, mid, fid, uid)
        standing.insist_there(family)
        rules.insist_offered(family, uid)
        rules.insist_fit(heir)
        rules.insist_may_own(found.item(Belonging, his))
        _add_hand_over(tx := Transaction(), family, heir)
        add_record(tx, intent)
        tx.commit()

    decided_or_refused(attempt)


def decline(intent: Intent, fid: str) -> None:
    """Whoever it is offered to does not want it, or its owner withdraws the offer. Raises `NOT_OFFERED`."""
    mid, uid = intent.mid, intent.actor
    keys = (record_key(intent), *standing.keys(mid, fid, uid))

    def attempt(read: Read) -> None:
        found = read(*keys)
        if recorded(intent, found[keys[0]]) is not None:
            return
        family, _ = standing.seen(found, mid, fid, uid)
        if uid != family.owner or family.offered_to is None:
            rules.insist_offered(family, uid)
        tx = Transaction()
        as_read = {"owner": Family.owner == family.owner, "offer": Family.offered_to == family.offered_to}
        tx.update("family", family, _over(), when=as_read)
        add_record(tx, intent)
        tx.commit()

    decided_or_refused(attempt)


def _add_hand_over(tx: Transaction, family: Family, heir: Member) -> None:
    """Write that ``heir`` owns the family, as it and the offer were read."""
    agreed = {
        "owner": Family.owner == family.owner,
        "offer": Family.offered_to == heir.uid,
        "offered_then": Family.offered_at == family.offered_at,
        "there": Family.status.is_in(*standing.STAYS),
    }
    tx.update("family", family, [Family.owner.set(heir.uid), *_over()], when=agreed)
    fit = {"adult": Member.role == Role.ADULT, "active": Member.state == MemberState.ACTIVE}
    owns = [Member.role.set(Role.OWNER), Member.per.remove(), Member.cap.remove()]
    tx.update("heir", heir, owns, when=fit)
    former = member_key(family.mid, family.fid, family.owner)
    stays = [Member.role.set(Role.ADULT), Member.per.set(rules.PER), Member.cap.set(rules.CAP)]
    tx.update("former", former, stays, when={"owner": Member.role == Role.OWNER})


def _over() -> list[Action]:
    return [Family.offered_to.remove(), Family.offered_at.remove()]
