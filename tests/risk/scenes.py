"""Two owners and the policy at one held act, and two accounts on one device."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.accounts.items import User
from chalicelib.sharing import tickets
from chalicelib.sharing.tickets import Seen
from infra.local.client import Api, Person
from tests.proof.acts import falls_due
from tests.proof.stage import Act, Scene
from tests.risk.play import hold, id_of, jar
from tests.sharing.friends import known_of
from tests.town import Town, send

HERE = Seen(address="203.0.113.9", device="device-0001")


def ruling(town: Town) -> Mapping[str, Act]:
    """There is room for one of two: approved, rejected, decided together, and left to the policy."""
    first = town.admin
    second = Api(send, first.post("/v1/admin/keys", {"name": "second", "role": "operator"})["api_key"])
    jar(town, "one", room=1)
    keys = hold(town, "one", town.person("ann").uid, town.person("ben").uid)
    ids = [id_of(key) for key in keys]
    place = "/v1/admin/held"
    return {
        "the owner approves ann": lambda: first.call("POST", f"{place}/{ids[0]}/approve", {}, key="approve-ann-once"),
        "the operator rejects ann": lambda: second.call("POST", f"{place}/{ids[0]}/reject", {}, key="reject-ann-once"),
        "the owner approves both": lambda: first.call(
            "POST", f"{place}/decide", {"held_ids": ids, "decision": "approve"}, key="approve-both-once"
        ),
        "ann's falls due": falls_due(town, keys[0]),
    }


def looks(town: Town) -> Mapping[str, Act]:
    """One device is known, the other is new."""
    ann, ben = (_user(town, town.person(name)) for name in ("ann", "ben"))
    known = {user.uid: known_of(user) for user in (ann, ben)}
    tickets.issue(ann, "jar:one", HERE, known[ann.uid])
    elsewhere = Seen(address="198.51.100.1", device="device-0002")
    return {
        "ben looks where ann did": lambda: bool(tickets.issue(ben, "jar:one", HERE, known[ben.uid])),
        "ann looks elsewhere": lambda: bool(tickets.issue(ann, "jar:one", elsewhere, known[ann.uid])),
        "ben looks elsewhere": lambda: bool(tickets.issue(ben, "jar:one", elsewhere, known[ben.uid])),
    }


def _user(town: Town, person: Person) -> User:
    return next(item for item in town.items() if isinstance(item, User) and item.uid == person.uid)


SCENES = [Scene("ruling", ruling), Scene("looks", looks)]
