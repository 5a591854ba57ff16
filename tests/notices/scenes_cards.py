"""Groups that are sent as live cards, while people pay, look and workers come at the same time."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.core import clock, due
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.notices.card_items import Card, card_key
from chalicelib.notices.card_rules import FIRST_LOOK, LEAST_LEFT, PACE
from infra.local.client import Person
from tests.groupbuy.scenes import group_due, holds
from tests.proof.acts import people, told
from tests.proof.stage import Act, Scene
from tests.town import Town

HOUR = 3600
DAY = 24 * HOUR


def card_due(town: Town, group: str) -> Act:
    """A worker finds the card where it is due, and leaves what another has leased: no card is told of by two."""
    key = card_key(MerchantId(town.merchant.mid), "group", group)

    def act() -> None:
        card = read_one(Card, key)
        if card is not None and card.gsi2sk is not None and card.due is not None and card.due <= clock.now():
            due.handle(key, card.gsi2sk)

    return act


def looks(person: Person, group: str) -> Act:
    return lambda: person.api.call("GET", f"/v1/groups/{group}")


def _group(town: Town, size: int) -> tuple[Person, str]:
    leader, seat = town.opened(town.campaign(size=size, group_seconds=HOUR))
    return leader, seat["group_id"]


def followed(town: Town) -> Mapping[str, Act]:
    """A card that says too little: one has paid since it was sent, and two whose payments complete the group have paid
    at WeChat."""
    leader, group = _group(town, 4)
    looks(leader, group)()
    clock.advance(FIRST_LOOK.total_seconds())
    town.joined(group)
    ann, ben = people(town, "ann", "ben")
    anns, bens = holds(ann, group, pays=True), holds(ben, group, pays=True)
    worker = card_due(town, group)

    def later() -> None:
        clock.advance(PACE.total_seconds())
        worker()

    return {
        "ann's payment is told": told(town, anns),
        "ben's payment is told": told(town, bens),
        "a worker takes the card": worker,
        "a worker takes the card later": later,
        "the group falls due": group_due(town, group),
    }


def made(town: Town) -> Mapping[str, Act]:
    """An open group that nobody has shared, and one who has paid at WeChat."""
    _, group = _group(town, 3)
    ann, ben, cat = people(town, "ann", "ben", "cat")
    cats = holds(cat, group, pays=True)
    return {
        "ann looks": looks(ann, group),
        "ben looks": looks(ben, group),
        "cat's payment is told": told(town, cats),
    }


def renewed(town: Town) -> Mapping[str, Act]:
    """A card with minutes to live, which says too little."""
    leader, seat = town.opened(town.campaign(size=4, group_seconds=2 * DAY, shipping={"within_hours": 72}))
    group = seat["group_id"]
    looks(leader, group)()
    clock.advance(DAY - LEAST_LEFT.total_seconds() + 1)
    town.joined(group)
    ann, ben = people(town, "ann", "ben")
    return {
        "ann looks": looks(ann, group),
        "ben looks": looks(ben, group),
        "a worker takes the card": card_due(town, group),
    }


SCENES = [
    Scene("cards_followed", followed),
    Scene("cards_made", made),
    Scene("cards_renewed", renewed),
]
