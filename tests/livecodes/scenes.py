"""The situations of live codes in which things may happen at the same time: their side of the proof harness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.core import clock
from infra.local.client import Person
from tests.livecodes import pictures, shop
from tests.proof.acts import falls_due, people
from tests.proof.stage import Act, Scene
from tests.sharing.friends import comes_by
from tests.town import Town


def asks(person: Person, lid: str) -> Act:
    """Somebody asks for a place, however often."""
    return lambda: shop.takes(person, lid)


def retargets(town: Town, lid: str, number: int, **changes: Any) -> Act:
    """The merchant edits a target as he sees it now, however often his request is sent."""
    edition = shop.record(town, lid)["edition"]
    to = changes.pop("to", None)
    return lambda: shop.retargets(town, lid, number, edition=edition, to=to, **changes)


def turns(town: Town, lid: str, number: int, act: str) -> Act:
    return lambda: shop.turns(town, lid, number, act, key=f"{act}-{number}-{lid}")


def moves(town: Town, lid: str, act: str) -> Act:
    return lambda: shop.moves(town, lid, act, key=f"{act}-{lid}")


def adds(town: Town, lid: str, target: dict[str, Any]) -> Act:
    return lambda: shop.adds(town, lid, target, key=f"adds-{lid}")


def two_last_places(town: Town) -> Mapping[str, Act]:
    """Two targets have a place each; three people ask, one of whom came by another's share."""
    lid = shop.made(town, shop.group(1), shop.group(1))
    ann, ben, cat = people(town, "ann", "ben", "cat")
    comes_by(ben, shop.looks(ann, lid)["share"])
    return {f"{person.name} asks": asks(person, lid) for person in (ann, ben, cat)}


def capacity_changes(town: Town) -> Mapping[str, Act]:
    """One place is left at the first target, which its merchant closes, lowers and raises, or pauses, as people ask."""
    lid = shop.made(town, shop.group(3), shop.page(2))
    ann, ben, cat, dan = people(town, "ann", "ben", "cat", "dan")
    for person in (cat, dan):
        shop.takes(person, lid).expect(200)
    return {
        "ann asks": asks(ann, lid),
        "ben asks": asks(ben, lid),
        "cat asks again": asks(cat, lid),
        "the first is lowered to what is taken": retargets(town, lid, 1, capacity=2),
        "the first is lowered below that": retargets(town, lid, 1, capacity=1),
        "the first is raised": retargets(town, lid, 1, capacity=4),
        "the first is closed": turns(town, lid, 1, "close"),
        "the code is paused": moves(town, lid, "pause"),
        "the code is ended": moves(town, lid, "end"),
    }


def sent_on(town: Town) -> Mapping[str, Act]:
    """The first target was closed with two people in it; one place is left at the second."""
    lid = shop.made(town, shop.group(3), shop.page(1))
    ann, ben, cat = people(town, "ann", "ben", "cat")
    for person in (ann, ben):
        shop.takes(person, lid).expect(200)
    shop.turns(town, lid, 1, "close").expect(200)
    return {
        "ann asks": asks(ann, lid),
        "ben asks": asks(ben, lid),
        "cat asks": asks(cat, lid),
        "the first is reopened": turns(town, lid, 1, "reopen"),
        "the second is closed": turns(town, lid, 2, "close"),
        "a third is added": adds(town, lid, shop.store(1)),
    }


def wide_page(town: Town) -> Mapping[str, Act]:
    """A page in three parts that have two places left together."""
    lid = shop.made(town, shop.page(1001))
    (dan,) = people(town, "dan")
    shop.takes(dan, lid).expect(200)
    shop.retargets(town, lid, 1, capacity=3).expect(200)
    ann, ben, cat = people(town, "ann", "ben", "cat")
    return {
        "ann asks": asks(ann, lid),
        "ben asks": asks(ben, lid),
        "cat asks": asks(cat, lid),
        "it is lowered to two": retargets(town, lid, 1, capacity=2),
        "it is raised, and wider": retargets(town, lid, 1, capacity=2000),
    }


def qr_code_ends(town: Town) -> Mapping[str, Act]:
    """A group's QR code ends in an hour, and its merchant is to be told; he renews it, closes the group, or ends it."""
    lid = shop.made(town, shop.group(2, days=2), shop.page(1))
    clock.advance(47 * 3600)
    ann, ben = people(town, "ann", "ben")
    renewed = {"picture_id": pictures.id_of(town, "QR2"), "until": clock.iso(shop.in_days(6))}
    edition = shop.record(town, lid)["edition"]
    return {
        "ann asks": asks(ann, lid),
        "ben asks": asks(ben, lid),
        "its due entry falls due": falls_due(town, shop.key_of(town, lid)),
        "the QR code is renewed": retargets(town, lid, 1, to=renewed),
        "the group is closed": turns(town, lid, 1, "close"),
        "the code is ended": moves(town, lid, "end"),
        "its texts are edited": lambda: shop.edits(town, lid, edition=edition, title="新的标题"),
        "somebody else edits them": lambda: shop.edits(town, lid, edition=edition, title="别的标题"),
        "it is made again": lambda: shop.makes(town, shop.page(3), key="one-key-for-a-live-code"),
    }


SCENES = [
    Scene("live_two_last_places", two_last_places),
    Scene("live_capacity_changes", capacity_changes),
    Scene("live_sent_on", sent_on),
    Scene("live_wide_page", wide_page),
    Scene("live_qr_code_ends", qr_code_ends),
]
