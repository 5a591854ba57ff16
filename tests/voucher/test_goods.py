"""A code for goods, from its order to the goods or back: what is paid for it, what of it is free again, who owns it."""

from __future__ import annotations

import pytest

from chalicelib.orders.play import PaymentRef
from chalicelib.voucher.states import CodeState
from infra.local.client import Person
from tests.fulfilment.shop import PARCEL, Bought
from tests.orders.address import ADDRESS
from tests.orders.purse import purse, seen
from tests.town import Town
from tests.voucher import goods_shop, shop
from tests.voucher.goods_shop import PRICE, at_rest, gives_up, minted, orders, pays, refunds, stock, used


@pytest.fixture
def ann(town: Town) -> Person:
    return town.person("ann")


@pytest.fixture
def ben(town: Town) -> Person:
    return town.person("ben")


def test_a_code_without_a_price_is_ordered_with_and_the_order_stands_at_once(town: Town, ann: Person) -> None:
    bid = minted(town)
    text = shop.code(town, bid, 7)
    told = shop.previews(ann, text).expect(200)
    assert (told["how"], told["can_redeem"], told["brings"]["price_fen"]) == ("order", True, 0)
    order = orders(ann, text, receiver=ADDRESS).expect(201)
    assert (order["state"], order["total_fen"], order["cash_fen"], order["pay"]) == ("confirmed", 0, 0, None)
    assert (used(town, bid, 7).state, used(town, bid, 7).order) == (CodeState.REDEEMED, order["order_id"])
    assert (used(town, bid, 7).uid, used(town, bid, 7).asked) == (ann.uid, None)
    assert shop.counts(town, bid) == {"redeemed": 1, "revoked": 0, "expired": 0, "left": 9}
    assert stock(town, bid) == (10, 10)
    assert goods_shop.taken(town, bid, ann) == 1
    shown = ann.order(order["order_id"])
    assert (shown["play"], shown["role"], shown["goods"]["state"]) == ("voucher", "holder", "waiting")
    assert shown["receiver"]["name"] != ADDRESS["user_name"]
    assert Bought(town, ann, order["order_id"]).send(PARCEL).status == 200
    at_rest(town)


def test_a_code_with_a_price_is_held_until_it_is_paid(town: Town, ann: Person) -> None:
    bid = minted(town, PRICE)
    order = orders(ann, shop.code(town, bid), receiver=ADDRESS).expect(201)
    assert (order["state"], order["total_fen"], order["cash_fen"]) == ("held", PRICE, PRICE)
    assert order["pay"] is not None and order["campaign_id"] == shop.stored_batch(town, bid).cid
    assert len(PaymentRef.of(goods_shop.stored(town, order)).attach()) <= 128
    assert used(town, bid).order == order["order_id"]
    assert not goods_shop.has_ordered(town, ann)
    pays(town, ann, order)
    assert goods_shop.has_ordered(town, ann)
    assert ann.order(order["order_id"])["state"] == "confirmed"
    assert goods_shop.stored(town, order).units is None
    assert shop.counts(town, bid)["redeemed"] == 1
    at_rest(town)


def test_an_order_for_which_wechat_gave_no_answer_is_asked_for_again(town: Town, ann: Person) -> None:
    bid, key = minted(town, PRICE), "one-tap-orders-with-it"
    town.act("/_sim/faults", endpoint="prepay", kind="5xx", count=1)
    first = orders(ann, shop.code(town, bid), key=key).expect(202)
    assert (first["state"], first["pay"]) == ("held", None)
    pays(town, ann, orders(ann, shop.code(town, bid), key=key).expect(201))
    assert ann.order(first["order_id"])["state"] == "confirmed"


@pytest.mark.parametrize(("price", "cash"), [(0, 600), (PRICE, PRICE + 600)])
def test_freight_is_paid_beside_the_price(town: Town, ann: Person, price: int, cash: int) -> None:
    bid = minted(town, price, freight=goods_shop.FREIGHT)
    order = orders(ann, shop.code(town, bid)).expect(201)
    assert (order["state"], order["cash_fen"]) == ("held", cash)
    pays(town, ann, order)
    assert ann.order(order["order_id"])["freight_fen"] == 600
    at_rest(town)


