"""What befalls a family while something else happens: as the people of it do it, written as it then stands."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.core import clock
from chalicelib.core.decision import decided
from chalicelib.core.store import read
from chalicelib.core.transaction import Transaction
from chalicelib.family import standing
from chalicelib.family.items import Belonging, Family, Member, belonging_key, family_key, member_key
from chalicelib.family.states import FamilyState, MemberState, Role
from infra.local.client import Person
from tests.family.shop import mid_of
from tests.proof.stage import Act
from tests.town import Town


def freezes(town: Town, fid: str, person: Person) -> Act:
    """A member is frozen."""
    key = member_key(mid_of(town), fid, person.uid)

    def act() -> None:
        def attempt() -> None:
            member = read(key).item(Member, key)
            if member is not None and member.state is MemberState.ACTIVE:
                tx = Transaction()
                tx.update(
                    "member",
                    member,
                    [Member.state.set(MemberState.FROZEN), Member.frozen_by.set("owner")],
                    when={"active": Member.state == MemberState.ACTIVE},
                )
                tx.commit()

        decided(attempt)

    return act


def removes(town: Town, fid: str, person: Person) -> Act:
    """A member is removed."""
    mid = mid_of(town)

    def act() -> None:
        def attempt() -> None:
            found = read(*standing.keys(mid, fid, person.uid))
            member = found.item(Member, member_key(mid, fid, person.uid))
            if member is None or member.state is MemberState.REMOVED:
                return
            now = clock.now()
            locked = [Belonging.fid.remove(), Belonging.locked_until.set(now + timedelta(days=90))]
            tx = Transaction()
            gone = [Member.state.set(MemberState.REMOVED), Member.left_at.set(now)]
            tx.update("member", member, gone, when={"same": Member.state == member.state})
            tx.update("family", family_key(mid, fid), [Family.size.add(-1)], when={})
            tx.update("belonging", belonging_key(mid, person.uid), locked, when={})
            tx.commit()

        decided(attempt)

    return act


def moves(town: Town, fid: str, status: FamilyState) -> Act:
    """An active family is frozen, or begins to close."""
    key = family_key(mid_of(town), fid)

    def act() -> None:
        def attempt() -> None:
            family = read(key).item(Family, key)
            if family is not None and family.status is FamilyState.ACTIVE:
                active = {"active": Family.status == FamilyState.ACTIVE}
                tx = Transaction()
                due = clock.now() if status is FamilyState.CLOSING else None
                tx.update("family", family, [Family.status.set(status)], when=active, due=due)
                tx.commit()

        decided(attempt)

    return act


def hands_over(town: Town, fid: str, owner: Person, heir: Person) -> Act:
    """The family is another's."""
    mid = mid_of(town)

    def act() -> None:
        def attempt() -> None:
            family = read(family_key(mid, fid)).item(Family, family_key(mid, fid))
            if family is None or family.owner != owner.uid:
                return
            tx = Transaction()
            tx.update("family", family, [Family.owner.set(heir.uid)], when={"owner": Family.owner == family.owner})
            capped = [Member.role.set(Role.ADULT), Member.per.set(5_000), Member.cap.set(20_000)]
            tx.update("before", member_key(mid, fid, owner.uid), capped, when={})
            free = [Member.role.set(Role.OWNER), Member.per.remove(), Member.cap.remove()]
            tx.update("heir", member_key(mid, fid, heir.uid), free, when={})
            tx.commit()

        decided(attempt)

    return act
