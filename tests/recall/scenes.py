"""The situations of segments and recalls in which things may happen at the same time."""

from __future__ import annotations

from collections.abc import Mapping

from tests.proof.acts import falls_due, one_key, people
from tests.proof.stage import Act, Scene
from tests.recall.shop import buys, entries, sorts
from tests.town import Town


def counting(town: Town) -> Mapping[str, Act]:
    """Ann has an order that counts, and one that nobody was told of, as ben has; money of each goes back."""
    sorts(town)
    ann, ben = people(town, "ann", "ben")
    campaign = town.campaign()
    earlier = buys(town, campaign, ann)
    town.stream()
    later, bens = buys(town, campaign, ann), buys(town, campaign, ben)
    return {
        "ann's order is told": falls_due(town, entries(town, later)[0]),
        "all of her earlier one goes back": lambda: earlier.refund(key=one_key(ann, "all of it")),
        "ben's order is told": falls_due(town, entries(town, bens)[0]),
        "a part of it goes back": lambda: bens.refund(900, key=one_key(ben, "a part")),
    }


SCENES = [Scene("recall_counting", counting)]
