"""The situations of a punch card in which things may happen at the same time: its side of the proof harness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.core import clock
from chalicelib.family.states import FamilyState
from chalicelib.orders.items import order_key
from infra.local.client import Person
from tests.coupons.shop import gets
from tests.family.shared_shop import FOR_FAMILIES, freezes, joins_anew, leaves, ref, shares, turns, unshares
from tests.family.shop import household, mid_of
from tests.proof.acts import falls_due, one_key, people, told
from tests.proof.stage import Act, Scene
from tests.punchcards.shop import (
    a_pass,
    bought,
    buys,
    gives_up,
    has_back,
    opened,
    paid_at_last,
    pays_back,
    scans,
    terms_read,
    undoes,
    uses,
)
from tests.town import Town

FREE = {"title": "免费体验", "off": {"kind": "amount", "fen": 40_000}, "family": True}


def an_order(person: Person, cid: str, fid: str, what: str = "buys", **wish: Any) -> Act:
    terms = terms_read(person, cid)
    return lambda: buys(person, cid, fid, key=one_key(person, what), terms=terms, **wish)


def a_scan(town: Town, shown: str, what: str, units: int = 1) -> Act:
    """The staff scan a pass that was made before."""
    return lambda: scans(town, shown, units, key=f"one-key-to-scan-{what}")


def paying_back(town: Town, oid: str) -> Act:
    return lambda: pays_back(town, oid, key="one-key-to-pay-it-back")


def order_due(town: Town, order: Mapping[str, Any]) -> Act:
    return falls_due(town, order_key(mid_of(town), order["order_id"]))


def last_unit(town: Town) -> Mapping[str, Act]:
    """Two units are left: two members use one each, one pass is scanned twice over, and one wants both."""
    dad, ann, ben = people(town, "dad", "ann", "ben")
    fid = household(town, dad, ann, ben)
    oid = bought(town, dad, fid, opened(town, sku={"units": 3}))
    uses(town, dad, fid, oid)
    anns, bens, dads = (a_pass(person, fid, oid) for person in (ann, ben, dad))
    return {
        "ann's pass is scanned": a_scan(town, anns, "anns"),
        "ann's pass is scanned again": a_scan(town, anns, "anns-again"),
        "ben's pass is scanned": a_scan(town, bens, "bens"),
        "dad's pass is scanned for two": a_scan(town, dads, "dads", 2),
    }


def parting(town: Town) -> Mapping[str, Act]:
    """Ann's pass is scanned while she is not in the family any more, nobody spends, or the card is paid back."""
    dad, ann = people(town, "dad", "ann")
    fid = household(town, dad, ann)
    oid = bought(town, dad, fid)
    use_id, shown = uses(town, dad, fid, oid), a_pass(ann, fid, oid)
    return {
        "ann's pass is scanned": a_scan(town, shown, "anns"),
        "ann is removed": lambda: leaves(town, fid, ann),
        "ann is frozen": lambda: freezes(town, fid, ann),
        "ann has joined anew": lambda: joins_anew(town, fid, ann),
        "the family is frozen": lambda: freezes(town, fid),
        "a use is undone": lambda: undoes(town, fid, use_id, key="one-key-to-undo-it"),
        "a use is undone with another key": lambda: undoes(town, fid, use_id, key="one-key-to-undo-it-anew"),
        "it is paid back": paying_back(town, oid),
    }


def closed(town: Town) -> Mapping[str, Act]:
    """The last owner of a closed family uses its card, and it is paid back."""
    dad, ann = people(town, "dad", "ann")
    fid = household(town, dad, ann)
    oid = bought(town, dad, fid)
    for person in (ann, dad):
        leaves(town, fid, person)
    turns(town, fid, FamilyState.CLOSED)
    first, second = a_pass(dad, fid, oid), a_pass(dad, fid, oid)
    return {
        "dad's pass is scanned": a_scan(town, first, "first"),
        "another pass of dad's is scanned": a_scan(town, second, "second"),
        "it is paid back": paying_back(town, oid),
    }


def buying(town: Town) -> Mapping[str, Act]:
    """One card is left, and two want it, also for nothing, while one of them is removed or nobody spends."""
    dad, ann = people(town, "dad", "ann")
    fid = household(town, dad, ann)
    cid = opened(town, sku={"stock": 1})
    free, hers = gets(town, ann, FREE), gets(town, ann, FOR_FAMILIES)
    shares(ann, hers).expect(200)
    return {
        "dad buys": an_order(dad, cid, fid),
        "dad buys with ann's coupon": an_order(
            dad, cid, fid, "buys with anns", pay_with=[{"tender": "coupon", "ref": ref(fid, ann, hers)}]
        ),
        "ann buys for nothing": an_order(ann, cid, fid, pay_with=[{"tender": "coupon", "ref": free}]),
        "ann shares it no more": lambda: unshares(ann, hers, key=one_key(ann, "shares it no more")),
        "ann is removed": lambda: leaves(town, fid, ann),
        "the family is frozen": lambda: freezes(town, fid),
    }


def paying(town: Town) -> Mapping[str, Act]:
    """An order is paid at WeChat and past its time, and nobody has been told; who ordered leaves, it is paid back."""
    dad, ann = people(town, "dad", "ann")
    fid = household(town, dad, ann)
    made = buys(ann, opened(town), fid).expect(201)
    ann.pay(made, notify=False).expect(200)
    clock.advance(1000)
    return {
        "ann's payment is told": told(town, made),
        "ann's order falls due": order_due(town, made),
        "ann is removed": lambda: leaves(town, fid, ann),
        "it is paid back": paying_back(town, made["order_id"]),
    }


def late(town: Town) -> Mapping[str, Act]:
    """Money comes for an order that was given up, while the last card is wanted, or who ordered is removed."""
    dad, ann = people(town, "dad", "ann")
    fid = household(town, dad, ann)
    cid = opened(town, sku={"stock": 1})
    made = buys(ann, cid, fid).expect(201)
    gives_up(town, ann, made)
    paid_at_last(town, made)
    return {
        "ann's payment is told": told(town, made),
        "dad buys": an_order(dad, cid, fid),
        "ann is removed": lambda: leaves(town, fid, ann),
        "ann is frozen": lambda: freezes(town, fid, ann),
    }


def returned(town: Town) -> Mapping[str, Act]:
    """A card that a coupon paid a part of is paid back, by its buyer or the shop, while a unit of it is used."""
    dad, ann = people(town, "dad", "ann")
    fid = household(town, dad, ann)
    oid = bought(town, ann, fid, pay_with=[{"tender": "coupon", "ref": gets(town, ann, FOR_FAMILIES)}])
    shown = a_pass(dad, fid, oid)
    return {
        "dad's pass is scanned": a_scan(town, shown, "dads"),
        "ann has it back": lambda: has_back(ann, fid, oid, key="one-key-to-have-it-back"),
        "it is paid back": paying_back(town, oid),
        "a little is paid back": lambda: pays_back(town, oid, 100, key="one-key-to-pay-a-little"),
    }


BUILDS: tuple[Callable[[Town], Mapping[str, Act]], ...] = (
    *(last_unit, parting, closed, buying, paying, late, returned),
)
SCENES = [Scene(f"punchcards_{build.__name__}", build) for build in BUILDS]
