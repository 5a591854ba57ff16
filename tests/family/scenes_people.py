"""The situations of families in which people come, go and decide at the same time: their side of the proof harness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.core import clock
from chalicelib.family.states import MemberState, Role
from infra.local.client import Person
from tests.accounts.texts import DOUBTFUL
from tests.family import people as family
from tests.family.desk import freezes, says_minor
from tests.family.promises_people import WRONG
from tests.family.shop import household, member_of
from tests.proof.acts import falls_due, one_key, people
from tests.proof.stage import Act, Scene
from tests.town import Town


def acts(person: Person, fid: str, what: str, body: object = None) -> Act:
    """Something that is done to a family, however often its request is sent."""
    return lambda: family.acts(person, fid, what, body, key=one_key(person, f"{what}{body or ''}"[-40:]))


def about(owner: Person, fid: str, member: Person, what: str) -> Act:
    """The owner removes, freezes or unfreezes a member."""
    return lambda: family.member_act(owner, fid, member, what, key=one_key(owner, f"{what} {member.name}"))


def then(act: Act) -> Act:
    """It is done, and a second passes: what happens after it is later."""

    def done() -> Any:
        reply = act()
        clock.advance(1)
        return reply

    return done


def accepts(person: Person, code: str) -> Act:
    return lambda: family.accepts(person, code, key=one_key(person, f"accepts {code}"))


def offers(owner: Person, fid: str, heir: Person) -> Act:
    return lambda: family.offers(owner, fid, heir, key=one_key(owner, f"offers it to {heir.name}"))


def edits(owner: Person, fid: str, member: Person, **changes: Any) -> Act:
    return lambda: family.edits(owner, fid, member, **changes)


def last_seat(town: Town) -> Mapping[str, Act]:
    """Five in a family, two invitations to it and one to another, one of them at its last instant."""
    ann, dan, *rest = people(town, "ann", "dan", "p1", "p2", "p3", "p4")
    fid, other = household(town, ann, *rest), household(town, dan)
    first, second = family.invited(ann, fid), family.invited(ann, fid)
    theirs = family.invited(dan, other, role="minor", consent=True)
    clock.advance(7 * 86_400)
    ann, ben, cat = people(town, "ann", "ben", "cat")
    passes = falls_due(town, family.key_of(town, first))

    def its_time_passes() -> None:
        clock.advance(0.001)
        passes()

    return {
        "ben accepts": accepts(ben, first),
        "cat accepts the same": accepts(cat, first),
        "cat accepts the other one": accepts(cat, second),
        "ben accepts dan's, as a minor": accepts(ben, theirs),
        "ann revokes the first": acts(ann, fid, f"invitations/{first}/revoke"),
        "cat declines the first": lambda: family.declines(cat, first, key=one_key(cat, "declines it")),
        "the first one's time passes": its_time_passes,
        "ben tries a wrong code": lambda: family.previews(ben, WRONG).status,
        "ben makes one of his own": lambda: family.founds(ben, key=one_key(ben, "makes a family")),
        "ann invites once more": lambda: family.invites(ann, fid, key=one_key(ann, "invites")),
    }


def handed_over(town: Town) -> Mapping[str, Act]:
    """A family is offered to one of three, while each of them decides something about it."""
    ann, ben, cat = people(town, "ann", "ben", "cat")
    fid = household(town, ann, ben, cat, granted=300)
    family.offers(ann, fid, ben).expect(200)
    return {
        "ben accepts it": acts(ben, fid, "hand-over/accept"),
        "ben declines it": acts(ben, fid, "hand-over/decline"),
        "ann withdraws it": acts(ann, fid, "hand-over/decline"),
        "ann offers it to cat": offers(ann, fid, cat),
        "cat accepts it": acts(cat, fid, "hand-over/accept"),
        "ben leaves": acts(ben, fid, "leave"),
        "ann removes ben": about(ann, fid, ben, "remove"),
        "ann freezes ben": about(ann, fid, ben, "freeze"),
        "ann freezes all": acts(ann, fid, "freeze"),
        "ann closes it": acts(ann, fid, "close"),
    }


def closed(town: Town) -> Mapping[str, Act]:
    """A frozen family ends, while somebody joins it, and others leave and are decided about."""
    ann, ben, cat, dan = people(town, "ann", "ben", "cat", "dan")
    fid = household(town, ann, ben, minors=(cat,), paid=300)
    code = family.invited(ann, fid)
    family.acts(ann, fid, "freeze").expect(200)
    return {
        "ann closes it": acts(ann, fid, "close"),
        "the shop freezes ann": lambda: freezes(town.admin, fid, who=ann, key=one_key(ann, "is frozen")),
        "it falls due": falls_due(town, family.place_of(town, fid)),
        "dan accepts": accepts(dan, code),
        "ben leaves": acts(ben, fid, "leave"),
        "ann removes cat": about(ann, fid, cat, "remove"),
        "ann unfreezes it": acts(ann, fid, "unfreeze"),
        "ann lets cat grow up": edits(ann, fid, cat, role="adult", per_fen=900),
        "ann makes another": lambda: family.founds(ann, "又一家", key=one_key(ann, "makes another")),
        "ann sets it up": lambda: family.sets(ann, fid, cap_fen=700, restores=True),
    }


def names_and_returns(town: Town) -> Mapping[str, Act]:
    """A name is in doubt; a member is frozen, one who left may come back, and the shop says that dan is a minor."""
    ann, ben, cat, dan = people(town, "ann", "ben", "cat", "dan")
    fid = household(town, ann, ben, cat)
    gone = member_of(town, fid, cat)
    family.member_act(ann, fid, cat, "remove").expect(200)
    family.sets(ann, fid, name=DOUBTFUL).expect(200)
    clock.advance(family.LOCK)
    ann, ben, cat, dan = people(town, "ann", "ben", "cat", "dan")
    assert (gone.role, gone.state) == (Role.ADULT, MemberState.ACTIVE)
    adult, minor = family.invited(ann, fid), family.invited(ann, fid, role="minor", consent=True)
    family.member_act(ann, fid, ben, "freeze").expect(200)
    return {
        "cat comes back": accepts(cat, adult),
        "cat comes back as a minor": accepts(cat, minor),
        "dan joins as a minor": accepts(dan, minor),
        "the shop says that dan is a minor": lambda: says_minor(
            town.admin, dan, minor=True, key=one_key(dan, "a minor")
        ),
        "ann unfreezes ben": about(ann, fid, ben, "unfreeze"),
        "ann removes ben": about(ann, fid, ben, "remove"),
        "ann names it": lambda: family.sets(ann, fid, name="林家"),
        "ann names it otherwise": lambda: family.sets(ann, fid, name=f"{DOUBTFUL}家"),
        "dan makes a family": lambda: family.founds(dan, DOUBTFUL, key=one_key(dan, "makes a family")),
    }


SCENES = [
    Scene("family_last_seat", last_seat),
    Scene("family_handed_over", handed_over),
    Scene("family_closed", closed),
    Scene("family_names_and_returns", names_and_returns),
]
