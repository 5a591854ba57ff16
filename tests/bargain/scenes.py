"""The situations of a bargain in which things may happen at the same time: its side of the proof harness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.bargain.items import bargain_key, help_key
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.orders.items import order_key
from infra.local.client import Person
from tests.bargain import shop
from tests.bargain.shop import (
    HOUR,
    LOOKED,
    SKU,
    bargain,
    befriend,
    buys,
    cancels,
    closes,
    gives,
    grown,
    helps,
    offer,
    started,
    starts,
    ticket,
)
from tests.proof.acts import falls_due, one_key, people, told
from tests.proof.stage import Act, Scene
from tests.town import Town


def a_help(person: Person, bid: str) -> Act:
    """He has looked; now he taps, as often as his request is sent."""
    given = ticket(person, bid)
    return lambda: gives(person, bid, given, key=one_key(person, "helps"))


def a_purchase(person: Person, bid: str, key: str = "buys") -> Act:
    return lambda: buys(person, bid, key=one_key(person, key))


def bargain_due(town: Town, bid: str) -> Act:
    return falls_due(town, bargain_key(MerchantId(town.merchant.mid), bid))


def help_due(town: Town, bid: str, person: Person) -> Act:
    return falls_due(town, help_key(MerchantId(town.merchant.mid), bid, person.uid))


def order_due(town: Town, order: Mapping[str, Any]) -> Act:
    return falls_due(town, order_key(MerchantId(town.merchant.mid), order["order_id"]))


def decides(town: Town, bid: str, person: Person, *, yes: bool) -> Act:
    """The merchant decides about a help that waits."""
    return lambda: shop.decides(town, bid, person.uid, yes=yes, key=f"one-key-to-say-{yes}")


def closing(town: Town, bid: str) -> Act:
    return lambda: closes(town, bid, key="one-key-to-close-it")


def until_end(town: Town, bid: str) -> None:
    """The very last instant of its time: a help still counts, and its end may be looked after."""
    clock.advance((bargain(town, bid).expires_at - clock.now()).total_seconds())


def starting(town: Town) -> Mapping[str, Act]:
    """The last unit of one SKU and the last of the budget, for people who may have one bargain each."""
    skus = [{**SKU, "stock": 1}, {**SKU, "sku_id": "box-2"}]
    limits = {"starts": 2, "active": 1}
    campaign = town.campaign(offer(skus=skus, budget_fen=6500, cuts=2, limits=limits))
    ann, ben, cat = people(town, "ann", "ben", "cat")
    return {
        "ann starts": lambda: starts(ann, campaign, "box-1", key=one_key(ann, "starts")),
        "ann starts another": lambda: starts(ann, campaign, "box-2", key=one_key(ann, "another")),
        "ben starts": lambda: starts(ben, campaign, "box-1", key=one_key(ben, "starts")),
        "cat starts": lambda: starts(cat, campaign, "box-2", key=one_key(cat, "starts")),
    }


def last_help(town: Town) -> Mapping[str, Act]:
    """One part is left in the last instant of a bargain, and three friends have looked; one may help once more."""
    ann, ben, cat, dan = grown(town, "ann", "ben", "cat", "dan")
    campaign = town.campaign(offer(cuts=2, limits={"starts": 3, "active": 3, "helps": 1, "helps_a_day": 1}))
    bid, other = started(ann, campaign), started(ann, campaign)
    helps(ben, bid).expect(201)
    until_end(town, bid)
    clock.advance(-LOOKED)
    cats, dans = a_help(cat, bid), a_help(dan, bid)
    elsewhere = ticket(cat, other)
    clock.advance(LOOKED)
    return {
        "cat helps": cats,
        "dan helps": dans,
        "cat helps elsewhere": lambda: gives(cat, other, elsewhere, key=one_key(cat, "elsewhere")),
        "the bargain falls due": bargain_due(town, bid),
    }


def early(town: Town) -> Mapping[str, Act]:
    """A bargain that may be bought early, with a friend about to help and its owner about to give it up."""
    ann, ben = grown(town, "ann", "ben")
    bid = started(ann, town.campaign(offer(cuts=2)))
    bens = a_help(ben, bid)
    clock.advance(LOOKED)
    return {
        "ben helps": bens,
        "ann buys": a_purchase(ann, bid),
        "ann buys with another key": a_purchase(ann, bid, "buys anew"),
        "ann gives up": lambda: cancels(ann, bid),
        "the merchant closes": closing(town, bid),
    }


def paying(town: Town) -> Mapping[str, Act]:
    """An early order is paid at WeChat and nobody has been told; a help waits for the merchant."""
    ann, ben = grown(town, "ann", "ben")
    campaign = town.campaign(offer(cuts=2, held_helps_pass_after_seconds=600))
    bid = started(ann, campaign)
    befriend(ann, campaign, ben)
    helps(ben, bid).expect(201)
    order = buys(ann, bid).expect(201)
    ann.pay(order, notify=False).expect(200)
    clock.advance(1000)
    return {
        "ann's payment is told": told(town, order),
        "ann's order falls due": order_due(town, order),
        "the merchant closes": closing(town, bid),
        "the merchant takes ben's help": decides(town, bid, ben, yes=True),
        "ben's help falls due": help_due(town, bid, ben),
    }


def unpaid(town: Town, **options: Any) -> Mapping[str, Act]:
    """An early order that nobody has paid is given up, and its bargain goes on or ends."""
    ann, ben = grown(town, "ann", "ben")
    bid = started(ann, town.campaign(offer(cuts=2, **options)))
    bens = a_help(ben, bid)
    clock.advance(LOOKED)
    order = buys(ann, bid).expect(201)
    ann.api.post(f"/v1/orders/{order['order_id']}/cancel")
    return {
        "ann's order falls due": order_due(town, order),
        "ann buys again": a_purchase(ann, bid, "buys again"),
        "the merchant closes": closing(town, bid),
        "ben helps": bens,
    }


def unpaid_and_unreserved(town: Town) -> Mapping[str, Act]:
    return unpaid(town, reserve="order")


def settling(town: Town) -> Mapping[str, Act]:
    """A bargain in its last instant: one part is left, one help waits and another is given."""
    ann, ben, cat, dan = grown(town, "ann", "ben", "cat", "dan")
    campaign = town.campaign(offer(cuts=2))
    bid = started(ann, campaign)
    befriend(ann, campaign, ben)
    helps(cat, bid).expect(201)
    helps(ben, bid).expect(201)
    until_end(town, bid)
    clock.advance(-LOOKED)
    dans = a_help(dan, bid)
    clock.advance(LOOKED)
    return {
        "the merchant takes ben's help": decides(town, bid, ben, yes=True),
        "the merchant refuses ben's help": decides(town, bid, ben, yes=False),
        "ben's help falls due": help_due(town, bid, ben),
        "the bargain falls due": bargain_due(town, bid),
        "dan helps": dans,
        "ann gives up": lambda: cancels(ann, bid),
    }


def holding(town: Town) -> Mapping[str, Act]:
    """The last instant in which a help may be held: there is room for one, and one friend may help once more today."""
    ann, ben, cat, dan = grown(town, "ann", "ben", "cat", "dan")
    campaign = town.campaign(offer(cuts=2, limits={"starts": 3, "active": 3, "helps": 9, "helps_a_day": 3}))
    bid, other = started(ann, campaign), started(ann, campaign)
    befriend(ann, campaign, ben, cat, dan)
    for friend in (cat, dan):
        befriend(ben, campaign, friend)
    helps(dan, bid).expect(201)
    until_end(town, bid)
    clock.advance(-600 - LOOKED)
    bens, cats, elsewhere = a_help(ben, bid), a_help(cat, bid), ticket(ben, other)
    clock.advance(LOOKED)
    return {
        "ben helps": bens,
        "cat helps": cats,
        "ben helps elsewhere": lambda: gives(ben, other, elsewhere, key=one_key(ben, "elsewhere")),
        "ann buys": a_purchase(ann, bid),
    }


def at_floor(town: Town) -> Mapping[str, Act]:
    """A bargain at its floor whose unit is taken by the order, the last one, and a help that is no longer needed."""
    ann, ben, cat, dan = grown(town, "ann", "ben", "cat", "dan")
    campaign = town.campaign(offer(cuts=2, reserve="order", skus=[{**SKU, "stock": 1}], claim_seconds=2 * HOUR))
    bid, other = started(ann, campaign), started(dan, campaign)
    befriend(ann, campaign, ben)
    helps(ben, bid).expect(201)
    for friend in (cat, dan):
        helps(friend, bid).expect(201)
    clock.advance(HOUR - 900)
    return {
        "ann buys": a_purchase(ann, bid),
        "dan buys his": a_purchase(dan, other),
        "ann gives up": lambda: cancels(ann, bid),
        "ben's help falls due": help_due(town, bid, ben),
        "the merchant refuses ben's help": decides(town, bid, ben, yes=False),
    }


def missed(town: Town) -> Mapping[str, Act]:
    """The claim window of a bargain is over; its order at the floor is paid at WeChat, and another bargain's is not."""
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    campaign = town.campaign(offer(cuts=2, claim_seconds=HOUR // 2))
    bid, other = started(ann, campaign), started(ann, campaign)
    for friend in (ben, cat):
        for one in (bid, other):
            helps(friend, one).expect(201)
    clock.advance(HOUR // 2 - 180)
    order, unpaid_order = buys(ann, bid).expect(201), buys(ann, other).expect(201)
    ann.pay(order, notify=False).expect(200)
    clock.advance(180)
    return {
        "ann's payment is told": told(town, order),
        "ann's order falls due": order_due(town, order),
        "ann's other order falls due": order_due(town, unpaid_order),
    }


def another_day(town: Town) -> Mapping[str, Act]:
    """A help waits since yesterday for a bargain that got there without it; its helper has helped again today."""
    ann, ben, cat, dan = grown(town, "ann", "ben", "cat", "dan")
    long = {"bargain_seconds": 6 * HOUR, "held_helps_pass_after_seconds": 5 * HOUR}
    campaign = town.campaign(offer(cuts=2, **long))
    bid, other = started(ann, campaign), started(dan, campaign)
    befriend(ann, campaign, ben)
    helps(ben, bid).expect(201)
    clock.advance(4 * HOUR)
    for person in (ann, ben, cat, dan):
        person.come_back()
    for friend in (cat, dan):
        helps(friend, bid).expect(201)
    bens = a_help(ben, other)
    clock.advance(LOOKED)
    return {
        "ben's help falls due": help_due(town, bid, ben),
        "ben helps elsewhere": bens,
    }


def given_back(town: Town) -> Mapping[str, Act]:
    """Two bargains are bought early, one with a unit of the order: all their money goes back."""
    ann, ben = grown(town, "ann", "ben")
    orders = []
    for reserve in ("start", "order"):
        bid = started(ann, town.campaign(offer(cuts=2, reserve=reserve)))
        helps(ben, bid).expect(201)
        order = buys(ann, bid).expect(201)
        ann.pay(order).expect(200)
        town.hear()
        orders.append(order)
    path = "/v1/admin/orders/{}/refund"
    body = {"note": "sold out"}
    first, second = (path.format(order["order_id"]) for order in orders)
    return {
        "its money goes back": lambda: town.admin.call("POST", first, body, key="one-key-to-refund-it"),
        "the other's money goes back": lambda: town.admin.call("POST", second, body, key="one-key-for-the-other"),
    }


BUILDS: tuple[Callable[[Town], Mapping[str, Act]], ...] = (
    *(starting, last_help, early, paying, unpaid, unpaid_and_unreserved),
    *(settling, holding, at_floor, missed, another_day, given_back),
)
SCENES = [Scene(f"bargain_{build.__name__}", build) for build in BUILDS]
