"""What a paid order brings: promised once, given when nobody may ask for his money any more, and taken back."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.campaigns.gifts import Currency
from chalicelib.core import clock, due
from chalicelib.orders.items import Order
from chalicelib.rewards.states import PieceState
from chalicelib.rewards.thanks import FOLLOWING
from tests import invariants
from tests.campaigns.rewards import BALANCE, COUPON, PACKET, gift
from tests.orders.purse import purse
from tests.thanks.shop import (
    PRICE,
    arrive,
    budget,
    coupons,
    giving,
    grant,
    has,
    key_of,
    orders,
    pass_days,
    states,
    thanked,
)
from tests.town import Town

BOTH = {"gift": "held", "points": "held"}
GIVEN = {"gift": "granted", "points": "granted"}


def sound(town: Town) -> None:
    invariants.check(town.books())


def brought(bought: Any) -> dict[str, str]:
    """How its buyer sees what his order brings."""
    return {one["what"]: one["state"] for one in bought.shown["brought"]}


def test_an_order_brings_what_was_said_once_its_after_sale_is_over(town: Town) -> None:
    campaign = giving(town)
    bought = thanked(town, campaign)
    assert states(town, bought) == BOTH
    assert (budget(town, campaign, Currency.FEN), budget(town, campaign, Currency.POINTS)) == (9_500, 10_000 - 890)
    assert brought(bought) == {"after_order": "coming", "after_order_points": "coming"}
    sound(town)
    arrive(bought)
    pass_days(town, 1.9)
    assert states(town, bought) == BOTH
    assert (coupons(town, bought.buyer), has(town, bought.buyer, Currency.POINTS)) == ([], 0)
    pass_days(town, 0.5)
    assert states(town, bought) == GIVEN
    (coupon,) = coupons(town, bought.buyer)
    assert (coupon.terms.title, coupon.state(0, clock.now())) == ("满减券", PieceState.AVAILABLE)
    assert has(town, bought.buyer, Currency.POINTS) == 890
    assert brought(bought) == {"after_order": "granted", "after_order_points": "granted"}
    sound(town)


def test_it_is_looked_at_at_the_instant_at_which_nobody_may_ask_any_more(town: Town) -> None:
    bought = thanked(town, giving(town))
    arrive(bought)
    pass_days(town, 2)
    order = town.items()
    until = next(item.ask_until for item in order if isinstance(item, Order))
    found = grant(town, bought, "gift")
    assert until is not None and found is not None and until == clock.now() and found.state.value == "held"
    assert bought.shown["state"] == "confirmed"
    bought.ask().expect(201)
    clock.advance(1)
    town.minute()
    assert states(town, bought) == BOTH


def test_what_takes_long_to_arrive_is_waited_for(town: Town) -> None:
    bought = thanked(town, giving(town))
    pass_days(town, 9)
    assert states(town, bought) == BOTH
    arrive(bought)
    pass_days(town, 2.6)
    assert states(town, bought) == GIVEN


def test_while_a_case_is_open_nothing_is_given(town: Town) -> None:
    bought = thanked(town, giving(town))
    arrive(bought)
    bought.ask().expect(201)
    pass_days(town, 5)
    assert states(town, bought) == BOTH
    bought.buyer.come_back()
    bought.mine("cases/1/withdraw").expect(200)
    pass_days(town, 1.3)
    assert states(town, bought) == GIVEN


def test_a_coupon_may_be_given_at_once(town: Town) -> None:
    bought = thanked(town, giving(town, hold="none"))
    assert "soon" not in brought(bought) and brought(bought)["after_order"] == "coming"
    town.minute()
    assert states(town, bought) == {"gift": "granted", "points": "held"}
    sound(town)


def test_told_twice_it_is_promised_once(town: Town) -> None:
    campaign = giving(town)
    bought = thanked(town, campaign)
    order = next(item for item in town.items() if isinstance(item, Order))
    FOLLOWING.confirmed(order)
    assert budget(town, campaign, Currency.FEN) == 9_500
    assert states(town, bought) == BOTH
    sound(town)


def test_where_the_budget_does_not_reach_nothing_is_promised(town: Town) -> None:
    campaign = giving(town, budget={"fen": 500, "points": 890})
    first, second = thanked(town, campaign, "ann"), thanked(town, campaign, "ben")
    assert (states(town, first), states(town, second)) == (BOTH, {})
    assert brought(second) == {}
    sound(town)


def test_of_two_things_one_may_be_there_alone(town: Town) -> None:
    campaign = giving(town, budget={"fen": 10_000, "points": 890 + 889})
    assert states(town, thanked(town, campaign)) == BOTH
    assert states(town, thanked(town, campaign)) == {"gift": "held"}


def test_less_than_the_campaign_asks_for_brings_nothing(town: Town) -> None:
    assert states(town, thanked(town, giving(town, least_paid_fen=PRICE + 1))) == {}
    assert states(town, thanked(town, giving(town, least_paid_fen=PRICE))) == BOTH


def test_points_are_for_money_only(town: Town) -> None:
    campaign = giving(town)
    ann = town.person("ann")
    bought = orders(town, campaign, "ann", purse(town, ann, 3050))
    town.stream()
    found = grant(town, bought, "points")
    assert found is not None and found.gift.amount == 580
    ben = town.person("ben")
    free = orders(town, campaign, "ben", purse(town, ben, PRICE))
    town.stream()
    assert states(town, free) == {"gift": "held"}


@pytest.mark.parametrize(("back", "points"), [(100, 880), (4_000, 490), (8_850, 0)])
def test_points_are_what_stays_paid_when_they_are_given(town: Town, back: int, points: int) -> None:
    campaign = giving(town)
    bought = thanked(town, campaign)
    bought.refund(back).expect(200)
    town.stream()
    assert states(town, bought) == BOTH
    arrive(bought)
    pass_days(town, 2.5)
    assert states(town, bought) == {"gift": "granted", "points": "granted" if points else "void"}
    assert has(town, bought.buyer, Currency.POINTS) == points
    assert budget(town, campaign, Currency.POINTS) == 10_000 - points
    sound(town)


def test_a_part_that_goes_back_later_leaves_the_points(town: Town) -> None:
    bought = thanked(town, giving(town, least_paid_fen=1_000))
    arrive(bought)
    pass_days(town, 2.5)
    bought.refund(1_000).expect(200)
    town.stream()
    town.minute()
    assert states(town, bought) == GIVEN
    assert has(town, bought.buyer, Currency.POINTS) == 890


def test_when_everything_goes_back_before_nothing_is_given(town: Town) -> None:
    campaign = giving(town)
    bought = thanked(town, campaign)
    bought.refund().expect(200)
    town.stream()
    assert states(town, bought) == {"gift": "void", "points": "void"}
    assert (budget(town, campaign, Currency.FEN), budget(town, campaign, Currency.POINTS)) == (10_000, 10_000)
    assert brought(bought) == {"after_order": "not_given", "after_order_points": "not_given"}
    sound(town)


@pytest.mark.parametrize("amount", [None, 8_000])
def test_what_was_given_is_taken_back_with_the_money_or_where_too_little_is_left(
    town: Town, amount: int | None
) -> None:
    campaign = giving(town, least_paid_fen=1_000)
    bought = thanked(town, campaign)
    arrive(bought)
    pass_days(town, 2.5)
    bought.refund(amount).expect(200)
    town.stream()
    town.minute()
    assert states(town, bought) == {"gift": "clawed", "points": "clawed"}
    assert has(town, bought.buyer, Currency.POINTS) == 0
    assert [coupon.state(0, clock.now()) for coupon in coupons(town, bought.buyer)] == [PieceState.INVALID]
    assert (budget(town, campaign, Currency.FEN), budget(town, campaign, Currency.POINTS)) == (10_000, 10_000)
    assert brought(bought) == {"after_order": "taken_back", "after_order_points": "taken_back"}
    sound(town)


def test_an_order_that_was_given_back_before_anybody_was_told_brings_nothing(town: Town) -> None:
    campaign = giving(town)
    bought = orders(town, campaign)
    bought.refund().expect(200)
    town.stream()
    assert states(town, bought) == {}
    assert budget(town, campaign, Currency.FEN) == 10_000


def test_a_return_that_is_told_first_changes_nothing(town: Town) -> None:
    bought = orders(town, giving(town))
    order = next(item for item in town.items() if isinstance(item, Order))
    FOLLOWING.returned(order)
    assert states(town, bought) == {}
    town.stream()
    FOLLOWING.returned(order)
    assert states(town, bought) == BOTH


def test_balance_comes_as_balance(town: Town) -> None:
    campaign = giving(town, gift=gift(600, BALANCE), points_per_yuan=0)
    bought = thanked(town, campaign)
    arrive(bought)
    pass_days(town, 2.5)
    assert has(town, bought.buyer, Currency.FEN) == 600
    assert states(town, bought) == {"gift": "granted"}
    sound(town)


def test_gift_and_points_may_be_of_one_budget(town: Town) -> None:
    campaign = giving(town, gift=gift(100, {"as": "points"}), budget={"points": 1_000})
    bought = thanked(town, campaign)
    assert states(town, bought) == BOTH
    assert budget(town, campaign, Currency.POINTS) == 10


def test_a_page_and_a_quote_say_what_an_order_brings_and_not_how_much_there_is(town: Town) -> None:
    campaign = giving(town, packet=PACKET, least_paid_fen=5_000)
    ann = town.person()
    shown = ann.api.get(f"/v1/campaigns/{campaign}")["terms"]["after_order"]
    assert (shown["gift"]["amount"], shown["points_per_yuan"], shown["hold"]) == (500, 10, "until_complete")
    assert [share["friend"] for share in shown["packet"]["shares"]] == [200, 200]
    assert "budget" not in shown
    promises = ann.api.post(f"/v1/campaigns/{campaign}/quote")["promises"]
    said = [one for one in promises if "赠完即止" in one["zh"]]
    assert len(said) == 3
    assert all("while the budget lasts" in one["en"] and "¥50.00" in one["zh"] for one in said)
    assert all("售后期结束后" in one["zh"] for one in said[:2])
    at_once = giving(town, hold="none", points_per_yuan=0)
    (only,) = [p for p in ann.api.post(f"/v1/campaigns/{at_once}/quote")["promises"] if "赠完即止" in p["zh"]]
    assert "随即到账" in only["zh"] and "at once" in only["en"]


def test_who_is_promised_a_coupon_reads_from_what_it_counts(town: Town) -> None:
    campaign = giving(town, gift=gift(500, {**COUPON, "threshold_fen": 9_900}))
    promises = town.person().api.post(f"/v1/campaigns/{campaign}/quote")["promises"]
    (said,) = [one for one in promises if "优惠券" in one["zh"]]
    assert "¥5.00 优惠券（满 ¥99.00 可用）" in said["zh"] and "a ¥5.00 coupon (from ¥99.00)" in said["en"]
    told = thanked(town, campaign).shown["brought"][0]["detail"]
    assert "（满 ¥99.00 可用）" in told


def test_what_brings_nothing_says_nothing(town: Town) -> None:
    campaign = town.campaign()
    ann = town.person()
    assert ann.api.get(f"/v1/campaigns/{campaign}")["terms"]["after_order"] is None
    bought = orders(town, campaign)
    assert bought.shown["brought"] == []
    assert bought.record["brought"] == []


def test_a_refund_between_the_look_and_the_gift_is_not_missed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it rests on is in the transaction: a part goes back after the rule has looked, and fewer points come."""
    bought = thanked(town, giving(town))
    arrive(bought)
    pass_days(town, 2)
    clock.advance(1)
    seen, once = FOLLOWING.rule, list[Any]()

    def rule(found: Any) -> Any:
        ruling = seen(found)
        if not once:
            once.append(bought.refund(4_000).expect(200))
        return ruling

    monkeypatch.setattr(FOLLOWING, "rule", rule, raising=False)
    key = key_of(town, bought, "points")
    for _ in range(3):
        found = grant(town, bought, "points")
        if found is not None and found.gsi2sk:
            due.handle(key, found.gsi2sk)
            clock.advance(60)
    assert has(town, bought.buyer, Currency.POINTS) == 490
    sound(town)
