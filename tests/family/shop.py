"""A family as it stands in the middle of its life, put into the table as it is: for tests not of its making."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.accounts.items import NameState
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId, derived
from chalicelib.core.store import read_one
from chalicelib.family.items import Belonging, Consent, Family, Member, belonging_key, family_key, member_key
from chalicelib.family.rows import Move, move_key
from chalicelib.family.states import FamilyState, MemberState, Mode, Role, Why
from infra.local.client import Person
from tests.town import Town

NAME = "小林一家"
PER = 5_000
CAP = 20_000
"""A member's caps in fen, where a test says nothing else."""


BEFORE = "-"
"""Who put into a wallet what a test finds in it."""

FIRST_CAPS: dict[tuple[str, str], int | None] = {}
"""What members of such families might spend in a month when these were put there, by family and member."""


def mid_of(town: Town) -> MerchantId:
    """The town's merchant."""
    return MerchantId(town.merchant.mid)


def uid_of(person: Person) -> str:
    """Who somebody is."""
    return str(person.api.get("/v1/me")["user_id"])


def household(
    town: Town,
    owner: Person,
    *members: Person,
    minors: tuple[Person, ...] = (),
    granted: int = 0,
    paid: int = 0,
    per: int = PER,
    cap: int = CAP,
    cooled: bool = True,
    **changes: Any,
) -> str:
    """A family of ``owner``, adult ``members`` and ``minors``, all of whom may spend; returns its id.

    ``changes`` are attributes of the family.
    """
    mid, now = mid_of(town), clock.now()
    first = uid_of(owner)
    fid = derived("household", first)
    since = now - timedelta(days=2)
    family = Family(
        *family_key(mid, fid),
        name=NAME,
        name_state=NameState.SHOWN,
        owner=first,
        status=FamilyState.ACTIVE,
        mode=Mode.OWNER_PAYS,
        size=1 + len(members) + len(minors),
        granted=granted,
        paid=paid,
        fingerprint="-",
        created_at=since,
    )
    for name, value in changes.items():
        setattr(family, name, value)
    family.set_due(now if family.status is FamilyState.CLOSING else None)
    town.emulator.restore(family)
    roles = [(owner, Role.OWNER), *((one, Role.ADULT) for one in members), *((one, Role.MINOR) for one in minors)]
    for person, role in roles:
        uid = uid_of(person)
        member = Member(
            *member_key(mid, fid, uid),
            role=role,
            state=MemberState.ACTIVE,
            active_from=since if cooled else now + timedelta(days=1),
            per=None if role is Role.OWNER else per,
            cap=None if role is Role.OWNER else cap,
            consent=Consent(first, since) if role is Role.MINOR else None,
            joined_at=since,
        )
        town.emulator.restore(member)
        his = read_one(Belonging, belonging_key(mid, uid)) or Belonging(*belonging_key(mid, uid))
        his.fid = fid
        town.emulator.restore(his)
        FIRST_CAPS[fid, uid] = member.cap
    if granted or paid:
        place = move_key(mid, fid, since, "as-it-was")
        move = Move(*place, why=Why.ADJUSTED, granted=granted, paid=paid, by=BEFORE, subject=BEFORE, at=since)
        town.emulator.restore(move)
    return fid


def endow(town: Town, fid: str, granted: int, paid: int) -> None:
    """Something is in a wallet that had nothing."""
    family, mid = family_of(town, fid), mid_of(town)
    family.granted, family.paid = granted, paid
    town.emulator.restore(family)
    place = move_key(mid, fid, family.created_at, "as-it-was")
    move = Move(*place, why=Why.ADJUSTED, granted=granted, paid=paid, by=BEFORE, subject=BEFORE, at=family.created_at)
    if granted or paid:
        town.emulator.restore(move)


def cooled(town: Town, fid: str, person: Person) -> None:
    """Somebody joined so long ago that he may spend."""
    member = member_of(town, fid, person)
    member.active_from = member.joined_at
    town.emulator.restore(member)


def family_of(town: Town, fid: str) -> Family:
    """The family as it stands."""
    return next(item for item in town.items() if isinstance(item, Family) and item.fid == fid)


def member_of(town: Town, fid: str, person: Person) -> Member:
    """Somebody in it as he stands."""
    uid = uid_of(person)
    return next(item for item in town.items() if isinstance(item, Member) and (item.fid, item.uid) == (fid, uid))
