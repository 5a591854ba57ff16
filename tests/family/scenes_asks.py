"""The situations of requests and payers in which things may happen at the same time."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.core import clock
from chalicelib.family.items import ask_key
from infra.local.client import Person
from tests.family.acts import wallet
from tests.family.asks_shop import asked, asks, buys, decides, pays_for
from tests.family.people import offers
from tests.family.scenes_people import about, acts, then
from tests.family.shop import household, mid_of
from tests.groupbuy.scenes import cancels, order_due
from tests.proof.acts import falls_due, one_key, people, told
from tests.proof.stage import Act, Scene
from tests.town import Town

DAY = 86_400


def deciding(person: Person, fid: str, ask_id: str, what: str) -> Act:
    return lambda: decides(person, fid, ask_id, what)


def requests(town: Town) -> Mapping[str, Act]:
    """At the last instant of a request for what is there once, which the wallet could pay once."""
    mum, ann, ben, dan = people(town, "mum", "ann", "ben", "dan")
    fid = household(town, mum, ann, ben, granted=4000, paid=6000)
    campaign = town.campaign(size=2, skus=[{**town.sku(), "stock": 2}])
    dan.pay(dan.buy(campaign).expect(201)).expect(200)
    town.hear()
    one, other = asked(ann, fid, campaign), asked(ben, fid, campaign)
    clock.advance(DAY)
    for person in (mum, ann, ben):
        person.come_back()
    return {
        "mum approves": deciding(mum, fid, one, "approve"),
        "mum pays": deciding(mum, fid, one, "pay"),
        "mum refuses": deciding(mum, fid, one, "refuse"),
        "ann withdraws": deciding(ann, fid, one, "withdraw"),
        "the request falls due": falls_due(town, ask_key(mid_of(town), fid, one)),
        "mum approves ben's": deciding(mum, fid, other, "approve"),
    }


def decided_meanwhile(town: Town) -> Mapping[str, Act]:
    """A request is decided while its asker, its family or its owner changes."""
    mum, ann, ben = people(town, "mum", "ann", "ben")
    fid = household(town, mum, ann, ben, granted=30_000)
    ask_id = asked(ann, fid, town.campaign())
    offers(mum, fid, ben).expect(200)
    return {
        "mum approves": deciding(mum, fid, ask_id, "approve"),
        "mum pays": deciding(mum, fid, ask_id, "pay"),
        "ben approves": deciding(ben, fid, ask_id, "approve"),
        "mum freezes ann": then(about(mum, fid, ann, "freeze")),
        "mum removes ann": then(about(mum, fid, ann, "remove")),
        "mum freezes all": then(acts(mum, fid, "freeze")),
        "ben accepts it": acts(ben, fid, "hand-over/accept"),
    }


def asking(town: Town) -> Mapping[str, Act]:
    """Somebody with four open requests may make one more."""
    mum, ann = people(town, "mum", "ann")
    fid, campaign = household(town, mum, ann), town.campaign()
    open_ones = [asked(ann, fid, campaign) for _ in range(4)]
    return {
        "ann asks": lambda: asks(ann, fid, campaign, key=one_key(ann, "asks")),
        "ann asks again": lambda: asks(ann, fid, campaign, key=one_key(ann, "asks again")),
        "ann withdraws": deciding(ann, fid, open_ones[0], "withdraw"),
        "ann leaves": then(acts(ann, fid, "leave")),
        "mum closes it": acts(mum, fid, "close"),
    }


def owner_pays(town: Town) -> Mapping[str, Act]:
    """One order waits for its payer, another is paid and WeChat has not told; a third is about to be made."""
    mum, ann, ben = people(town, "mum", "ann", "ben")
    fid, campaign = household(town, mum, ann, ben, granted=9000, per=9000), town.campaign()
    waiting, paid = buys(ann, campaign, fid).expect(201), buys(ann, campaign, fid).expect(201)
    mum.pay(pays_for(mum, paid["order_id"]).expect(200), notify=False).expect(200)
    offers(mum, fid, ben).expect(200)
    return {
        "mum asks to pay": lambda: pays_for(mum, waiting["order_id"]),
        "ann asks to pay": lambda: pays_for(ann, waiting["order_id"]),
        "ann cancels": cancels(ann, waiting),
        "the order falls due": order_due(town, waiting),
        "mum's payment is told": told(town, paid),
        "ann orders": lambda: buys(ann, campaign, fid, key=one_key(ann, "orders")),
        "ann orders what the wallet pays": lambda: buys(ann, campaign, fid, wallet(fid), key=one_key(ann, "has paid")),
        "mum freezes ann": then(about(mum, fid, ann, "freeze")),
        "mum freezes all": then(acts(mum, fid, "freeze")),
        "ben accepts it": acts(ben, fid, "hand-over/accept"),
    }


BUILDS = (requests, decided_meanwhile, asking, owner_pays)
SCENES = [Scene(f"family_{build.__name__}", build) for build in BUILDS]
