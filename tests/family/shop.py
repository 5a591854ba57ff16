"""A family as it stands in the middle of its life, put into the table as it is: for tests not of its making."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.accounts.items import NameState
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId, derived
from chalicelib.family.items import (
    Belonging,
    Consent,
    Family,
    Member,
    Move,
    belonging_key,
    family_key,
    member_key,
    move_key,
)
from chalicelib.family.states import FamilyState, MemberState, Mode, Role, Why
from infra.local.client import Person
from tests.town import Town

PER = 5_000
CAP = 20_000
"""A member's caps in fen, where a test says nothing else."""


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
        name="小林一家",
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
        town.emulator.restore(Belonging(*belonging_key(mid, uid), fid=fid))
        FIRST_CAPS[fid, uid] = member.cap
    if granted or paid:
        place = move_key(mid, fid, since, "as-it-was")
        move = Move(*place, why=Why.ADJUSTED, granted=granted, paid=paid, by="-", subject="-", at=since)
        town.emulator.restore(move)
    return fid


def family_of(town: Town, fid: str) -> Family:
    """The family as it stands."""
    return next(item for item in town.items() if isinstance(item, Family) and item.fid == fid)


def member_of(town: Town, fid: str, person: Person) -> Member:
    """Somebody in it as he stands."""
    uid = uid_of(person)
    return next(item for item in town.items() if isinstance(item, Member) and (item.fid, item.uid) == (fid, uid))
