"""People who invite one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.core import clock
from infra.local.client import Api, Person, Reply
from tests.sharing.friends import invitation
from tests.town import Town, send


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


def lives(person: Person, address: str, device: str | None = None) -> Person:
    """Whatever he does from now on comes from that address, and from that device where he says of one."""
    said = {"X-Device-Id": device} if device else {}

    def sends(method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        return send(method, path, {**headers, **said}, body, address=address)

    person.api = Api(sends, person.api.token)
    return person


HUMAN = (31, 420, 55, 1300, 12, 200, 95, 700, 9, 160, 2100)
"""Seconds between people whom nobody times."""


def strangers(
    town: Town,
    inviter: Person,
    count: int,
    *,
    gaps: Iterable[float] = (),
    homes: str = "10.{}.0.7",
    device: str | None = None,
) -> list[Person]:
    """So many who register and accept his invitation, each at once; by default each from a network of his own."""
    code, paces, made = code_of(inviter), list(gaps) or HUMAN, list[Person]()
    for n in range(count):
        clock.advance(paces[n % len(paces)])
        friend = lives(town.person(), homes.format(n), device)
        by_code(friend, code).expect(201)
        made.append(friend)
    return made
