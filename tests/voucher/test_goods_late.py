"""Money for an order that was given up, and codes that end while somebody has ordered with them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.voucher.states import CodeState
from infra.local.client import Person
from tests.orders.purse import purse, seen
from tests.town import Town
from tests.voucher import goods_shop, shop
from tests.voucher.goods_shop import PRICE, at_rest, gives_up, minted, orders, paid_late, pays, stock, used


@pytest.fixture
def ann(town: Town) -> Person:
    return town.person("ann")


@pytest.fixture
def ben(town: Town) -> Person:
    return town.person("ben")


def released(town: Town, bid: str, person: Person) -> Any:
    order = orders(person, shop.code(town, bid)).expect(201)
    gives_up(town, person, order)
    return order


def test_late_money_redeems_the_code_once_more_while_it_is_free(town: Town, ann: Person, ben: Person) -> None:
    bid = minted(town, PRICE)
    order = released(town, bid, ann)
    paid_late(town, order)
    assert ann.order(order["order_id"])["state"] == "confirmed"
    code = used(town, bid)
    assert (code.state, code.order, code.uid, code.turn) == (CodeState.REDEEMED, order["order_id"], ann.uid, 3)
    assert (shop.counts(town, bid)["redeemed"], goods_shop.taken(town, bid, ann)) == (1, 1)
    assert goods_shop.has_ordered(town, ann)
    assert orders(ben, shop.code(town, bid)).expect(409)["code"] == "code_invalid"
    paid_late(town, order)
    at_rest(town)
    assert goods_shop.returned(town, order) == []


def owed(town: Town, person: Person, order: Any) -> None:
    """Late money of it goes back, once."""
    paid_late(town, order)
    assert person.order(order["order_id"])["state"] == "refund"
    paid_late(town, order)
    at_rest(town)
    assert goods_shop.returned(town, order) == [PRICE]


def test_late_money_goes_back_when_another_has_the_code(town: Town, ann: Person, ben: Person) -> None:
    bid = minted(town, PRICE)
    order = released(town, bid, ann)
    theirs = orders(ben, shop.code(town, bid)).expect(201)
    owed(town, ann, order)
    ben.come_back()
    assert ben.order(theirs["order_id"])["state"] == "released"


def test_late_money_goes_back_when_its_payer_ordered_with_the_code_anew(town: Town, ann: Person) -> None:
    bid = minted(town, PRICE)
    order = released(town, bid, ann)
    pays(town, ann, orders(ann, shop.code(town, bid)).expect(201))
    owed(town, ann, order)
    assert shop.counts(town, bid)["redeemed"] == 1


def test_late_money_goes_back_when_its_payer_has_redeemed_as_many_as_he_may(town: Town, ann: Person) -> None:
    bid = minted(town, PRICE)
    order = released(town, bid, ann)
    pays(town, ann, orders(ann, shop.code(town, bid, 1)).expect(201))
    owed(town, ann, order)
    assert goods_shop.taken(town, bid, ann) == 1


def test_late_money_goes_back_when_the_code_was_bound_to_another(town: Town, ann: Person, ben: Person) -> None:
    bid = minted(town, PRICE)
    order = released(town, bid, ann)
    goods_shop.binds(town, bid, ben)
    owed(town, ann, order)


def test_late_money_redeems_a_code_that_was_bound_to_its_payer(town: Town, ann: Person) -> None:
    bid = minted(town, PRICE)
    order = released(town, bid, ann)
    goods_shop.binds(town, bid, ann)
    paid_late(town, order)
    assert (ann.order(order["order_id"])["state"], used(town, bid).bound) == ("confirmed", ann.uid)
    at_rest(town)


@pytest.mark.parametrize("end", ["batch", "code", "range"])
def test_late_money_goes_back_when_the_code_has_ended(town: Town, ann: Person, end: str) -> None:
    bid = minted(town, PRICE)
    order = released(town, bid, ann)
    if end == "batch":
        goods_shop.revokes(town, bid).expect(200)
    elif end == "code":
        goods_shop.revokes_code(town, bid)
    else:
        goods_shop.revokes_range(town, bid, 0, 0)
    owed(town, ann, order)


def test_late_money_goes_back_when_what_else_paid_is_gone(town: Town, ann: Person) -> None:
    bid = minted(town, PRICE)
    order = orders(ann, shop.code(town, bid), pay_with=[purse(town, ann, 300)]).expect(201)
    assert order["cash_fen"] == PRICE - 300
    gives_up(town, ann, order)
    other = goods_shop.minted(town, 300)
    orders(ann, shop.code(town, other), pay_with=[{"tender": "purse", "ref": "of-ann"}]).expect(201)
    paid_late(town, order)
    assert (ann.order(order["order_id"])["state"], used(town, bid).state) == ("refund", CodeState.RESTORED)
    at_rest(town)


def test_late_money_holds_anew_what_else_paid(town: Town, ann: Person) -> None:
    bid = minted(town, PRICE)
    order = orders(ann, shop.code(town, bid), pay_with=[purse(town, ann, 300)]).expect(201)
    gives_up(town, ann, order)
    paid_late(town, order)
    assert (ann.order(order["order_id"])["state"], seen(town, "of-ann")) == ("confirmed", (0, 0, 300))
    at_rest(town)


def test_a_second_payment_of_an_order_goes_back(town: Town, ann: Person) -> None:
    bid = minted(town, PRICE)
    order = orders(ann, shop.code(town, bid)).expect(201)
    trade = town.sim.world.orders[town.merchant.mchid, f"{order['order_id']}-1"]
    trade.closed = True
    again = ann.api.call("POST", f"/v1/orders/{order['order_id']}/prepay", {}).expect(200)
    pays(town, ann, again)
    assert ann.order(order["order_id"])["state"] == "confirmed"
    paid_late(town, order)
    assert ann.order(order["order_id"])["state"] == "confirmed"
    at_rest(town)
    assert goods_shop.returned(town, order) == [PRICE]


@pytest.mark.parametrize("end", ["batch", "range", "expiry"])
def test_what_ends_while_it_is_ordered_with_may_still_be_paid(town: Town, ann: Person, end: str) -> None:
    bid, order = ending(town, ann, end)
    pays(town, ann, order)
    assert ann.order(order["order_id"])["state"] == "confirmed"
    assert (shop.counts(town, bid)["redeemed"], shop.counts(town, bid)["left"]) == (1, 0 if end != "range" else 7)
    assert stock(town, bid) == (19, 1) if end != "range" else (12, 8)
    at_rest(town)


@pytest.mark.parametrize("end", ["batch", "range", "expiry"])
def test_what_ended_while_it_was_ordered_with_does_not_live_again(town: Town, ann: Person, end: str) -> None:
    bid, order = ending(town, ann, end)
    gives_up(town, ann, order)
    wanted = CodeState.EXPIRED if end == "expiry" else CodeState.REVOKED
    assert (used(town, bid).state, used(town, bid).order) == (wanted, None)
    assert stock(town, bid) == ((20, 0) if end != "range" else (13, 7))
    assert goods_shop.taken(town, bid, ann) == 0
    owed(town, ann, order)


def ending(town: Town, person: Person, end: str) -> tuple[str, Any]:
    """A batch of ten that ends, or the first three of it, while its first code is ordered with."""
    until = {"until": clock.iso(clock.now() + timedelta(minutes=10))} if end == "expiry" else {}
    bid = shop.minted(town, goods_shop.campaign(town, PRICE), 10, **until)
    order = orders(person, shop.code(town, bid)).expect(201)
    if end == "batch":
        goods_shop.revokes(town, bid).expect(200)
    elif end == "range":
        goods_shop.revokes_range(town, bid, 0, 2)
    town.pass_time(660 if end == "expiry" else 60)
    return bid, order
