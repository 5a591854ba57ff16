"""Who may order with a code and who may not, what he is quoted, and what he then pays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.voucher import finding, guesses
from chalicelib.voucher.finding import Place
from infra.local.client import Person
from tests.town import Town
from tests.voucher import goods_shop, shop
from tests.voucher.goods_shop import FREIGHT, PRICE, minted, orders, pays, quotes

REGIONS = {"kind": "region", "otherwise_fen": None, "regions": [{"provinces": ["浙江省"], "fen": 500}]}


@pytest.fixture
def ann(town: Town) -> Person:
    return town.person("ann")


@pytest.fixture
def ben(town: Town) -> Person:
    return town.person("ben")


def refused(person: Person, text: str, code: str) -> None:
    """Neither an order nor a quote is to be had."""
    for reply in (quotes(person, text), orders(person, text)):
        assert reply.body["code"] == code, reply.body


@pytest.mark.parametrize("brings", [shop.COUPON, shop.FIVE_YUAN, shop.COUNTER])
def test_a_code_that_brings_no_goods_is_not_ordered_with(town: Town, ann: Person, brings: dict[str, Any]) -> None:
    refused(ann, shop.code(town, shop.batch(town, brings)), "code_no_goods")


def test_a_code_for_goods_is_ordered_with_and_not_redeemed(town: Town, ann: Person) -> None:
    bid = minted(town)
    assert shop.redeems(ann, shop.code(town, bid)).expect(409)["code"] == "code_needs_order"
    assert shop.used(town, bid) is None


def test_one_user_redeems_as_many_as_the_campaign_allows(town: Town, ann: Person, ben: Person) -> None:
    bid = minted(town, per_user=2)
    for serial in (0, 1):
        orders(ann, shop.code(town, bid, serial)).expect(201)
    refused(ann, shop.code(town, bid, 2), "code_limit")
    orders(ben, shop.code(town, bid, 2)).expect(201)


def test_without_a_limit_nothing_is_counted(town: Town, ann: Person) -> None:
    bid = minted(town, PRICE, per_user=None)
    first, second = (orders(ann, shop.code(town, bid, serial)).expect(201) for serial in (0, 1))
    goods_shop.gives_up(town, ann, first)
    pays(town, ann, second)
    assert goods_shop.taken(town, bid, ann) == 0
    goods_shop.at_rest(town)


def test_only_new_users_order_where_only_they_may(town: Town, ann: Person) -> None:
    sheet = {**shop.offer()["rule_sheet"], "eligibility": "从未在本店下单的用户可以兑换。"}
    bought = minted(town)
    orders(ann, shop.code(town, bought)).expect(201)
    refused(ann, shop.code(town, minted(town, who_may_redeem="new_user", rule_sheet=sheet)), "new_claimers_only")


def test_a_code_is_good_from_its_day_on_and_while_its_campaign_runs(town: Town, ann: Person) -> None:
    cid = goods_shop.campaign(town)
    later = shop.minted(town, cid, 5, since=clock.iso(clock.now() + timedelta(days=1)))
    refused(ann, shop.code(town, later), "code_not_yet")
    bid = shop.minted(town, cid, 5)
    town.admin.post(f"/v1/admin/campaigns/{cid}/pause")
    refused(ann, shop.code(town, bid), "campaign_not_running")


def test_a_paused_campaign_takes_money_for_orders_that_were_made(town: Town, ann: Person) -> None:
    cid = goods_shop.campaign(town, PRICE)
    bid = shop.minted(town, cid, 5)
    order = orders(ann, shop.code(town, bid)).expect(201)
    town.admin.post(f"/v1/admin/campaigns/{cid}/pause")
    pays(town, ann, order)
    assert ann.order(order["order_id"])["state"] == "confirmed"


def test_a_code_of_a_retired_key_is_not_good_and_late_money_asks_for_no_key(town: Town, ann: Person) -> None:
    bid = minted(town, PRICE)
    text = shop.code(town, bid)
    order = orders(ann, text).expect(201)
    goods_shop.gives_up(town, ann, order)
    goods_shop.rekeys(town, bid)
    refused(ann, text, "code_invalid")
    goods_shop.paid_late(town, order)
    assert ann.order(order["order_id"])["state"] == "confirmed"
    goods_shop.at_rest(town)


def test_who_guessed_wrong_too_often_orders_nothing_and_asks_nothing(town: Town, ann: Person, ben: Person) -> None:
    bid = minted(town)
    forged = goods_shop.forged(town)
    for n in range(5):
        assert (quotes, orders)[n % 2](ann, forged).body["code"] == ("code_invalid" if n < 4 else "code_locked")
    refused(ann, shop.code(town, bid), "code_locked")
    orders(ben, shop.code(town, bid)).expect(201)


def test_a_typo_is_no_guess(town: Town, ann: Person) -> None:
    text = shop.code(town, minted(town))
    refused(ann, text[:-1] + ("A" if text[-1] != "A" else "C"), "code_mistyped")
    assert not guesses_of(town, ann)


@pytest.mark.parametrize("act", [orders, quotes, shop.redeems, shop.previews])
def test_a_code_of_a_batch_that_nobody_minted_is_one_guess(
    town: Town, ann: Person, act: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def place_of(mid: Any, text: str) -> Place:
        return Place(mid=mid, bid="65535", serial=1, key_version=0, letters=16)

    monkeypatch.setattr(finding, "place_of", place_of)
    assert act(ann, "ANY-CODE").expect(409)["code"] == "code_invalid"
    assert len(guesses_of(town, ann)) == 1


def guesses_of(town: Town, person: Person) -> list[int]:
    return [at for item in town.items() if isinstance(item, guesses.Guesses) for at in item.at]


def test_another_sku_is_not_ordered(town: Town, ann: Person) -> None:
    bid = minted(town)
    assert orders(ann, shop.code(town, bid), sku_id="box-2").expect(422)["code"] == "sku_unknown"
    orders(ann, shop.code(town, bid), sku_id="box-1").expect(201)


@pytest.mark.parametrize(
    ("price", "freight", "lines", "said"),
    [
        (0, {"kind": "free"}, [0, 0], "Nothing is left to pay"),
        (PRICE, {"kind": "free"}, [PRICE, 0], "The order stands as soon as it is paid"),
        (0, FREIGHT, [0, 600], "The order stands as soon as it is paid"),
        (PRICE, FREIGHT, [PRICE, 600], "The order stands as soon as it is paid"),
    ],
)
def test_a_quote_says_what_is_paid_and_what_is_promised(
    town: Town, ann: Person, price: int, freight: dict[str, Any], lines: list[int], said: str
) -> None:
    bid = minted(town, price, freight=freight)
    told = quotes(ann, shop.code(town, bid)).expect(200)
    assert [line["amount_fen"] for line in told["lines"]] == lines
    assert (told["total_fen"], told["cash_fen"], told["quantity"]) == (sum(lines), sum(lines), 1)
    assert (told["sku_id"], told["reference_price_fen"], told["pay_window_seconds"]) == ("box-1", 9900, 900)
    assert clock.parse(told["until"]) == shop.stored_batch(town, bid).until
    spoken = [promise["en"] for promise in told["promises"]]
    assert said in " ".join(spoken)
    assert any("used up" in line for line in spoken) and any("waits for this code" in line for line in spoken)
    assert any("cancelled" in line for line in spoken) == bool(sum(lines))
    assert shop.used(town, bid) is None


def test_a_quote_is_honoured_and_is_its_askers(town: Town, ann: Person, ben: Person) -> None:
    bid = minted(town, PRICE, freight=REGIONS)
    text = shop.code(town, bid)
    assert quotes(ann, text).expect(422)["code"] == "region_needed"
    assert quotes(ann, text, province="北京市").expect(409)["code"] == "not_delivered_there"
    token = quotes(ann, text, province="浙江省").expect(200)["quote"]
    assert orders(ben, text, quote=token).expect(422)["code"] == "quote_unfit"
    order = orders(ann, text, quote=token).expect(201)
    assert order["total_fen"] == PRICE + 500


def test_a_quote_of_another_campaign_is_not_taken(town: Town, ann: Person) -> None:
    token = quotes(ann, shop.code(town, minted(town, 1))).expect(200)["quote"]
    refused = orders(ann, shop.code(town, minted(town, PRICE)), quote=token)
    assert refused.expect(422)["code"] == "quote_unfit"


def test_what_is_asked_without_a_quote_is_priced_now(town: Town, ann: Person) -> None:
    text = shop.code(town, minted(town, PRICE, freight=REGIONS))
    assert orders(ann, text).expect(422)["code"] == "region_needed"
    assert orders(ann, text, province="浙江省").expect(201)["total_fen"] == PRICE + 500
