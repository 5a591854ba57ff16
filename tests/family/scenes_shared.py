"""The situations of a coupon that a family shares: its side of the proof harness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.orders.items import order_key
from infra.local.client import Person
from tests.coupons.shop import STACKED, buys, gets, takes_back
from tests.family.scenes_people import about, acts, then
from tests.family.shared_shop import (
    FOR_FAMILIES,
    joins_anew,
    leaves,
    ref,
    returns,
    shared,
    shares,
    unshares,
)
from tests.family.shop import household
from tests.proof.acts import falls_due, one_key, people, told
from tests.proof.stage import Act, Scene
from tests.town import Town


def an_order(person: Person, goods: str, *refs: str, what: str = "buys") -> Act:
    return lambda: buys(person, goods, *refs, key=one_key(person, what))


def sharing(person: Person, coupon_id: str, what: str = "shares it") -> Act:
    return lambda: shares(person, coupon_id, key=one_key(person, what))


def unsharing(person: Person, coupon_id: str) -> Act:
    return lambda: unshares(person, coupon_id, key=one_key(person, "shares it no more"))


def one_piece(town: Town) -> Mapping[str, Act]:
    """Ann's coupon is wanted by herself and two others, one of whom has another shared one beside it."""
    dad, ann, ben = people(town, "dad", "ann", "ben")
    fid = household(town, dad, ann, ben)
    goods = town.campaign()
    mine, his = shared(town, ann), shared(town, dad)
    return {
        "ben buys": an_order(ben, goods, ref(fid, ann, mine)),
        "dad buys": an_order(dad, goods, ref(fid, ann, mine)),
        "ben buys with two": an_order(ben, goods, ref(fid, ann, mine), ref(fid, dad, his), what="buys with two"),
        "ann buys": an_order(ann, goods, mine),
        "ann shares it no more": unsharing(ann, mine),
        "the merchant takes it back": lambda: takes_back(town, ann, mine, key="one-key-to-take-it-back"),
    }


def parting(town: Town) -> Mapping[str, Act]:
    """Ben uses what ann shares while one of them is not in the family any more, or nobody spends."""
    dad, ann, ben = people(town, "dad", "ann", "ben")
    fid = household(town, dad, ann, ben)
    goods, mine = town.campaign(), shared(town, ann)
    free = gets(town, ann, {**FOR_FAMILIES, "off": {"kind": "amount", "fen": 9000}, "threshold_fen": 0})
    shares(ann, free).expect(200)
    return {
        "ben buys": an_order(ben, goods, ref(fid, ann, mine)),
        "ben buys for nothing": an_order(ben, goods, ref(fid, ann, free), what="buys for nothing"),
        "ann leaves": then(acts(ann, fid, "leave")),
        "dad removes ben": then(about(dad, fid, ben, "remove")),
        "dad freezes ben": then(about(dad, fid, ben, "freeze")),
        "ben has joined anew": lambda: joins_anew(town, fid, ben),
        "dad freezes all": then(acts(dad, fid, "freeze")),
    }


def putting_in(town: Town) -> Mapping[str, Act]:
    """Ann shares two coupons, one of which was shared in a family that she has left, and takes one of them out."""
    dad, mum, ann = people(town, "dad", "mum", "ann")
    former = household(town, mum, ann)
    moved = shared(town, ann)
    leaves(town, former, ann)
    fid = household(town, dad, ann)
    mine, goods = gets(town, ann, FOR_FAMILIES), town.campaign()
    return {
        "ann shares it": sharing(ann, mine),
        "ann shares it anew": sharing(ann, mine, "shares it anew"),
        "ann shares what was shared": sharing(ann, moved, "shares what was shared"),
        "ann shares no more what was shared": unsharing(ann, moved),
        "dad buys": an_order(dad, goods, ref(fid, ann, mine)),
        "ann leaves": then(acts(ann, fid, "leave")),
        "dad closes it": acts(dad, fid, "close"),
    }


def paying(town: Town) -> Mapping[str, Act]:
    """An order that holds a shared coupon is paid at WeChat and past its time; nobody has been told."""
    dad, ann, ben = people(town, "dad", "ann", "ben")
    fid = household(town, dad, ann, ben)
    mine = shared(town, ann)
    order = buys(ben, town.campaign(), ref(fid, ann, mine)).expect(201)
    ben.pay(order, notify=False).expect(200)
    clock.advance(1000)
    return {
        "ben's payment is told": told(town, order),
        "ben's order falls due": order_due(town, order),
        "ann shares it no more": unsharing(ann, mine),
        "ann leaves": then(acts(ann, fid, "leave")),
        "dad removes ben": then(about(dad, fid, ben, "remove")),
    }


def late(town: Town) -> Mapping[str, Act]:
    """Money comes for an order that was given up, while its coupon, or who may use it, changes."""
    dad, ann, ben = people(town, "dad", "ann", "ben")
    fid = household(town, dad, ann, ben)
    goods, mine = town.campaign(), shared(town, ann)
    order = buys(ben, goods, ref(fid, ann, mine)).expect(201)
    ben.api.post(f"/v1/orders/{order['order_id']}/cancel")
    town.minute()
    trade = town.sim.world.orders[town.merchant.mchid, f"{order['order_id']}-1"]
    trade.closed, trade.paid_at, trade.transaction_id = False, clock.now(), f"4200{order['order_id']}"
    return {
        "ben's payment is told": told(town, order),
        "dad buys": an_order(dad, goods, ref(fid, ann, mine)),
        "ann shares it no more": unsharing(ann, mine),
        "ann leaves": then(acts(ann, fid, "leave")),
        "dad freezes ben": then(about(dad, fid, ben, "freeze")),
    }


def again(town: Town) -> Mapping[str, Act]:
    """Ann has left and come back: what she had shared is not shared, until she says so again."""
    dad, ann, ben = people(town, "dad", "ann", "ben")
    fid = household(town, dad, ann, ben)
    goods, mine, own = town.campaign(), shared(town, ann), gets(town, ben, STACKED)
    leaves(town, fid, ann)
    clock.advance(60)
    returns(town, fid, ann)
    return {
        "ann shares it": sharing(ann, mine),
        "ann shares it anew": sharing(ann, mine, "shares it anew"),
        "ann shares it no more": unsharing(ann, mine),
        "ben buys": an_order(ben, goods, own, ref(fid, ann, mine)),
    }


def order_due(town: Town, order: Mapping[str, Any]) -> Act:
    return falls_due(town, order_key(MerchantId(town.merchant.mid), order["order_id"]))


BUILDS: tuple[Callable[[Town], Mapping[str, Act]], ...] = (one_piece, parting, putting_in, paying, late, again)
SCENES = [Scene(f"family_shared_{build.__name__}", build) for build in BUILDS]