@pytest.mark.parametrize("price", [0, PRICE])
@pytest.mark.parametrize("kind", ["express", "city", "pickup", "virtual"])
def test_goods_reach_their_holder_in_every_way(town: Town, ann: Person, kind: str, price: int) -> None:
    points = [{"point_id": "lake", "name": "湖滨店", "address": "杭州市湖滨路 1 号"}] if kind == "pickup" else []
    sells = {"sells": "virtual"} if kind == "virtual" else {}
    bid = minted(town, price, sku={"fulfilment": kind}, pickup_points=points, **sells)
    order = orders(ann, shop.code(town, bid)).expect(201)
    if price:
        pays(town, ann, order)
    bought = Bought(town, ann, order["order_id"])
    if kind == "pickup":
        bought.desk("hand-over", {"code": bought.shown["pickup_code"]}).expect(200)
    else:
        bought.send(*([PARCEL] if kind == "express" else [])).expect(200)
        bought.received().expect(200)
    assert bought.shown["goods"]["state"] == "done"
    at_rest(town)


def test_the_same_request_is_the_same_order_whatever_has_become_of_its_code(town: Town, ann: Person) -> None:
    bid = minted(town, PRICE)
    text, key = shop.code(town, bid), "one-tap-orders-with-it"
    first = orders(ann, text, key=key).expect(201)
    assert orders(ann, text, key=key).expect(201)["order_id"] == first["order_id"]
    assert orders(ann, shop.code(town, bid, 1), key=key).body["code"] == "idempotency_key_reused"
    gives_up(town, ann, first)
    again = orders(ann, text, key=key).expect(201)
    assert (again["order_id"], again["state"], again["pay"]) == (first["order_id"], "released", None)
    goods_shop.revokes(town, bid).expect(200)
    assert orders(ann, text, key=key).expect(201)["order_id"] == first["order_id"]
    assert goods_shop.taken(town, bid, ann) == 0
    at_rest(town)


def test_a_code_is_one_users_and_he_hears_of_his_order(town: Town, ann: Person, ben: Person) -> None:
    bid = minted(town, PRICE)
    text = shop.code(town, bid)
    orders(ann, text).expect(201)
    assert orders(ben, text).expect(409)["code"] == "code_invalid"
    assert goods_shop.quotes(ben, text).expect(409)["code"] == "code_invalid"
    for reply in (orders(ann, text), goods_shop.quotes(ann, text), shop.redeems(ann, text)):
        assert reply.expect(409)["code"] == "code_ordered"
    assert shop.previews(ann, text).expect(200)["why_not"]["code"] == "code_ordered"


@pytest.mark.parametrize("how", ["cancelled", "late"])
def test_an_order_that_is_not_paid_sets_its_code_free_for_anybody(
    town: Town, ann: Person, ben: Person, how: str
) -> None:
    bid = minted(town, PRICE)
    text = shop.code(town, bid)
    for turn in (1, 3):
        order = orders(ann, text).expect(201)
        assert used(town, bid).turn == turn
        if how == "cancelled":
            gives_up(town, ann, order)
        else:
            town.pass_time(900 + 120)
        assert ann.order(order["order_id"])["state"] == "released"
        code = used(town, bid)
        assert (code.state, code.order, code.uid, code.undone) == (CodeState.RESTORED, None, None, None)
        assert shop.counts(town, bid) == {"redeemed": 0, "revoked": 0, "expired": 0, "left": 10}
        assert (stock(town, bid), goods_shop.taken(town, bid, ann)) == ((10, 10), 0)
    pays(town, ben, orders(ben, text).expect(201))
    assert used(town, bid).uid == ben.uid
    at_rest(town)


def test_an_order_waits_for_its_money_as_long_as_the_campaign_says(town: Town, ann: Person) -> None:
    bid = shop.minted(town, town.campaign(shop.offer({**goods_shop.goods(PRICE), "pay_seconds": 300}, total=20)), 10)
    order = orders(ann, shop.code(town, bid)).expect(201)
    town.pass_time(299)
    assert ann.order(order["order_id"])["state"] == "held"
    town.pass_time(120)
    assert ann.order(order["order_id"])["state"] == "released"


def test_money_that_comes_when_the_order_is_being_closed_wins(town: Town, ann: Person) -> None:
    bid = minted(town, PRICE)
    order = orders(ann, shop.code(town, bid)).expect(201)
    ann.pay(order, notify=False).expect(200)
    town.pass_time(900 + 120)
    assert ann.order(order["order_id"])["state"] == "confirmed"
    assert used(town, bid).order == order["order_id"]
    at_rest(town)


def test_an_order_that_something_else_pays_stands_at_once(town: Town, ann: Person) -> None:
    bid = minted(town, PRICE)
    order = orders(ann, shop.code(town, bid), pay_with=[purse(town, ann, 2000)]).expect(201)
    assert (order["state"], order["cash_fen"]) == ("confirmed", 0)
    refunds(town, order).expect(200)
    assert (seen(town, "of-ann"), stock(town, bid)) == ((2000, 0, 0), (11, 9))
    at_rest(town)
