"""The rules of who belongs to a family: pure decisions over what one read round found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.family import people_problems as problems
from chalicelib.family.problems import FAMILY_FROZEN
from chalicelib.family.states import FamilyState, InvitationState, MemberState, Role

if TYPE_CHECKING:
    from chalicelib.accounts.items import User
    from chalicelib.family.items import Belonging, Family, Invitation, Member

INVITATION_LIFE = timedelta(days=7)
COOLING = timedelta(hours=24)
"""Who has joined spends nothing before."""
LOCK = timedelta(days=90)
"""Who has left, or was removed, is in no family so long."""
CLOSE_AGAIN = timedelta(minutes=1)
"""How long a family that ends waits for what orders hold of it before it is looked at again."""

MOST_PEOPLE = 6
"""In one family, its owner among them."""
MOST_WALLETS = 20
"""Of closed families, that one person may have."""

PER, CAP = 20_000, 100_000
"""A member's caps in fen, at once and in a month, where the owner says nothing."""
MOST_FEN = 1_000_000
"""The highest cap that can be said, in fen."""

BY_OWNER = "owner"
"""Who froze, where it was the owner and not the merchant."""
BY_FAMILY = "family"
"""Who said of somebody that he is a minor, where it was not the merchant."""
AND_OWNER = ",owner"
"""How it ends who froze, where the merchant froze what the owner had frozen before."""


def locked_until(belonging: Belonging | None, now: datetime) -> datetime | None:
    """Until when somebody joins no family; None where he may."""
    until = belonging.locked_until if belonging is not None else None
    return until if until is not None and now < until else None


def insist_free(belonging: Belonging | None, now: datetime) -> None:
    """Raise `ALREADY_IN_FAMILY` or `FAMILY_LOCKED`."""
    if belonging is not None and belonging.fid is not None:
        raise RippleError(problems.ALREADY_IN_FAMILY)
    if (until := locked_until(belonging, now)) is not None:
        raise RippleError(problems.FAMILY_LOCKED, until=clock.iso(until))


def insist_may_own(belonging: Belonging | None) -> None:
    """Raise `FAMILY_LIMIT` for whoever has the wallets of too many closed families."""
    if belonging is not None and len(belonging.wallets or []) >= MOST_WALLETS:
        raise RippleError(problems.FAMILY_LIMIT, wallets=MOST_WALLETS)


def insist_may_create(user: User, belonging: Belonging | None, now: datetime) -> None:
    """Raise what `insist_free` and `insist_may_own` raise, and `MINOR_OWNS_NONE` (rules D3)."""
    insist_free(belonging, now)
    insist_may_own(belonging)
    if user.minor_since is not None:
        raise RippleError(problems.MINOR_OWNS_NONE)


def insist_room(family: Family) -> None:
    """Raise `FAMILY_FULL`."""
    if family.size >= MOST_PEOPLE:
        raise RippleError(problems.FAMILY_FULL, people=MOST_PEOPLE)


def insist_may_invite(family: Family) -> None:
    """Raise `FAMILY_FROZEN` or `FAMILY_FULL`; the family is there."""
    if family.status is FamilyState.FROZEN:
        raise RippleError(FAMILY_FROZEN)
    insist_room(family)


def state_of(invitation: Invitation, now: datetime) -> InvitationState:
    """Where an invitation is, by the clock, whether or not its end was written down yet."""
    if invitation.state is InvitationState.OPEN and now > invitation.until:
        return InvitationState.EXPIRED
    return invitation.state


def insist_open(invitation: Invitation, now: datetime) -> None:
    """Raise `INVITATION_OVER`."""
    if state_of(invitation, now) is not InvitationState.OPEN:
        raise RippleError(problems.INVITATION_OVER)


def insist_of_owner(family: Family, invitation: Invitation) -> None:
    """Raise `INVITATION_OVER` for what a former owner made: role, caps and consent were his to say."""
    if family.owner != invitation.by:
        raise RippleError(problems.INVITATION_OVER)


def insist_consent(role: Role, *, consent: bool) -> None:
    """Raise `CONSENT_NEEDED` for a minor whose guardian did not agree (rules D3)."""
    if role is Role.MINOR and not consent:
        raise RippleError(problems.CONSENT_NEEDED, "/consent")


def insist_no_owner(family: Family, uid: str) -> None:
    """Raise `OWNER_STAYS` for the owner."""
    if family.owner == uid:
        raise RippleError(problems.OWNER_STAYS)


def insist_may_leave(family: Family, member: Member) -> None:
    """Raise `OWNER_STAYS` or `MINOR_STAYS`."""
    insist_no_owner(family, member.uid)
    if member.role is Role.MINOR:
        raise RippleError(problems.MINOR_STAYS)


def is_by_shop(frozen_by: str | None) -> bool:
    """Whether the merchant froze it, which the owner cannot undo."""
    return frozen_by is not None and frozen_by != BY_OWNER


def insist_not_by_shop(frozen_by: str | None) -> None:
    """Raise `FROZEN_BY_SHOP` for what the merchant froze."""
    if is_by_shop(frozen_by):
        raise RippleError(problems.FROZEN_BY_SHOP)


def frozen_too(frozen_by: str | None) -> str | None:
    """Who freezes it, once the owner does beside the merchant; None where he does already."""
    if frozen_by is None or not is_by_shop(frozen_by) or frozen_by.endswith(AND_OWNER):
        return None
    return f"{frozen_by}{AND_OWNER}"


def insist_may_close(family: Family, owner: Member) -> None:
    """Raise `FROZEN_BY_SHOP` where the merchant froze it or its owner, who could spend a closed wallet."""
    insist_not_by_shop(family.frozen_by)
    insist_not_by_shop(owner.frozen_by)


def kept_frozen(before: Member | None) -> str | None:
    """Which key of the merchant's had somebody frozen in the family that he was in last; he still is, wherever."""
    if before is None or before.frozen_by is None or not is_by_shop(before.frozen_by):
        return None
    return before.frozen_by.removesuffix(AND_OWNER)


def insist_fit(heir: Member) -> None:
    """Raise `HEIR_UNFIT` for whom a family is not handed over to."""
    if heir.role is not Role.ADULT or heir.state is not MemberState.ACTIVE:
        raise RippleError(problems.HEIR_UNFIT)


def insist_heir(people: Sequence[Member]) -> None:
    """Raise `HEIR_UNFIT` where nobody of a family could take it over."""
    if not any(one.role is Role.ADULT and one.state is MemberState.ACTIVE for one in people):
        raise RippleError(problems.HEIR_UNFIT)


def insist_offered(family: Family, uid: str) -> None:
    """Raise `NOT_OFFERED` for whom the family is not offered to."""
    if family.offered_to != uid:
        raise RippleError(problems.NOT_OFFERED)


def used(member: Member, month: str) -> tuple[int, int]:
    """What of a month a member spent by himself, and what was approved for him, in fen."""
    return (member.spent, member.approved) if member.month == month else (0, 0)


def left(member: Member, month: str) -> int | None:
    """What is left of his cap in a month, in fen; None where nothing bounds him."""
    return max(0, member.cap - used(member, month)[0]) if member.cap is not None else None
