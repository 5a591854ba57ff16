"""The situations of a packet in which things may happen at the same time: its side of the proof harness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from chalicelib.core import clock, due
from chalicelib.core.outbox import OutboxEntry
from chalicelib.core.transaction import Lost, update_one
from chalicelib.orders.follows import FOLLOWS
from chalicelib.redpacket.items import Act, Claim, Unlock, act_key, packet_key
from chalicelib.rewards.give import coupon_of
from chalicelib.rewards.items import Coupon, coupon_key
from infra.local.client import Person
from tests.proof.acts import falls_due, one_key, people
from tests.proof.stage import Act as Acts
from tests.proof.stage import Scene
from tests.redpacket import shop
from tests.redpacket.shop import (
    COUPON,
    HOUR,
    LOOKED,
    bought,
    brought,
    claims,
    closes,
    gift_offer,
    goods,
    grown,
    helps,
    look_after,
    mid,
    of_order,
    refunds,
    shady,
    started,
    starts,
    takes,
    ticket,
    unlock_offer,
    until_end,
)
from tests.town import Town

TWO = [{"friend": 400, "own": 200}, {"friend": 200, "own": 200}]
THREE = [*TWO, {"friend": 100, "own": 0}]


def a_claim(person: Person, rid: str) -> Acts:
    """He has looked; now he taps, as often as his request is sent."""
    given = ticket(person, rid)
    return lambda: takes(person, rid, given, "claims", key=one_key(person, "claims"))


def a_help(person: Person, rid: str, key: str = "helps") -> Acts:
    given = ticket(person, rid)
    return lambda: takes(person, rid, given, "helps", key=one_key(person, key))


def packet_due(town: Town, rid: str) -> Acts:
    return falls_due(town, packet_key(mid(town), rid))


def act_due(town: Town, rid: str, person: Person, kind: type[Act] = Claim) -> Acts:
    return falls_due(town, act_key(mid(town), kind, rid, person.uid))


def decides(town: Town, rid: str, person: Person, *, yes: bool, kind: type[Act] = Claim) -> Acts:
    """The merchant decides about an act that waits."""
    return lambda: shop.decides(town, rid, person.uid, yes=yes, kind=kind, key=f"one-key-to-say-{yes}")


def closing(town: Town, rid: str) -> Acts:
    return lambda: closes(town, rid, key="one-key-to-close-it")


def a_refund(town: Town, oid: str, amount_fen: int | None = None) -> Acts:
    return lambda: refunds(town, oid, amount_fen, key=f"one-key-to-refund-{amount_fen}")


def starting(town: Town) -> Mapping[str, Acts]:
    """The last of a budget, for people who may have one packet at once; one of them has had one already."""
    limits = {"starts": 2, "active": 1, "helps": 3, "helps_a_day": 3}
    campaign = town.campaign(unlock_offer(budget={"fen": 600}, nodes=[{"friends": 1, "amount": 300}], limits=limits))
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    rid = started(ann, campaign)
    helps(cat, rid).expect(201)
    look_after(town, rid)
    return {
        "ann starts": lambda: starts(ann, campaign, key=one_key(ann, "starts")),
        "ann starts another": lambda: starts(ann, campaign, key=one_key(ann, "another")),
        "ben starts": lambda: starts(ben, campaign, key=one_key(ben, "starts")),
    }


def giving(town: Town) -> Mapping[str, Acts]:
    """The last gift of a budget, which two customers want to give, and one that a newcomer may take before its end."""
    (ann, ben), cat = people(town, "ann", "ben"), town.person("cat")
    for customer in (ann, ben):
        bought(town, customer, town.campaign())
    clock.advance(shop.GROWN)
    campaign = town.campaign(gift_offer(budget={"fen": 1000}))
    rid = started(ann, campaign)
    until_end(town, rid)
    clock.advance(-LOOKED)
    cats = a_claim(cat, rid)
    clock.advance(LOOKED)
    return {
        "ann gives": lambda: starts(ann, campaign, key=one_key(ann, "gives")),
        "ben gives": lambda: starts(ben, campaign, key=one_key(ben, "gives")),
        "cat claims": cats,
        "the gift falls due": packet_due(town, rid),
    }


def last_share(town: Town) -> Mapping[str, Acts]:
    """One share is left in the last instant of a packet, and three friends have looked; one may claim once more."""
    ann, ben, cat, dan = grown(town, "ann", "ben", "cat", "dan")
    campaign = town.campaign(goods(TWO, packet={"claims": 1, "claims_a_day": 1}))
    rid, other = brought(town, ann, campaign), brought(town, ann, campaign)
    claims(ben, rid).expect(201)
    until_end(town, rid)
    clock.advance(-LOOKED)
    cats, dans, elsewhere = a_claim(cat, rid), a_claim(dan, rid), ticket(cat, other)
    clock.advance(LOOKED)
    return {
        "cat claims": cats,
        "dan claims": dans,
        "cat claims elsewhere": lambda: takes(cat, other, elsewhere, "claims", key=one_key(cat, "elsewhere")),
        "ben's claim falls due": act_due(town, rid, ben),
        "the packet falls due": packet_due(town, rid),
    }


def settling(town: Town) -> Mapping[str, Acts]:
    """A packet of an order in its last instant: one share is left, one claim waits and another is made."""
    ann, ben, cat, dan = grown(town, "ann", "ben", "cat", "dan")
    rid = brought(town, ann, town.campaign(goods(TWO)))
    shady(town, ben)
    claims(cat, rid).expect(201)
    claims(ben, rid).expect(201)
    until_end(town, rid)
    clock.advance(-LOOKED)
    dans = a_claim(dan, rid)
    clock.advance(LOOKED)
    return {
        "the merchant takes ben's claim": decides(town, rid, ben, yes=True),
        "the merchant refuses ben's claim": decides(town, rid, ben, yes=False),
        "ben's claim falls due": act_due(town, rid, ben),
        "the packet falls due": packet_due(town, rid),
        "dan claims": dans,
        "the merchant closes": closing(town, rid),
    }


def unlocking(town: Town) -> Mapping[str, Acts]:
    """Two nodes that two friends reach together in the last instant; a third friend's help waits."""
    ann, ben, cat, dan, eve = grown(town, "ann", "ben", "cat", "dan", "eve")
    nodes = [{"friends": 1, "amount": 100}, {"friends": 3, "amount": 200}]
    rid = started(ann, town.campaign(unlock_offer(nodes=nodes)))
    shady(town, eve)
    helps(ben, rid).expect(201)
    helps(eve, rid).expect(201)
    until_end(town, rid)
    clock.advance(-LOOKED)
    cats, dans = a_help(cat, rid), a_help(dan, rid)
    clock.advance(LOOKED)
    return {
        "cat helps": cats,
        "dan helps": dans,
        "the packet falls due": packet_due(town, rid),
        "eve's help falls due": act_due(town, rid, eve, Unlock),
        "the merchant refuses eve's help": decides(town, rid, eve, yes=False, kind=Unlock),
        "the merchant closes": closing(town, rid),
    }


