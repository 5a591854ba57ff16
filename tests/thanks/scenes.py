"""The situations of what orders bring, and of a rain, in which things may happen at the same time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chalicelib.core import clock
from infra.local.client import Person
from tests.campaigns.rewards import rain_offer
from tests.fulfilment.shop import PARCEL, Bought
from tests.orders.purse import purse
from tests.proof.acts import falls_due, one_key, people
from tests.proof.stage import Act, Scene
from tests.thanks.shop import (
    GROWN,
    LOOKED,
    arrive,
    claim_key,
    claims,
    entry_key,
    giving,
    key_of,
    orders,
    pass_days,
    raining,
    thanked,
    ticket,
    wait_for,
)
from tests.town import Town


def delivered(town: Town, bought: Bought) -> Act:
    """A worker tells who follows the order that it is confirmed."""
    return falls_due(town, entry_key(town, bought))


def refunded(bought: Bought, amount_fen: int | None, what: str) -> Act:
    """The merchant gives money back, however often his request is sent."""
    return lambda: bought.refund(amount_fen, key=one_key(bought.buyer, what))


def last_budget(town: Town) -> Mapping[str, Act]:
    """Two orders are confirmed, and the budget reaches for one; one of them may be given back."""
    campaign = giving(town, budget={"fen": 500, "points": 1000})
    anns, bens = orders(town, campaign, "ann"), orders(town, campaign, "ben")
    return {
        "ann's order is told": delivered(town, anns),
        "ben's order is told": delivered(town, bens),
        "ann's money goes back": refunded(anns, None, "all of it"),
    }


def told_late(town: Town) -> Mapping[str, Act]:
    """An order was confirmed and nobody was told yet; its money goes back: all, or so much that it counts no more."""
    bought = orders(town, giving(town, least_paid_fen=5_000), "ann")
    return {
        "the order is told": delivered(town, bought),
        "all of it goes back": refunded(bought, None, "all of it"),
        "most of it goes back": refunded(bought, 4_000, "most of it"),
    }


def hold_over(town: Town) -> Mapping[str, Act]:
    """Nobody may ask for his money any more: gift and points are due, and the merchant gives some back, or all.

    A part of it was paid by something else than money.
    """
    bought = orders(town, giving(town), "ann", purse(town, town.person("ann"), 3050))
    town.stream()
    arrive(bought)
    pass_days(town, 2)
    bought.buyer.come_back()
    asks = bought.ask
    clock.advance(0.001)
    return {
        "the gift falls due": falls_due(town, key_of(town, bought, "gift")),
        "the points fall due": falls_due(town, key_of(town, bought, "points")),
        "a part goes back": refunded(bought, 4_000, "a part"),
        "all of it goes back": refunded(bought, None, "all of it"),
        "ann asks too late": lambda: asks(key=one_key(bought.buyer, "asks")),
    }


def awaited(town: Town) -> Mapping[str, Act]:
    """Gift and points are looked at while the goods are on their way, and money may go back."""
    bought = thanked(town, giving(town), "ann")
    bought.send(PARCEL).expect(200)
    return {
        "the gift falls due": falls_due(town, key_of(town, bought, "gift")),
        "ann has received it": bought.received,
        "ann asks for her money": lambda: bought.ask(key=one_key(bought.buyer, "asks")),
        "all of it goes back": refunded(bought, None, "all of it"),
    }


def given(town: Town) -> Mapping[str, Act]:
    """Gift and points were given; money goes back, twice over."""
    bought = thanked(town, giving(town, least_paid_fen=5_000), "ann")
    arrive(bought)
    pass_days(town, 2.5)
    return {
        "most of it goes back": refunded(bought, 4_000, "most of it"),
        "all of it goes back": refunded(bought, None, "all of it"),
    }


def begun(town: Town, *names: str, doubted: bool = False, **changes: Any) -> tuple[str, dict[str, Act]]:
    """A rain whose first burst runs, and people who have looked: each may claim, as often as his request is sent."""
    there = people(town, *names)
    clock.advance(GROWN)
    campaign = raining(town, **changes)
    wait_for(town.admin.get(f"/v1/admin/campaigns/{campaign}/bursts"), 1)
    for person in there if doubted else ():
        town.act("/_sim/ranks", name=person.name, rank=3)
    given = {person.name: a_claim(person, campaign) for person in there}
    clock.advance(LOOKED)
    return campaign, {f"{name} claims": act for name, act in given.items()}


def a_claim(person: Person, campaign: str, burst: int = 1, what: str = "claims") -> Act:
    mine = ticket(person, campaign)
    return lambda: claims(person, campaign, burst, mine, key=one_key(person, what))


def last_of_a_burst(town: Town) -> Mapping[str, Act]:
    """One gift of a burst is left, and three people are about to claim."""
    burst = rain_offer(clock.now() + timedelta(seconds=GROWN))["bursts"][0]
    _, acts = begun(town, "ann", "ben", "cat", bursts=[{**burst, "count": 1}])
    return acts


def one_person(town: Town) -> Mapping[str, Act]:
    """Somebody taps on two phones, and may claim of one burst only, of none that has not begun; his claim falls due."""
    bursts = rain_offer(clock.now() + timedelta(seconds=GROWN))["bursts"]
    campaign, acts = begun(town, "ann", bursts=[{**burst, "count": 8} for burst in bursts], bursts_each=1)
    ann = town.person("ann")
    again = a_claim(ann, campaign, what="claims anew")
    early = a_claim(ann, campaign, burst=2, what="claims too early")
    clock.advance(LOOKED)
    mine = falls_due(town, claim_key(town, ann, campaign, 1))
    more = {"ann claims on another phone": again, "ann claims of the next": early, "the claim falls due": mine}
    return {**acts, **more}


def doubtful(town: Town) -> Mapping[str, Act]:
    """Of somebody whom WeChat doubts the merchant is asked, at once and for a week."""
    campaign, acts = begun(town, "ann", doubted=True)
    return {**acts, "the claim falls due": falls_due(town, claim_key(town, town.person("ann"), campaign, 1))}


ORDERED = (last_budget, told_late, awaited, hold_over, given)
RAINY = (last_of_a_burst, one_person, doubtful)
SCENES = (
    *(Scene(f"thanks_{build.__name__}", build) for build in ORDERED),
    *(Scene(f"rain_{build.__name__}", build) for build in RAINY),
)
