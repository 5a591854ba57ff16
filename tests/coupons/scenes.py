"""The situations of a coupon in which things may happen at the same time: its side of the proof harness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.orders.items import order_key
from infra.local.client import Person
from tests.coupons.shop import (
    DAY,
    STACKED,
    TENTH_OFF,
    buys,
    claimed,
    claims,
    gets,
    gift_of_points,
    gives,
    takes_back,
    template,
)
from tests.proof.acts import falls_due, one_key, people, told
from tests.proof.stage import Act, Scene
from tests.town import Town


def a_claim(person: Person, campaign: str, what: str = "claims") -> Act:
    return lambda: claims(person, campaign, key=one_key(person, what))


def an_order(person: Person, goods: str, *refs: str, what: str = "buys") -> Act:
    return lambda: buys(person, goods, *refs, key=one_key(person, what))


def taking_back(town: Town, person: Person, coupon_id: str) -> Act:
    return lambda: takes_back(town, person, coupon_id, key="one-key-to-take-it-back")


def order_due(town: Town, order: Mapping[str, Any]) -> Act:
    return falls_due(town, order_key(MerchantId(town.merchant.mid), order["order_id"]))


def last_coupon(town: Town) -> Mapping[str, Act]:
    """One is left of a template, one a user: two claim it, one with another key too, and the merchant gives it away."""
    campaign = template(town, total=1)
    ann, ben, cat = people(town, "ann", "ben", "cat")
    return {
        "ann claims": a_claim(ann, campaign),
        "ann claims with another key": a_claim(ann, campaign, "claims anew"),
        "ben claims": a_claim(ben, campaign),
        "the merchant gives it to cat": lambda: gives(town, campaign, cat, key="one-key-to-give-it-away"),
    }


def own_limit(town: Town) -> Mapping[str, Act]:
    """Plenty is left, and one more for ann: she taps twice."""
    campaign = template(town, per_user=2)
    ann, ben = people(town, "ann", "ben")
    claimed(ann, campaign)
    return {
        "ann claims": a_claim(ann, campaign),
        "ann claims again": a_claim(ann, campaign, "claims again"),
        "ben claims": a_claim(ben, campaign),
    }


def a_day(town: Town) -> Mapping[str, Act]:
    """Ann has claimed yesterday, and may once today; ben has once today, and may once more."""
    campaign = template(town, per_user=9, per_user_a_day=2)
    ann, ben = people(town, "ann", "ben")
    claimed(ann, campaign)
    clock.advance(DAY)
    ann.come_back()
    ben.come_back()
    claimed(ben, campaign)
    return {
        "ann claims": a_claim(ann, campaign),
        "ann claims again": a_claim(ann, campaign, "claims again"),
        "ben claims": a_claim(ben, campaign),
        "ben claims again": a_claim(ben, campaign, "claims again"),
    }


def priced(town: Town) -> Mapping[str, Act]:
    """Points reach for one of two coupons."""
    first, second = template(town, price_points=60), template(town, price_points=60)
    (ann,) = people(town, "ann")
    gift_of_points(town, ann, 60)
    return {"ann claims one": a_claim(ann, first, "one"), "ann claims the other": a_claim(ann, second, "the other")}


def locking(town: Town) -> Mapping[str, Act]:
    """Two orders want one coupon, one of them another beside it; the merchant takes it back."""
    (ann,) = people(town, "ann")
    first, second = town.campaign(), town.campaign()
    mine, other = gets(town, ann, STACKED), gets(town, ann, TENTH_OFF)
    return {
        "ann buys": an_order(ann, first, mine),
        "ann buys elsewhere": an_order(ann, second, mine, other, what="buys elsewhere"),
        "the merchant takes it back": taking_back(town, ann, mine),
    }


def at_once(town: Town) -> Mapping[str, Act]:
    """A coupon pays all of an order, which is paid as it is made; another order wants it too."""
    (ann,) = people(town, "ann")
    first, second = town.campaign(), town.campaign()
    mine = gets(town, ann, {"title": "免单券", "off": {"kind": "amount", "fen": 9000}})
    return {
        "ann buys": an_order(ann, first, mine),
        "ann buys elsewhere": an_order(ann, second, mine, what="buys elsewhere"),
        "the merchant takes it back": taking_back(town, ann, mine),
    }


def paying(town: Town) -> Mapping[str, Act]:
    """An order that holds a coupon is paid at WeChat and past its time; nobody has been told."""
    (ann,) = people(town, "ann")
    mine = gets(town, ann)
    order = buys(ann, town.campaign(), mine).expect(201)
    ann.pay(order, notify=False).expect(200)
    clock.advance(1000)
    return {
        "ann's payment is told": told(town, order),
        "ann's order falls due": order_due(town, order),
        "the merchant takes it back": taking_back(town, ann, mine),
    }


def unpaid(town: Town) -> Mapping[str, Act]:
    """An order that holds a coupon is given up and being closed, and another one wants the coupon."""
    (ann,) = people(town, "ann")
    goods, mine = town.campaign(), gets(town, ann)
    order = buys(ann, goods, mine).expect(201)
    ann.api.post(f"/v1/orders/{order['order_id']}/cancel")
    return {
        "ann's order falls due": order_due(town, order),
        "ann buys": an_order(ann, goods, mine),
        "the merchant takes it back": taking_back(town, ann, mine),
    }


def late(town: Town) -> Mapping[str, Act]:
    """An order is released, and its money comes all the same, while another one wants the coupon."""
    (ann,) = people(town, "ann")
    goods, mine = town.campaign(), gets(town, ann)
    order = buys(ann, goods, mine).expect(201)
    ann.api.post(f"/v1/orders/{order['order_id']}/cancel")
    town.minute()
    number = f"{order['order_id']}-1"
    late = next(trade for (_, name), trade in town.sim.world.orders.items() if name == number)
    late.closed, late.paid_at, late.transaction_id = False, clock.now(), f"4200{order['order_id']}"
    return {
        "ann's payment is told": told(town, order),
        "ann buys": an_order(ann, goods, mine),
        "the merchant takes it back": taking_back(town, ann, mine),
    }


def given_back(town: Town) -> Mapping[str, Act]:
    """An order that a coupon paid in part goes back, while the merchant takes the coupon back too."""
    (ann,) = people(town, "ann")
    goods, mine = town.campaign(), gets(town, ann)
    order = buys(ann, goods, mine).expect(201)
    ann.pay(order).expect(200)
    town.hear()
    path, body = f"/v1/admin/orders/{order['order_id']}/refund", {"note": "sold out"}
    return {
        "its money goes back": lambda: town.admin.call("POST", path, body, key="one-key-to-refund-it"),
        "ann buys": an_order(ann, goods, mine),
        "the merchant takes it back": taking_back(town, ann, mine),
    }


BUILDS: tuple[Callable[[Town], Mapping[str, Act]], ...] = (
    *(last_coupon, own_limit, a_day, priced, locking, at_once),
    *(paying, unpaid, late, given_back),
)
SCENES = [Scene(f"coupons_{build.__name__}", build) for build in BUILDS]