def node_due(town: Town) -> Mapping[str, Acts]:
    """Two nodes are reached and none is given yet; the last may be reached meanwhile."""
    ann, ben, cat, dan = grown(town, "ann", "ben", "cat", "dan")
    nodes = [{"friends": 1, "amount": 100}, {"friends": 2, "amount": 200}, {"friends": 3, "amount": 50}]
    rid = started(ann, town.campaign(unlock_offer(nodes=nodes)))
    for friend in (ben, cat):
        helps(friend, rid).expect(201)
    dans = a_help(dan, rid)
    clock.advance(LOOKED)
    return {
        "the packet falls due": packet_due(town, rid),
        "dan helps": dans,
        "the merchant closes": closing(town, rid),
    }


def holding(town: Town) -> Mapping[str, Acts]:
    """The last instant in which an act may be held: there is room for one, and one friend may help once more today."""
    ann, ben, cat, dan = grown(town, "ann", "ben", "cat", "dan")
    limits = {"starts": 3, "active": 3, "helps": 9, "helps_a_day": 2}
    campaign = town.campaign(unlock_offer(nodes=[{"friends": 2, "amount": 100}], limits=limits))
    rid, other = started(ann, campaign), started(ann, campaign)
    for friend in (ben, cat, dan):
        shady(town, friend)
    helps(dan, rid).expect(201)
    helps(ben, started(ann, campaign)).expect(201)
    until_end(town, rid)
    clock.advance(-600 - LOOKED)
    bens, cats, elsewhere = a_help(ben, rid), a_help(cat, rid), ticket(ben, other)
    clock.advance(LOOKED)
    return {
        "ben helps": bens,
        "cat helps": cats,
        "ben helps elsewhere": lambda: takes(ben, other, elsewhere, "helps", key=one_key(ben, "elsewhere")),
        "the merchant closes": closing(town, rid),
    }


