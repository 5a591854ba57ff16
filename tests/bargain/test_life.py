"""A bargain's life: started, helped down to its floor, bought there or early, or over without a purchase."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.bargain.states import BargainState, HelpState
from chalicelib.campaigns.items import StockShard
from chalicelib.core import clock
from infra.local.client import Person
from tests import invariants
from tests.bargain.shop import (
    HOUR,
    SKU,
    bargain,
    befriend,
    budget,
    buys,
    cancels,
    closes,
    grown,
    help_of,
    helps,
    left,
    limit,
    offer,
    page,
    started,
    starts,
)
from tests.town import Town

BUDGET = 1_000_000


def at_rest(town: Town, hours: int = 4) -> None:
    town.pass_time(hours * HOUR, tick=300)
    town.stream()
    town.hear()
    invariants.at_rest(town.items(), town.sim.world)


def pays(town: Town, person: Person, order: dict[str, Any]) -> None:
    person.pay(order).expect(200)
    town.hear()


def test_three_friends_take_the_price_to_its_floor_and_it_is_bought(town: Town) -> None:
    ann, *friends = grown(town, "ann", "ben", "cat", "dan")
    campaign = town.campaign(offer())
    begun = starts(ann, campaign).expect(201)
    bid = begun["bargain_id"]
    assert (begun["slots_fen"], begun["price_fen"], begun["need"]) == ([1000, 1000, 1000], 9900, 3)
    assert (left(town), budget(town)) == (99, BUDGET - 3000)
    prices = [helps(friend, bid).expect(201)["bargain"]["price_fen"] for friend in friends]
    assert prices == [8900, 7900, 6900]
    shown = page(ann, bid)
    assert (shown["status"], shown["may_buy"], shown["left"]) == ("floor", True, 0)
    order = buys(ann, bid).expect(201)
    assert order["total_fen"] == 6900
    pays(town, ann, order)
    assert page(ann, bid)["status"] == "bought"
    assert ann.order(order["order_id"])["state"] == "confirmed"
    assert (left(town), budget(town)) == (99, BUDGET - 3000)
    at_rest(town)


def test_an_early_purchase_gives_back_what_was_not_cut(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    bid = started(ann, town.campaign(offer()))
    helps(ben, bid).expect(201)
    order = buys(ann, bid).expect(201)
    assert (order["total_fen"], budget(town)) == (8900, BUDGET - 3000)
    pays(town, ann, order)
    assert (bargain(town, bid).status, budget(town), limit(town, bid, ann).active) == ("bought", BUDGET - 1000, 0)
    at_rest(town)


def test_an_early_order_that_is_not_paid_freezes_the_time_and_gives_it_back(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    bid = started(ann, town.campaign(offer()))
    clock.advance(600)
    order = buys(ann, bid).expect(201)
    assert page(ben, bid)["why_not"]["code"] == "bargain_frozen"
    clock.advance(300)
    assert clock.parse(page(ben, bid)["ends_at"]) - clock.now() == timedelta(seconds=HOUR - 600)
    town.pass_time(900)
    assert ann.order(order["order_id"])["state"] == "released"
    shown = page(ben, bid)
    assert (shown["status"], shown["may_help"]) == ("active", True)
    again = bargain(town, bid)
    gone = (clock.now() - again.created_at).total_seconds()
    assert (again.expires_at - again.created_at).total_seconds() == pytest.approx(HOUR + gone - 600, abs=400)
    assert again.due == again.expires_at and again.order is None and again.rest_ms is None
    at_rest(town)
    assert bargain(town, bid).status is BargainState.EXPIRED


def test_an_order_at_the_floor_freezes_nothing_and_ends_with_the_claim_window(town: Town) -> None:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    bid = started(ann, town.campaign(offer(cuts=2, claim_seconds=1800, pay_window_seconds=1800)))
    for friend in (ben, cat):
        helps(friend, bid).expect(201)
    claim = bargain(town, bid).claim_until
    clock.advance(1500)
    order = buys(ann, bid).expect(201)
    assert clock.parse(order["pay_until"]) == claim
    town.pass_time(1200)
    assert bargain(town, bid).status is BargainState.MISSED
    assert (left(town), budget(town)) == (100, BUDGET)
    at_rest(town)


def test_what_expires_gives_everything_back(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    bid = started(ann, town.campaign(offer()))
    helps(ben, bid).expect(201)
    at_rest(town)
    assert bargain(town, bid).status is BargainState.EXPIRED
    assert (left(town), budget(town), limit(town, bid, ann).active) == (100, BUDGET, 0)
    assert limit(town, bid, ben).helps == 1


def test_an_owner_gives_it_up_as_often_as_he_likes(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    bid = started(ann, town.campaign(offer()))
    assert cancels(ben, bid).status == 404
    assert cancels(ann, bid).expect(200)["status"] == "cancelled"
    assert cancels(ann, bid).expect(200)["status"] == "cancelled"
    assert (left(town), budget(town), limit(town, bid, ann).active) == (100, BUDGET, 0)
    assert page(ben, bid)["why_not"]["code"] == "bargain_ended"
    at_rest(town)


def test_a_held_help_is_taken_by_the_policy_after_the_bargains_end(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    campaign = town.campaign(offer(held_helps_pass_after_seconds=86_400))
    bid = started(ann, campaign)
    befriend(ann, campaign, ben)
    said = helps(ben, bid).expect(201)
    assert said["my_help"] == {"state": "checking", "cut_fen": None}
    assert (said["bargain"]["have"], said["detail"]) == (0, "助力已提交，正在确认")
    kept = help_of(town, bid, ben)
    assert kept is not None and kept.reasons[-1:] == ["reciprocal"] and kept.due is not None
    assert bargain(town, bid).expires_at - kept.due == (bargain(town, bid).expires_at - kept.due).__class__(minutes=10)
    at_rest(town)
    kept = help_of(town, bid, ben)
    assert kept is not None and (kept.state, kept.slot, kept.cut_fen) == (HelpState.COUNTED, 0, 1000)


def test_a_held_help_of_a_bargain_that_got_there_without_it_is_moot_and_costs_no_limit(town: Town) -> None:
    ann, ben, cat, dan = grown(town, "ann", "ben", "cat", "dan")
    campaign = town.campaign(offer(cuts=2))
    bid = started(ann, campaign)
    befriend(ann, campaign, ben)
    helps(ben, bid).expect(201)
    assert limit(town, bid, ben).helps == 1
    for friend in (cat, dan):
        helps(friend, bid).expect(201)
    town.pass_time(HOUR, tick=300)
    kept = help_of(town, bid, ben)
    assert kept is not None and kept.state is HelpState.MOOT
    taken = limit(town, bid, ben)
    assert (taken.helps, taken.today) == (0, 0)
    assert page(ben, bid)["my_help"]["state"] == "not_counted"
    at_rest(town)


def test_a_merchant_closes_a_bargain_that_is_not_being_paid_for(town: Town) -> None:
    (ann,) = grown(town, "ann")
    bid = started(ann, town.campaign(offer()))
    first = closes(town, bid, key="close-it-just-once").expect(200)
    assert first["bargain"]["status"] == "closed"
    assert closes(town, bid, key="close-it-just-once").expect(200)["bargain"]["status"] == "closed"
    assert closes(town, bid).body["code"] == "bargain_ended"
    assert (left(town), budget(town)) == (100, BUDGET)
    entries = town.admin.get("/v1/admin/audit?limit=50")["entries"]
    assert [entry["subject"] for entry in entries if entry["action"] == "bargain.close"] == [bid]
    assert closes(town, "nowhere").status == 404


@pytest.mark.parametrize("paid", [True, False])
def test_a_merchants_close_marks_a_bargain_that_is_being_paid_for_and_a_payment_still_wins(
    town: Town, paid: bool
) -> None:
    (ann,) = grown(town, "ann")
    bid = started(ann, town.campaign(offer()))
    order = buys(ann, bid).expect(201)
    marked = closes(town, bid).expect(200)
    assert (marked["bargain"]["status"], marked["closing"]) == ("ordering", True)
    assert (left(town), budget(town)) == (99, BUDGET - 3000)
    if paid:
        pays(town, ann, order)
    else:
        town.pass_time(1200)
    assert bargain(town, bid).status is (BargainState.BOUGHT if paid else BargainState.CLOSED)
    assert left(town) == (99 if paid else 100)
    assert limit(town, bid, ann).active == 0
    at_rest(town)


def test_a_bargain_that_was_closed_while_ordered_names_no_order_any_more(town: Town) -> None:
    (ann,) = grown(town, "ann")
    bid = started(ann, town.campaign(offer()))
    buys(ann, bid).expect(201)
    closes(town, bid).expect(200)
    town.pass_time(1500)
    shown = page(ann, bid)
    assert (shown["status"], shown["order_id"]) == ("closed", None)


def test_an_owner_cannot_give_up_what_he_is_paying_for(town: Town) -> None:
    (ann,) = grown(town, "ann")
    bid = started(ann, town.campaign(offer()))
    buys(ann, bid).expect(201)
    assert cancels(ann, bid).body["code"] == "bargain_ordering"


def test_money_for_a_released_order_is_owed_back_although_the_bargain_goes_on(town: Town) -> None:
    (ann,) = grown(town, "ann")
    bid = started(ann, town.campaign(offer()))
    order = buys(ann, bid).expect(201)
    ann.api.post(f"/v1/orders/{order['order_id']}/cancel")
    town.minute()
    assert bargain(town, bid).status is BargainState.ACTIVE
    trade = town.sim.world.orders[town.merchant.mchid, f"{order['order_id']}-1"]
    trade.closed, trade.paid_at, trade.transaction_id = False, clock.now(), "4200000000000000000000000001"
    town.act("/_sim/notify", out_trade_no=f"{order['order_id']}-1")
    assert ann.order(order["order_id"])["state"] == "refund"
    assert bargain(town, bid).status is BargainState.ACTIVE
    at_rest(town)


@pytest.mark.parametrize("reserve", ["start", "order"])
def test_all_money_that_goes_back_gives_budget_and_unsent_unit_back(town: Town, reserve: str) -> None:
    ann, ben = grown(town, "ann", "ben")
    bid = started(ann, town.campaign(offer(reserve=reserve)))
    helps(ben, bid).expect(201)
    order = buys(ann, bid).expect(201)
    pays(town, ann, order)
    assert (left(town), budget(town)) == (99, BUDGET - 1000)
    town.admin.post(f"/v1/admin/orders/{order['order_id']}/refund", {"note": "sold out"})
    assert (left(town), budget(town)) == (100, BUDGET)
    assert bargain(town, bid).status is BargainState.BOUGHT
    at_rest(town)


def test_stock_at_the_order_is_said_and_may_be_gone(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    campaign = town.campaign(offer(reserve="order", skus=[{**SKU, "stock": 1}]))
    bids = [started(person, campaign) for person in (ann, ben)]
    assert left(town) == 1
    assert page(ann, bids[0])["stock_note"] == "库存未预留，以下单时为准"
    first = buys(ann, bids[0]).expect(201)
    refused = buys(ben, bids[1])
    assert (refused.status, refused.body["code"]) == (409, "sold_out")
    assert bargain(town, bids[1]).status is BargainState.ACTIVE
    ann.api.post(f"/v1/orders/{first['order_id']}/cancel")
    town.minute()
    assert left(town) == 1
    buys(ben, bids[1]).expect(201)
    at_rest(town)


def test_the_last_unit_and_the_last_of_the_budget_are_promised_once(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    one_unit = town.campaign(offer(skus=[{**SKU, "stock": 1}]))
    started(ann, one_unit)
    assert starts(ben, one_unit).body["code"] == "sold_out"
    one_cut = town.campaign(offer(budget_fen=5999))
    started(ann, one_cut)
    refused = starts(ben, one_cut)
    assert (refused.status, refused.body["code"]) == (409, "budget_spent")


def test_each_shard_of_a_budget_reaches_for_several_bargains(town: Town) -> None:
    town.campaign(offer(budget_fen=60_000))
    shards = [item.left for item in town.items() if isinstance(item, StockShard) and "~budget" in item.pk]
    assert shards == [30_000, 30_000]


def test_a_campaign_without_a_budget_reserves_none(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    bid = started(ann, town.campaign(offer(budget_fen=None)))
    helps(ben, bid).expect(201)
    assert bargain(town, bid).escrow == []
    pays(town, ann, buys(ann, bid).expect(201))
    assert budget(town) == 0
    at_rest(town)
