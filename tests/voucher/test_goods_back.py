"""All money of an order of a code goes back: its code stays used up, and its unit goes back once, if it may."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.voucher.states import CodeState
from infra.local.client import Person
from tests.fulfilment.shop import PARCEL, Bought
from tests.town import Town
from tests.voucher import goods_shop, shop
from tests.voucher.goods_shop import PRICE, at_rest, minted, orders, pays, stock, used


@pytest.fixture
def ann(town: Town) -> Person:
    return town.person("ann")


def bought(town: Town, person: Person, **changes: Any) -> tuple[str, Bought]:
    """A code whose order is paid."""
    bid = minted(town, PRICE, **changes)
    order = orders(person, shop.code(town, bid)).expect(201)
    pays(town, person, order)
    return bid, Bought(town, person, order["order_id"])


def test_a_refund_before_it_is_sent_gives_the_unit_back_and_not_the_code(town: Town, ann: Person) -> None:
    bid, order = bought(town, ann)
    assert stock(town, bid) == (10, 10)
    assert order.refund(key="one-key-to-refund-it").status == 200
    assert order.refund(key="one-key-to-refund-it").status == 200
    assert stock(town, bid) == (11, 9)
    assert (used(town, bid).state, used(town, bid).order) == (CodeState.REDEEMED, order.order_id)
    assert (shop.counts(town, bid)["redeemed"], goods_shop.taken(town, bid, ann)) == (1, 1)
    assert orders(town.person(), shop.code(town, bid)).expect(409)["code"] == "code_invalid"
    at_rest(town)
    assert stock(town, bid) == (11, 9)


def test_a_part_that_goes_back_leaves_the_unit_where_it_is(town: Town, ann: Person) -> None:
    bid, order = bought(town, ann)
    order.refund(100).expect(200)
    assert stock(town, bid) == (10, 10)
    order.refund().expect(200)
    assert stock(town, bid) == (11, 9)
    at_rest(town)


def test_what_was_sent_is_gone(town: Town, ann: Person) -> None:
    bid, order = bought(town, ann)
    order.send(PARCEL).expect(200)
    order.refund().expect(200)
    assert stock(town, bid) == (10, 10)
    at_rest(town)


def test_an_after_sale_case_gives_the_unit_back_as_a_refund_does(town: Town, ann: Person) -> None:
    bid, order = bought(town, ann)
    order.ask().expect(201)
    order.desk("cases/1/grant").expect(200)
    assert (order.shown["state"], stock(town, bid), used(town, bid).state) == ("refund", (11, 9), CodeState.REDEEMED)
    at_rest(town)


def test_a_batch_that_ends_after_a_refund_gives_back_the_others_alone(town: Town, ann: Person) -> None:
    bid, order = bought(town, ann)
    order.refund().expect(200)
    goods_shop.revokes(town, bid).expect(200)
    at_rest(town)
    assert (stock(town, bid), shop.counts(town, bid)) == (
        (20, 0),
        {"redeemed": 1, "revoked": 9, "expired": 0, "left": 0},
    )


@pytest.mark.parametrize("sent", [False, True])
@pytest.mark.parametrize("asked", [False, True])
def test_an_order_that_asked_for_no_money_ends_as_one_that_did(
    town: Town, ann: Person, sent: bool, asked: bool
) -> None:
    bid = minted(town)
    order = Bought(town, ann, orders(ann, shop.code(town, bid)).expect(201)["order_id"])
    if sent:
        order.send(PARCEL).expect(200)
    if asked:
        order.ask().expect(201)
        order.desk("cases/1/grant").expect(200)
    else:
        assert order.refund(1).expect(409)["code"] == "refund_too_much"
        for _ in range(2):
            order.refund(key="one-key-to-refund-it").expect(200)
    assert (order.shown["state"], stock(town, bid)) == ("refund", (10, 10) if sent else (11, 9))
    assert (used(town, bid).state, order.record["returned"][0]["amount_fen"]) == (CodeState.REDEEMED, 0)
    at_rest(town)


def test_the_unit_of_a_code_that_was_sold_is_kept_for_whoever_bought_it(town: Town, ann: Person) -> None:
    bid, order = bought(town, ann, funding="sold")
    order.refund().expect(200)
    assert stock(town, bid) == (10, 10)
    (row,) = town.admin.get("/v1/admin/stuck")["stuck"]
    assert (row["reason"], row["facts"]["order_id"]) == ("code_refund_owed", order.order_id)
    at_rest(town)


def test_nobody_is_owed_for_a_code_that_was_sold_once_its_goods_were_sent(town: Town, ann: Person) -> None:
    _, order = bought(town, ann, funding="sold")
    order.send(PARCEL).expect(200)
    order.refund().expect(200)
    assert order.stuck() == []
    at_rest(town)


def test_a_code_that_was_sold_is_free_again_when_its_order_is_not_paid(town: Town, ann: Person) -> None:
    bid = minted(town, PRICE, funding="sold")
    goods_shop.gives_up(town, ann, orders(ann, shop.code(town, bid)).expect(201))
    assert (used(town, bid).state, stock(town, bid)) == (CodeState.RESTORED, (10, 10))
    goods_shop.revokes_code(town, bid)
    assert stock(town, bid) == (10, 10)
    at_rest(town)


def test_a_redemption_by_an_order_is_not_undone(town: Town, ann: Person) -> None:
    bid, _ = bought(town, ann)
    assert goods_shop.undoes(town, bid) == "it was an order, which after-sale takes back"


@pytest.mark.parametrize("paid", [True, False])
def test_a_code_that_is_ordered_with_cannot_be_revoked(town: Town, ann: Person, paid: bool) -> None:
    bid = minted(town, PRICE)
    order = orders(ann, shop.code(town, bid)).expect(201)
    if paid:
        pays(town, ann, order)
    assert goods_shop.refused(lambda: goods_shop.revokes_code(town, bid)) == "code_not_free"
    assert used(town, bid).order == order["order_id"]
