"""What buyers are told of their orders: paid, on its way, back; to whom, once, and nothing without a template."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.outbox import OutboxEntry
from chalicelib.notices import telling
from chalicelib.notices.items import Notice, Plan
from chalicelib.notices.moments import Moment
from infra.local.client import Person
from tests.family.asks_shop import buys, pays_for
from tests.family.shop import household
from tests.fulfilment.shop import OTHER, PARCEL, Bought
from tests.groupbuy.scenes import pays_after_all
from tests.notices import shop
from tests.notices.heard import amounts, told
from tests.orders.purse import purse
from tests.orders.test_tenders import SOLO, order
from tests.town import Town

MONEY = (Moment.PAID, Moment.REFUNDED, Moment.SHIPPED)
TITLE = "2026年秋茶礼盒"


@pytest.fixture
def ann(town: Town) -> Person:
    """Somebody who has agreed to everything of an order once."""
    shop.says(town, *MONEY)
    person = town.person("ann")
    shop.consents(town, person, *MONEY)
    return person


def pays(town: Town, person: Person, held: dict[str, Any]) -> Bought:
    person.pay(held).expect(200)
    town.hear()
    return Bought(town, person, held["order_id"])


def buys_alone(town: Town, person: Person, **sku: Any) -> Bought:
    return pays(town, person, person.buy(town.campaign(skus=[{**town.sku(), **sku}])).expect(201))


def test_a_buyer_is_told_that_he_has_paid_that_it_went_out_and_that_money_is_back(town: Town, ann: Person) -> None:
    one = buys_alone(town, ann)
    page = f"pages/order/index?o={one.order_id}"
    assert told(town, ann) == [("paid", page, [TITLE, "89.00元", one.order_id, "2026年11月11日 20:00"])]
    one.send(PARCEL).expect(200)
    assert told(town, ann)[1:] == [("shipped", page, [TITLE, one.order_id, "圆通", "YT0001", "2026年11月11日 20:03"])]
    one.refund(1_000).expect(200)
    town.stream()
    assert len(shop.messages(town, ann)) == 2, "it is on its way"
    clock.advance(30)
    town.hear()
    assert told(town, ann)[2:] == [("refunded", page, [TITLE, "10.00元", one.order_id, "2026年11月11日 20:06"])]
    assert {sent["data"]["thing1"] for sent in shop.messages(town, ann)} == {TITLE}


def test_a_refund_of_which_wechat_does_not_tell_is_told_when_it_is_asked(town: Town, ann: Person) -> None:
    one = buys_alone(town, ann)
    town.act("/_sim/faults", endpoint="notify", kind="lost", count=1_000)
    one.refund().expect(200)
    town.stream()
    town.pass_time(300)
    town.hear()
    assert [moment for moment, _, _ in told(town, ann)] == ["paid", "refunded"]


def test_what_is_not_paid_with_money_is_told_when_it_is_written(town: Town, ann: Person) -> None:
    made = order(ann, town.campaign(), "orders", purse(town, ann, SOLO)).expect(201)
    one = Bought(town, ann, made["order_id"])
    assert amounts(town, ann) == [("paid", "89.00元")]
    one.refund(500).expect(200)
    assert amounts(town, ann)[1:] == [("refunded", "5.00元")]


def test_money_and_what_else_goes_back_at_once_is_one_message(town: Town, ann: Person) -> None:
    one = pays(town, ann, order(ann, town.campaign(), "orders", purse(town, ann, 3_000)).expect(201))
    one.refund().expect(200)
    town.stream()
    town.pass_time(300)
    town.hear()
    assert amounts(town, ann) == [("paid", "89.00元"), ("refunded", "89.00元")]


def test_whoever_pays_the_buyer_is_told_that_it_is_paid_and_the_payer_that_his_money_is_back(
    town: Town, ann: Person
) -> None:
    mum = town.person("mum")
    shop.consents(town, mum, *MONEY)
    fid = household(town, mum, ann)
    made = buys(ann, town.campaign(), fid, purse(town, ann, 900)).expect(201)
    mum.pay(pays_for(mum, made["order_id"]).expect(200)).expect(200)
    town.hear()
    Bought(town, ann, made["order_id"]).refund().expect(200)
    town.stream()
    town.pass_time(300)
    town.hear()
    assert amounts(town, ann) == [("paid", "89.00元")]
    assert amounts(town, mum) == [("refunded", "80.00元")]


def test_money_that_comes_too_late_is_no_payment_and_is_told_when_it_is_back(town: Town, ann: Person) -> None:
    _, opened = town.opened(town.campaign(group_seconds=3600))
    seat = ann.join(opened["group_id"]).expect(201)
    town.pass_time(3_660)
    assert pays_after_all(town, seat)() == "owed"
    assert amounts(town, ann) == [("refunded", "69.00元")]


@pytest.mark.parametrize(("way", "said"), [("city", "商家配送"), ("virtual", "无需物流")])
def test_goods_without_a_carrier_say_how_they_come(town: Town, ann: Person, way: str, said: str) -> None:
    one = buys_alone(town, ann, fulfilment=way)
    one.send().expect(200)
    assert [data[1:4] for moment, _, data in told(town, ann) if moment == "shipped"] == [[one.order_id, said, "-"]]


def test_each_time_that_goods_go_out_is_told_and_a_correction_is_not(town: Town, ann: Person) -> None:
    one = buys_alone(town, ann)
    shop.consents(town, ann, Moment.SHIPPED)
    third = {"carrier": "some-carrier", "number": "SC0003"}
    one.send(PARCEL, complete=False).expect(200)
    one.send(OTHER, third, complete=False).expect(200)
    one.send(complete=True).expect(200)
    one.desk("correct", {"parcels": [PARCEL, OTHER]}).expect(200)
    shipped = [data[2:4] for moment, _, data in told(town, ann) if moment == "shipped"]
    assert shipped == [["圆通", "YT0001"], ["申通", "ST0002+1"]]


def test_what_the_shop_has_no_template_for_is_owed_to_nobody(town: Town) -> None:
    ann = town.person("ann")
    one = buys_alone(town, ann)
    one.send(PARCEL).expect(200)
    one.refund(500).expect(200)
    town.stream()
    clock.advance(30)
    town.hear()
    assert not [item for item in town.items() if isinstance(item, Notice | Plan)]
    assert not [item for item in town.items() if isinstance(item, OutboxEntry) and item.effect == telling.MESSAGE]
