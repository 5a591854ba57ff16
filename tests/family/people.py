"""People who make, join and leave families, over HTTP as their mini-programs do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from chalicelib.core import clock
from chalicelib.core.table import Item, Key
from chalicelib.family.invitation_codes import read
from chalicelib.family.items import Belonging, Invitation, belonging_key, family_key, invitation_key
from chalicelib.family.states import FamilyState
from infra.local.client import Person, Reply
from tests.family.shop import family_of, mid_of
from tests.town import Town

NAME = "小林一家"
COOLING, LOCK = timedelta(hours=24).total_seconds(), timedelta(days=90).total_seconds()


def founds(person: Person, name: str = NAME, *, key: str | None = None) -> Reply:
    return person.api.call("POST", "/v1/families", {"name": name}, key=key)


def founded(person: Person, name: str = NAME) -> str:
    """A family of his."""
    fid: str = founds(person, name).expect(201)["family_id"]
    return fid


def acts(person: Person, fid: str, what: str, body: object = None, *, key: str | None = None) -> Reply:
    """Something that is done to a family, by the end of its path."""
    return person.api.call("POST", f"/v1/families/{fid}/{what}", {} if body is None else body, key=key)


def sets(person: Person, fid: str, **settings: Any) -> Reply:
    return person.api.call("PATCH", f"/v1/families/{fid}", settings)


def invites(person: Person, fid: str, *, key: str | None = None, **wish: Any) -> Reply:
    return acts(person, fid, "invitations", wish, key=key)


def invited(owner: Person, fid: str, **wish: Any) -> str:
    """The code of a new invitation."""
    code: str = invites(owner, fid, **wish).expect(201)["code"]
    return code


def accepts(person: Person, code: str, *, key: str | None = None) -> Reply:
    return person.api.call("POST", f"/v1/family-invitations/{code}/accept", {}, key=key)


def declines(person: Person, code: str, *, key: str | None = None) -> Reply:
    return person.api.call("POST", f"/v1/family-invitations/{code}/decline", {}, key=key)


def joins(person: Person, code: str) -> dict[str, Any]:
    """Somebody accepts; what he sees then."""
    seen: dict[str, Any] = accepts(person, code).expect(201)
    return seen


def family(owner: Person, *members: Person, minors: tuple[Person, ...] = ()) -> str:
    """A family whose people have all just joined."""
    fid = founded(owner)
    for person in members:
        joins(person, invited(owner, fid))
    for person in minors:
        joins(person, invited(owner, fid, role="minor", consent=True))
    return fid


def looks(person: Person, fid: str) -> dict[str, Any]:
    seen: dict[str, Any] = person.api.get(f"/v1/families/{fid}")
    return seen


def mine(person: Person) -> dict[str, Any]:
    seen: dict[str, Any] = person.api.get("/v1/me/family")
    return seen


def previews(person: Person, code: str) -> Reply:
    return person.api.call("GET", f"/v1/family-invitations/{code}")


def edits(owner: Person, fid: str, member: Person, **changes: Any) -> Reply:
    return owner.api.call("PATCH", f"/v1/families/{fid}/members/{member.uid}", changes)


def member_act(owner: Person, fid: str, member: Person, what: str, *, key: str | None = None) -> Reply:
    """Remove, freeze or unfreeze."""
    return acts(owner, fid, f"members/{member.uid}/{what}", key=key)


def offers(owner: Person, fid: str, heir: Person, *, key: str | None = None) -> Reply:
    return acts(owner, fid, "hand-over", {"user_id": heir.uid}, key=key)


def handed(owner: Person, fid: str, heir: Person) -> None:
    """It is another's, who agreed."""
    offers(owner, fid, heir).expect(200)
    acts(heir, fid, "hand-over/accept").expect(200)


def closed(town: Town, owner: Person, fid: str) -> None:
    """Its owner closed it, and no order held anything of it."""
    acts(owner, fid, "close").expect(200)
    town.minute()
    assert family_of(town, fid).status is FamilyState.CLOSED


def seen_by(person: Person, fid: str, who: Person) -> dict[str, Any]:
    """One member as another sees him, who knows his id."""
    return next(member for member in looks(person, fid)["members"] if member["user_id"] == who.uid)


def refused(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.body["code"]


def unset(item: Item, *names: str) -> bool:
    """Whether an item has none of these attributes."""
    return all(getattr(item, name) is None for name in names)


def belonging_of(town: Town, person: Person) -> Belonging:
    key = belonging_key(mid_of(town), person.uid)
    return next(item for item in town.items() if isinstance(item, Belonging) and item.key == key)


def invitation_of(town: Town, code: str) -> Invitation:
    key = key_of(town, code)
    return next(item for item in town.items() if isinstance(item, Invitation) and item.key == key)


def key_of(town: Town, code: str) -> Key:
    """Where an invitation stands."""
    return invitation_key(mid_of(town), read(code) or "")


def place_of(town: Town, fid: str) -> Key:
    """Where a family stands."""
    return family_key(mid_of(town), fid)


def holds(town: Town, fid: str, orders: int) -> None:
    """So many orders hold something of its wallet, from now on."""
    _count(town, family_of(town, fid), {"held": orders})


@contextmanager
def counting(town: Town, item: Callable[[], Item], **counts: Any) -> Iterator[None]:
    """In the block an item counts what no order took of the wallet; afterwards what it counted before."""
    there = item()
    before = {name: getattr(there, name) for name in counts}
    _count(town, there, counts)
    yield
    _count(town, item(), before)


def _count(town: Town, item: Item, counts: dict[str, Any]) -> None:
    for name, value in counts.items():
        setattr(item, name, value)
    town.emulator.restore(item)


def cooled(*people: Person) -> None:
    """Everybody who has joined may spend, and logs in again."""
    clock.advance(COOLING)
    for person in people:
        person.come_back()
