"""People who invite one another at the same time."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.core import clock
from infra.local.client import Person
from tests.invite.family import by_code, by_share, code_of
from tests.proof.acts import one_key, people
from tests.proof.stage import Act, Scene
from tests.sharing.friends import invitation
from tests.town import Town


def accepting(person: Person, inviter: Person) -> Act:
    share = invitation(inviter)
    return lambda: by_share(person, share, key=one_key(person, f"accepts {inviter.name}"))


def mutual(town: Town) -> Mapping[str, Act]:
    """Two who registered in the same millisecond, each with the other's card."""
    ann, ben = people(town, "ann", "ben")
    return {"ann accepts ben": accepting(ann, ben), "ben accepts ann": accepting(ben, ann)}


def inviters(town: Town) -> Mapping[str, Act]:
    """Cat has two to choose from, of whom one is invited himself; somebody counts on his board already."""
    zoe, first = people(town, "zoe", "first")
    clock.advance(1)
    ann, ben = people(town, "ann", "ben")
    clock.advance(1)
    cat, dan = people(town, "cat", "dan")
    by_share(dan, invitation(ann)).expect(201)
    town.stream()
    clock.advance(1)
    code = code_of(ben)
    return {
        "cat accepts ann": accepting(cat, ann),
        "cat accepts ben's code": lambda: by_code(cat, code, key=one_key(cat, "accepts ben")),
        "ann accepts zoe": accepting(ann, zoe),
        "zoe asks for a code": lambda: zoe.api.call("POST", "/v1/invites/code"),
        "ben accepts first": accepting(ben, first),
    }


SCENES = [Scene(build.__name__, build) for build in (mutual, inviters)]
