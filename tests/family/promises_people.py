"""What holds of who belongs to families: one family a person, six people a family, one owner, and ends that come."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from chalicelib.accounts.items import NameState
from chalicelib.core import due
from chalicelib.family import rules
from chalicelib.family.items import Belonging, Family, Invitation, Member, hidden_names_index
from chalicelib.family.states import FamilyState, InvitationState, MemberState, Role
from tests.accounts.texts import DOUBTFUL
from tests.breaking import Break, change
from tests.family import people
from tests.family.shop import family_of
from tests.invariants import Books, invariant, settled
from tests.town import Town

WRONG = "K7M2Q-9XW00"
"""A code of no invitation."""

Where = tuple[str, str]
"""A merchant, and one of his families or users."""


def there(books: Books) -> dict[Where, list[Member]]:
    """Who belongs to every family."""
    found: dict[Where, list[Member]] = defaultdict(list)
    for member in books.of(Member):
        if member.state is not MemberState.REMOVED:
            found[member.mid, member.fid].append(member)
    return found


@invariant("A person is in one family at most, and is one of its people.")
def one_family_a_person(books: Books) -> Iterator[str]:
    said = {(b.mid, b.uid, b.fid) for b in books.of(Belonging) if b.fid is not None}
    are = Counter((m.mid, m.uid, m.fid) for members in books.seen(there).values() for m in members)
    if said != set(are):
        yield f"{sorted(said ^ set(are))} are in a family, or say so, and not both"


@invariant("A family has as many people as it says, and six at most.")
def families_are_counted(books: Books) -> Iterator[str]:
    for family in books.of(Family):
        people = len(books.seen(there)[family.mid, family.fid])
        if not people == family.size <= rules.MOST_PEOPLE:
            yield f"{family.fid} says {family.size}, {people} are in it"


@invariant("A family that is not closed has one owner, who is in it, and nobody but him has no caps.")
def families_have_one_owner(books: Books) -> Iterator[str]:
    for family in books.of(Family):
        members = books.seen(there)[family.mid, family.fid]
        if members and [m.uid for m in members if m.role is Role.OWNER] != [family.owner]:
            yield f"{family.fid} is {family.owner}'s, and not"
        for member in members:
            if (member.role is Role.OWNER) != (member.per is None) or (member.per is None) != (member.cap is None):
                yield f"{member.uid} is {member.role} with {member.per} and {member.cap}"


@invariant("A family is offered to one of its other people.")
def families_are_offered_to_their_own(books: Books) -> Iterator[str]:
    for family in books.of(Family):
        others = {m.uid for m in books.seen(there)[family.mid, family.fid]} - {family.owner}
        if family.offered_to is not None and family.offered_to not in others:
            yield f"{family.fid} is offered to {family.offered_to}"


@invariant("A member is a minor just where his guardian's consent is kept.")
def minors_have_consent(books: Books) -> Iterator[str]:
    for members in books.seen(there).values():
        for member in members:
            if (member.role is Role.MINOR) != (member.consent is not None):
                yield f"{member.uid} is {member.role}, with {member.consent}"


@invariant("A family that was closed has nobody in it, and its wallet is its last owner's.")
def closed_wallets_are_owned(books: Books) -> Iterator[str]:
    has = {(b.mid, fid): b.uid for b in books.of(Belonging) for fid in b.wallets or []}
    for family in books.of(Family):
        owner = has.get((family.mid, family.fid))
        closed = family.closed_at is not None
        left = books.seen(there)[family.mid, family.fid] if closed else []
        if owner != (family.owner if closed else None) or left:
            yield f"{family.fid}, closed at {family.closed_at}, is the wallet of {owner}, and {len(left)} are in it"


@invariant("A family that ends and an invitation that is open have a time at which they are looked at, and no others.")
def ends_are_looked_after(books: Books) -> Iterator[str]:
    for family in books.of(Family):
        if (family.status is FamilyState.CLOSING) != (family.due is not None):
            yield f"{family.fid} is {family.status}, due {family.due}"
    for invitation in books.of(Invitation):
        if (invitation.state is InvitationState.OPEN) != (invitation.due is not None):
            yield f"{invitation.code} is {invitation.state}, due {invitation.due}"


@invariant("An invitation is used just where one person used it, who is or was in its family.")
def invitations_are_used_once(books: Books) -> Iterator[str]:
    known = {(m.mid, m.fid, m.uid) for m in books.of(Member)}
    for invitation in books.of(Invitation):
        used, by = invitation.state is InvitationState.USED, invitation.used_by
        if used != (by is not None) or (by is not None and (invitation.mid, invitation.fid, by) not in known):
            yield f"{invitation.code} is {invitation.state}, by {by}"


@invariant("The merchant's list has the names of families that wait for a decision, and no others.")
def hidden_family_names_are_listed(books: Books) -> Iterator[str]:
    for family in books.of(Family):
        waits = family.name_state in (NameState.REVIEW, NameState.UNCHECKED)
        if (family.gsi1pk == hidden_names_index(family.mid)) != waits:
            yield f"{family.fid} is {family.name_state} in {family.gsi1pk}"


@settled("No family is left that ends.")
def families_end(books: Books) -> Iterator[str]:
    for family in books.of(Family):
        if family.status is FamilyState.CLOSING:
            yield family.fid


def situation(town: Town) -> None:
    """A family with a minor, an heir and an open invitation, whose name is in doubt; one is closed, and one ends."""
    names = ("an owner", "an heir", "a minor", "an owner who closed", "one who was in it")
    owner, heir, minor, former, free = (town.person(name) for name in names)
    fid = people.family(owner, heir, minors=(minor,))
    people.sets(owner, fid, name=DOUBTFUL).expect(200)
    people.offers(owner, fid, heir).expect(200)
    people.invited(owner, fid)
    ended = people.family(former, free)
    people.acts(former, ended, "close").expect(200)
    ends = family_of(town, ended)
    assert due.handle(ends.key, str(ends.gsi2sk))
    closing = family_of(town, ended)
    due.handle(closing.key, str(closing.gsi2sk))
    people.acts(former, people.founded(former), "close").expect(200)
    people.previews(free, WRONG).expect(404)


BREAKS: dict[str, Break] = {
    "one_family_a_person": change(Belonging, {"fid": "01ANOTHER"}),
    "families_are_counted": change(Family, {"size": 7}),
    "families_have_one_owner": change(Member, {"per": None}, role=Role.MINOR),
    "families_are_offered_to_their_own": change(Family, {"offered_to": "01NOBODY"}),
    "minors_have_consent": change(Member, {"consent": None}, role=Role.MINOR),
    "closed_wallets_are_owned": change(Family, {"owner": "01NOBODY"}, status=FamilyState.CLOSED),
    "ends_are_looked_after": change(Invitation, {"gsi2pk": None, "gsi2sk": None}, state=InvitationState.OPEN),
    "invitations_are_used_once": change(Invitation, {"used_by": None}, state=InvitationState.USED),
    "hidden_family_names_are_listed": change(Family, {"gsi1pk": None}, name_state=NameState.REVIEW),
    "families_end": change(Family, {"status": FamilyState.CLOSING}),
}
