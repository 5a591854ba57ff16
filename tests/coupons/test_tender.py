"""Orders that coupons pay for: what they take off, and where a piece is while its order lives and when it ends."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core import clock
from infra.local.client import Person
from tests import invariants
from tests.coupons.shop import (
    DAY,
    GROUP,
    SOLO,
    STACKED,
    TEN_OFF,
    TENTH_OFF,
    buys,
    claimed,
    gets,
    pays,
    piece,
    takes_back,
    template,
)
from tests.fulfilment.shop import Bought
from tests.orders.purse import purse, seen
from tests.orders.test_late_payment import pay_late
from tests.town import Town


@pytest.fixture
def ann(town: Town) -> Person:
    return town.person("ann")


@pytest.fixture
def goods(town: Town) -> str:
    return town.campaign()


def cancelled(town: Town, person: Person, order: dict[str, Any]) -> None:
    person.api.post(f"/v1/orders/{order['order_id']}/cancel")
    town.minute()


def paid(town: Town, person: Person, order: dict[str, Any]) -> Bought:
    person.pay(order).expect(200)
    town.hear()
    return Bought(town, person, order["order_id"])


def test_it_is_locked_and_then_used(town: Town, ann: Person, goods: str) -> None:
    mine = gets(town, ann)
    order = buys(ann, goods, mine).expect(201)
    assert (order["total_fen"], order["cash_fen"]) == (SOLO, SOLO - 1000)
    assert piece(ann, mine) == "locked"
    assert ann.api.get(f"/v1/me/coupons/{mine}")["pieces"][0]["order_id"] == order["order_id"]
    paid(town, ann, order)
    assert piece(ann, mine) == "used"
    refused = buys(ann, goods, mine).expect(409)
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("coupon_used", "/pay_with/0/ref")


def test_an_order_that_is_not_paid_leaves_it_free(town: Town, ann: Person, goods: str) -> None:
    mine = gets(town, ann)
    order = buys(ann, goods, mine).expect(201)
    assert buys(ann, goods, mine).expect(409)["code"] == "coupon_locked"
    cancelled(town, ann, order)
    assert piece(ann, mine) == "available"
    buys(ann, goods, mine).expect(201)


def test_one_that_expires_while_it_is_locked_still_pays(town: Town, ann: Person, goods: str) -> None:
    mine = gets(town, ann, validity={"kind": "after_claim", "days": 1})
    clock.advance(DAY - 60)
    ann.come_back()
    order = buys(ann, goods, mine).expect(201)
    clock.advance(120)
    assert piece(ann, mine) == "locked"
    paid(town, ann, order)
    assert piece(ann, mine) == "used"


def test_an_expired_one_and_one_whose_time_has_not_come_are_refused(town: Town, ann: Person, goods: str) -> None:
    late = gets(town, ann, validity={"kind": "after_claim", "days": 1})
    early = gets(town, ann, validity={"kind": "after_claim", "days": 9, "starts_after_days": 2})
    clock.advance(DAY)
    ann.come_back()
    assert buys(ann, goods, late).expect(409)["code"] == "coupon_expired"
    refused = buys(ann, goods, early).expect(409)
    assert (refused["code"], refused["since"]) == ("coupon_later", "2026-11-13T12:00:00.000Z")


def test_a_late_payment_of_a_released_order_uses_it_again(town: Town, ann: Person, goods: str) -> None:
    mine = gets(town, ann, validity={"kind": "after_claim", "days": 1})
    clock.advance(DAY - 60)
    ann.come_back()
    order = buys(ann, goods, mine).expect(201)
    cancelled(town, ann, order)
    clock.advance(120)
    assert piece(ann, mine) == "expired"
    assert pay_late(town, order["order_id"]) == "bought"
    assert piece(ann, mine) == "used"


def test_a_late_payment_goes_back_where_it_is_locked_elsewhere(town: Town, ann: Person, goods: str) -> None:
    mine = gets(town, ann)
    order = buys(ann, goods, mine).expect(201)
    cancelled(town, ann, order)
    other = buys(ann, goods, mine).expect(201)
    assert pay_late(town, order["order_id"]) == "owed"
    paid(town, ann, other)
    assert piece(ann, mine) == "used"


def test_a_late_payment_goes_back_where_it_was_taken_back(town: Town, ann: Person, goods: str) -> None:
    mine = gets(town, ann)
    order = buys(ann, goods, mine).expect(201)
    cancelled(town, ann, order)
    takes_back(town, ann, mine).expect(200)
    assert pay_late(town, order["order_id"]) == "owed"
    assert piece(ann, mine) == "invalid"


def test_one_that_is_taken_back_still_pays_for_the_order_that_holds_it(town: Town, ann: Person, goods: str) -> None:
    mine = gets(town, ann)
    order = buys(ann, goods, mine).expect(201)
    told = takes_back(town, ann, mine).expect(200)
    assert (told["state"], told["note"]) == ("locked", "待支付订单仍可使用该券；订单取消或超时后失效")
    bought = paid(town, ann, order)
    assert piece(ann, mine) == "used"
    assert takes_back(town, ann, mine).expect(200)["state"] == "used", "it is taken back already"
    bought.refund().expect(200)
    assert piece(ann, mine) == "invalid"


def test_one_that_is_taken_back_and_not_paid_with_is_invalid(town: Town, ann: Person, goods: str) -> None:
    mine = gets(town, ann)
    order = buys(ann, goods, mine).expect(201)
    takes_back(town, ann, mine).expect(200)
    cancelled(town, ann, order)
    assert piece(ann, mine) == "invalid"
    assert buys(ann, goods, mine).expect(409)["code"] == "coupon_invalid"


def test_a_used_one_is_not_taken_back(town: Town, ann: Person, goods: str) -> None:
    mine = gets(town, ann)
    paid(town, ann, buys(ann, goods, mine).expect(201))
    assert takes_back(town, ann, mine).expect(409)["code"] == "coupon_nothing_left"


def test_it_comes_back_only_with_all_that_it_paid(town: Town, ann: Person, goods: str) -> None:
    mine = gets(town, ann)
    bought = paid(town, ann, buys(ann, goods, mine).expect(201))
    bought.refund(SOLO - 1000).expect(200)
    assert piece(ann, mine) == "used"
    bought.refund(400).expect(200)
    assert piece(ann, mine) == "used"
    bought.refund(600).expect(200)
    assert (piece(ann, mine), bought.shown["state"]) == ("available", "refund")
    buys(ann, goods, mine).expect(201)


def test_one_that_comes_back_late_is_expired(town: Town, ann: Person, goods: str) -> None:
    mine = gets(town, ann, validity={"kind": "after_claim", "days": 1})
    bought = paid(town, ann, buys(ann, goods, mine).expect(201))
    clock.advance(DAY)
    ann.come_back()
    bought.refund().expect(200)
    assert piece(ann, mine) == "expired"


def test_a_group_that_fails_gives_it_back(town: Town, ann: Person) -> None:
    campaign = town.campaign(group_seconds=3600)
    mine = gets(town, ann)
    held = ann.api.call("POST", f"/v1/campaigns/{campaign}/groups", {"pay_with": pays(mine)}).expect(201)
    assert held["cash_fen"] == GROUP - 1000
    paid(town, ann, held)
    clock.advance(3600)
    town.minute()
    ann.come_back()
    assert piece(ann, mine) == "available"
    invariants.check(town.books())


def test_an_order_without_a_cash_part_uses_it_at_once(town: Town, ann: Person) -> None:
    mine = gets(town, ann, {"title": "免单券", "off": {"kind": "amount", "fen": 10_000}})
    made = buys(ann, town.campaign(), mine).expect(201)
    assert (made["state"], made["cash_fen"], piece(ann, mine)) == ("confirmed", 0, "used")
    assert ann.order(made["order_id"])["parts"][0]["amount_fen"] == SOLO


def test_it_never_pays_freight(town: Town, ann: Person) -> None:
    mine = gets(town, ann, {"title": "免单券", "off": {"kind": "amount", "fen": 10_000}})
    made = buys(ann, town.campaign(freight={"kind": "flat", "fen": 800}), mine).expect(201)
    assert (made["total_fen"], made["cash_fen"]) == (SOLO + 800, 800)


def test_two_that_are_stackable_combine_whichever_is_named_first(town: Town, ann: Person, goods: str) -> None:
    tenth, ten = gets(town, ann, TENTH_OFF), gets(town, ann, STACKED)
    order = buys(ann, goods, ten, tenth).expect(201)
    assert order["cash_fen"] == SOLO - 1000 - 890
    cancelled(town, ann, order)
    again = buys(ann, goods, tenth, ten).expect(201)
    assert again["cash_fen"] == order["cash_fen"]
    bought = paid(town, ann, again)
    assert [piece(ann, one) for one in (tenth, ten)] == ["used", "used"]
    bought.refund().expect(200)
    assert [piece(ann, one) for one in (tenth, ten)] == ["available", "available"]


def test_what_does_not_combine_is_refused_by_name(town: Town, ann: Person, goods: str) -> None:
    alone = gets(town, ann, TEN_OFF)
    campaign = template(town, STACKED, per_user=3)
    one, two, three = (claimed(ann, campaign) for _ in range(3))
    for refs, code, place in (
        ((one, alone), "coupon_alone", 1),
        ((alone, one), "coupon_alone", 0),
        ((one, two, three), "coupon_too_many", 0),
        ((one, f"{one}.0"), "coupon_once", 0),
        (("NONE",), "coupon_unknown", 0),
        ((f"{one}.3",), "coupon_unknown", 0),
    ):
        refused = buys(ann, goods, *refs).expect(422)
        assert (refused["code"], refused["errors"][0]["pointer"]) == (code, f"/pay_with/{place}/ref")
    assert buys(ann, goods, "no.coupon").expect(422)["code"] == "coupon_unknown"
    ben = town.person("ben")
    assert buys(ben, goods, one).expect(422)["code"] == "coupon_unknown"


def test_threshold_and_scope_are_those_of_the_goods(town: Town, ann: Person) -> None:
    dear = gets(town, ann, {**TEN_OFF, "threshold_fen": SOLO + 1})
    tea = gets(town, ann, {**TEN_OFF, "scope": {"categories": ["茶"]}})
    goods = town.campaign(freight={"kind": "flat", "fen": 800})
    refused = buys(ann, goods, dear).expect(422)
    assert (refused["code"], refused["missing"]) == ("coupon_threshold", "¥0.01")
    assert buys(ann, goods, tea).expect(422)["code"] == "coupon_scope"
    buys(ann, town.campaign(skus=[{**town.sku(), "category": "茶"}]), tea).expect(201)


def test_one_for_which_nothing_is_left_is_refused_and_not_lost(town: Town, ann: Person, goods: str) -> None:
    all_off = gets(town, ann, {"title": "免单券", "off": {"kind": "amount", "fen": SOLO}, "stackable": True})
    ten = gets(town, ann, STACKED)
    for refs, place in (((all_off, ten), 1), ((ten, all_off), 0)):
        refused = buys(ann, goods, *refs).expect(422)
        assert (refused["code"], refused["errors"][0]["pointer"]) == ("coupon_worthless", f"/pay_with/{place}/ref")
    assert buys(ann, goods, all_off, "NONE").expect(422)["code"] == "coupon_unknown"
    assert buys(ann, goods, all_off).expect(201)["cash_fen"] == 0
    assert piece(ann, ten) == "available"


def test_coupons_are_named_before_what_else_pays(town: Town, ann: Person, goods: str) -> None:
    mine, own = gets(town, ann), purse(town, ann, 2000)
    refused = ann.api.call("POST", f"/v1/campaigns/{goods}/orders", {"pay_with": [own, *pays(mine)]}).expect(422)
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("coupon_first", "/pay_with/1/ref")
    made = buys(ann, goods, mine, also=[own]).expect(201)
    assert made["cash_fen"] == SOLO - 1000 - 2000
    bought = paid(town, ann, made)
    assert (piece(ann, mine), seen(town, "of-ann")) == ("used", (0, 0, 2000))
    bought.refund().expect(200)
    assert (piece(ann, mine), seen(town, "of-ann")) == ("available", (2000, 0, 0))


def test_of_a_coupon_no_more_is_used_than_is_said(town: Town, ann: Person, goods: str) -> None:
    mine = gets(town, ann)
    body = {"pay_with": [{"tender": "coupon", "ref": mine, "fen": 300}]}
    assert ann.api.call("POST", f"/v1/campaigns/{goods}/orders", body).expect(201)["cash_fen"] == SOLO - 300


def test_the_pieces_of_instalments_are_used_one_by_one(town: Town, ann: Person, goods: str) -> None:
    rule = {"validity": {"kind": "after_claim", "days": 30}, "instalments": {"pieces": 3, "every": "week"}}
    mine = gets(town, ann, STACKED, **rule)
    first = buys(ann, goods, mine).expect(201)
    assert buys(ann, goods, f"{mine}.1").expect(409)["code"] == "coupon_later"
    clock.advance(7 * DAY)
    ann.come_back()
    assert ann.order(first["order_id"])["state"] in ("held", "released", "closing")
    town.minute()
    assert buys(ann, goods, mine, f"{mine}.1").expect(422)["code"] == "coupon_once"
    paid(town, ann, buys(ann, goods, f"{mine}.1").expect(201))
    assert [piece(ann, mine, n) for n in range(3)] == ["available", "used", "later"]
    takes_back(town, ann, mine).expect(200)
    assert [piece(ann, mine, n) for n in range(3)] == ["invalid", "used", "invalid"]
