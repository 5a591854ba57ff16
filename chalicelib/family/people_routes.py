"""Those who belong to a family, over HTTP: caps, roles, leaving, and handing it over."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.core import clock
from chalicelib.edge.operation import USER, Call, operation
from chalicelib.family import detail, handing, people
from chalicelib.family.people_problems import (
    FAMILY_LIMIT,
    FROZEN_BY_SHOP,
    HEIR_UNFIT,
    MEMBER_UNKNOWN,
    MINOR_STAYS,
    NOT_OFFERED,
    OWNER_STAYS,
)
from chalicelib.family.problems import FAMILY_ENDED, FAMILY_UNKNOWN
from chalicelib.family.routes import OWNED, CapFen
from chalicelib.family.views import FamilyView, Left

OF_MEMBER = (*OWNED, MEMBER_UNKNOWN, OWNER_STAYS)


class MemberSettings(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What of a member changes; what is left out stays."""

    role: Literal["adult"] | None = None
    """A minor is none any more; who shall be one is invited as one."""
    per_fen: CapFen | None = None
    """What he may spend at once."""
    cap_fen: CapFen | None = None
    """What he may spend in a month."""


class Heir(msgspec.Struct, forbid_unknown_fields=True):
    """Who is to own the family."""

    user_id: Annotated[str, Meta(min_length=1, max_length=64)]


def _seen(call: Call[None] | Call[Heir]) -> FamilyView:
    return detail.show(call.mid, call.uid, call.path["family_id"], call.language)


@operation(
    auth=USER,
    answer=Left,
    idempotent=True,
    name="leave_family",
    summary="Leave a family",
    description="Whoever leaves joins or makes no other for 90 days.",
    problems=(FAMILY_UNKNOWN, FAMILY_ENDED, OWNER_STAYS, MINOR_STAYS),
)
def leave(call: Call[None]) -> Left:
    """Leave it."""
    fid = call.path["family_id"]
    return Left(family_id=fid, locked_until=people.leave(call.intent, fid), now=clock.now())


@operation(
    auth=USER,
    body=MemberSettings,
    answer=FamilyView,
    name="edit_family_member",
    summary="Change a member's caps, or let a minor grow up",
    problems=OF_MEMBER,
)
def edit_member(call: Call[MemberSettings]) -> FamilyView:
    """Change what is given."""
    asked, fid = call.body, call.path["family_id"]
    changes = people.Changes(adult=asked.role is not None, per=asked.per_fen, cap=asked.cap_fen)
    people.edit(call.mid, call.uid, fid, call.path["user_id"], changes)
    return detail.show(call.mid, call.uid, fid, call.language)


@operation(
    auth=USER,
    answer=FamilyView,
    idempotent=True,
    name="remove_family_member",
    summary="Remove a member",
    description="He joins or makes no other family for 90 days. What his orders hold already may still be paid with.",
    problems=OF_MEMBER,
)
def remove(call: Call[None]) -> FamilyView:
    """Remove him."""
    people.remove(call.intent, call.path["family_id"], call.path["user_id"])
    return _seen(call)


@operation(
    auth=USER,
    answer=FamilyView,
    idempotent=True,
    name="freeze_family_member",
    summary="A member spends no more, at once",
    problems=OF_MEMBER,
)
def freeze_member(call: Call[None]) -> FamilyView:
    """Freeze him."""
    people.freeze(call.intent, call.path["family_id"], call.path["user_id"])
    return _seen(call)


@operation(
    auth=USER,
    answer=FamilyView,
    idempotent=True,
    name="unfreeze_family_member",
    summary="A member may spend again",
    problems=(*OF_MEMBER, FROZEN_BY_SHOP),
)
def unfreeze_member(call: Call[None]) -> FamilyView:
    """Unfreeze him."""
    people.unfreeze(call.intent, call.path["family_id"], call.path["user_id"])
    return _seen(call)


@operation(
    auth=USER,
    body=Heir,
    answer=FamilyView,
    idempotent=True,
    name="offer_family",
    summary="Offer my family to another adult",
    description="It is his as soon as he accepts, with its wallet and all that orders hold of it;"
    " he sees every former spend.",
    problems=(*OF_MEMBER, HEIR_UNFIT),
)
def hand_over(call: Call[Heir]) -> FamilyView:
    """Offer it."""
    handing.offer(call.intent, call.path["family_id"], call.body.user_id)
    return _seen(call)


@operation(
    auth=USER,
    answer=FamilyView,
    idempotent=True,
    name="accept_family",
    summary="Own a family that is offered to me",
    description="I have no caps any more; who owned it is an adult member with the usual ones.",
    problems=(FAMILY_UNKNOWN, FAMILY_ENDED, NOT_OFFERED, HEIR_UNFIT, FAMILY_LIMIT),
)
def accept_hand_over(call: Call[None]) -> FamilyView:
    """Take it over."""
    handing.accept(call.intent, call.path["family_id"])
    return _seen(call)


@operation(
    auth=USER,
    answer=FamilyView,
    idempotent=True,
    name="decline_family",
    summary="Decline a family that is offered to me, or withdraw my offer",
    problems=(FAMILY_UNKNOWN, NOT_OFFERED),
)
def decline_hand_over(call: Call[None]) -> FamilyView:
    """Nobody is offered it any more."""
    handing.decline(call.intent, call.path["family_id"])
    return _seen(call)