def another_day(town: Town) -> Mapping[str, Acts]:
    """A claim waits since yesterday for a packet that was claimed without it; its claimer has claimed again today."""
    ann, ben, cat, dan = grown(town, "ann", "ben", "cat", "dan")
    long = {"life_seconds": 6 * HOUR, "held_claims_pass_after_seconds": 5 * HOUR}
    campaign = town.campaign(goods(TWO, packet=long))
    rid, other = brought(town, ann, campaign), brought(town, ann, campaign)
    shady(town, ben)
    claims(ben, rid).expect(201)
    clock.advance(4 * HOUR)
    for person in (ann, ben, cat, dan):
        person.come_back()
    for friend in (cat, dan):
        claims(friend, rid).expect(201)
    bens = a_claim(ben, other)
    clock.advance(LOOKED)
    return {
        "ben's claim falls due": act_due(town, rid, ben),
        "ben claims elsewhere": bens,
    }


def making(town: Town) -> Mapping[str, Acts]:
    """Two orders want the last packet of a budget, and nobody was told of them yet; the money of one goes back."""
    ann, ben = grown(town, "ann", "ben")
    campaign = town.campaign(goods(TWO, after={"budget": {"fen": 1000}, "least_paid_fen": 5000}))
    first = bought(town, ann, campaign)
    bought(town, ben, campaign)
    return {
        "ann's money goes back": a_refund(town, first),
        "some of ann's money goes back": a_refund(town, first, 4000),
    }


def going_back(town: Town) -> Mapping[str, Acts]:
    """The order's money goes back while its packet is claimed: one share is given and half spent, one is owed."""
    ann, ben, cat, dan = grown(town, "ann", "ben", "cat", "dan")
    campaign = town.campaign(goods(THREE))
    oid = bought(town, ann, campaign)
    town.stream()
    rid = of_order(campaign, oid)
    claims(ben, rid).expect(201)
    town.stream()
    claims(cat, rid).expect(201)
    dans = a_claim(dan, rid)
    clock.advance(LOOKED)
    return {
        "ann's money goes back": a_refund(town, oid),
        "cat's claim falls due": act_due(town, rid, cat),
        "dan claims": dans,
        "the packet falls due": packet_due(town, rid),
        "the merchant closes": closing(town, rid),
    }


def clawing(town: Town) -> Mapping[str, Acts]:
    """A packet of coupons is being taken back: an order is about to use one, one is used, one is owed, one waits."""
    ann, ben, cat, dan, eve = grown(town, "ann", "ben", "cat", "dan", "eve")
    campaign = town.campaign(goods([{"friend": 400, "own": 200}] * 4, packet={"form": COUPON}))
    oid = bought(town, ann, campaign)
    town.stream()
    rid = of_order(campaign, oid)
    for friend in (ben, cat):
        claims(friend, rid).expect(201)
    town.stream()
    mark(town, rid, cat, "used another")
    shady(town, eve)
    claims(dan, rid).expect(201)
    claims(eve, rid).expect(201)
    refunds(town, oid).expect(200)
    hear_of_orders(town)
    return {
        "the packet falls due": packet_due(town, rid),
        "dan's claim falls due": act_due(town, rid, dan),
        "ben's order uses his coupon": lambda: uses(town, rid, ben),
        "the merchant takes eve's claim": decides(town, rid, eve, yes=True),
        "eve's claim falls due": act_due(town, rid, eve),
    }


def hear_of_orders(town: Town) -> None:
    """Who follows orders is told of everything; nothing else of the stream arrives."""
    for item in town.items():
        if isinstance(item, OutboxEntry) and item.effect == FOLLOWS and item.gsi2sk:
            due.handle(item.key, item.gsi2sk)


def uses(town: Town, rid: str, person: Person) -> None:
    """An order locks the coupon that he claimed, and is paid."""
    mark(town, rid, person, "locked another")
    mark(town, rid, person, "used another")


def mark(town: Town, rid: str, person: Person, what: str | None) -> None:
    """Some order locks, uses or lets go of the coupon that he claimed, while it is valid."""
    key = coupon_key(mid(town), person.uid, coupon_of(rid))
    valid = {"valid": Coupon.invalid_at.does_not_exist()}
    with suppress(Lost):
        update_one(key, [Coupon.p0.set(what) if what else Coupon.p0.remove()], when=valid)


BUILDS: tuple[Callable[[Town], Mapping[str, Acts]], ...] = (
    *(starting, giving, last_share, settling, unlocking, node_due),
    *(holding, another_day, making, going_back, clawing),
)
SCENES = [Scene(f"packet_{build.__name__}", build) for build in BUILDS]
