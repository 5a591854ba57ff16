"""People who invite one another."""

from __future__ import annotations

from typing import Any

from chalicelib.core import clock
from infra.local.client import Person, Reply
from tests.sharing.friends import invitation
from tests.town import Town


def accepts(person: Person, inviter: Person, *, key: str | None = None) -> Reply:
    """He accepts another's invitation by its share."""
    return by_share(person, invitation(inviter), key=key)


def by_share(person: Person, share: dict[str, Any], *, key: str | None = None) -> Reply:
    """He accepts the invitation of a share."""
    return person.api.call("POST", "/v1/invites", {"share_id": share["share_id"]}, key=key)


def by_code(person: Person, code: str, *, key: str | None = None) -> Reply:
    """He accepts the invitation of a code."""
    return person.api.call("POST", "/v1/invites", {"code": code}, key=key)


def code_of(person: Person) -> str:
    """His invite code."""
    code: str = person.api.post("/v1/invites/code")["code"]
    return code


def counted(town: Town) -> None:
    """The stream brings what is new, and the boards look."""
    town.stream()
    clock.advance(60)
    town.minute()


def chain(town: Town, *names: str) -> list[Person]:
    """Each invited the next, at once after he was invited himself."""
    made: list[Person] = []
    for name in names:
        clock.advance(1)
        made.append(town.person(name))
        if len(made) > 1:
            accepts(made[-1], made[-2]).expect(201)
    return made
