"""The rules by themselves: how a cut is split, what it costs then, what a help becomes, who may do what when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.bargain import rules
from chalicelib.bargain.items import Bargain, Help, Limit
from chalicelib.bargain.states import BargainState, HelpState
from chalicelib.campaigns.kinds.bargain import BargainLimits, BargainOffer
from chalicelib.campaigns.kinds.slots import Split
from chalicelib.campaigns.kinds.slots import slots as split_into
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.orders.items import Order
from chalicelib.orders.states import OrderState
from chalicelib.sharing.verdict import Outcome, Verdict
from tests.bargain.shop import offer as document
from tests.conftest import START

HOUR = timedelta(hours=1)

SPLITS = st.tuples(st.integers(2, 20), st.integers(0, 10**9), st.sampled_from(Split))


@pytest.mark.parametrize(
    ("cut", "parts", "how", "slots"),
    [
        (3000, 3, Split.EQUAL, [1000, 1000, 1000]),
        (1001, 3, Split.EQUAL, [334, 334, 333]),
        (3000, 3, Split.FALLING, [1200, 1000, 800]),
        (3000, 3, Split.FRONT_LOADED, [1500, 750, 750]),
        (3, 3, Split.FRONT_LOADED, [1, 1, 1]),
        (5, 3, Split.FALLING, [2, 2, 1]),
        (2, 2, Split.FALLING, [1, 1]),
    ],
)
def test_a_cut_is_split_as_its_campaign_says(cut: int, parts: int, how: Split, slots: list[int]) -> None:
    assert split_into(cut, parts, how) == slots


@given(SPLITS)
def test_a_split_is_exact_and_never_rises_and_each_part_is_a_fen_at_least(drawn: tuple[int, int, Split]) -> None:
    parts, more, how = drawn
    slots = split_into(parts + more, parts, how)
    assert (len(slots), sum(slots)) == (parts, parts + more)
    assert min(slots) >= 1
    assert slots == sorted(slots, reverse=True)


@given(SPLITS, st.integers(1, 10**9), st.integers(0, 20))
def test_a_price_stays_between_floor_and_start(drawn: tuple[int, int, Split], floor: int, helps: int) -> None:
    parts, more, how = drawn
    cut = parts + more
    one = a_bargain(start_fen=floor + cut, slots=split_into(cut, parts, how), helps=min(helps, parts))
    assert floor <= rules.price_of(one) <= floor + cut
    assert rules.price_after(one, 0) == floor + cut
    assert rules.price_after(one, parts) == floor


@given(SPLITS)
def test_a_falling_split_falls_by_less_than_half_and_a_front_loaded_one_begins_with_half(
    drawn: tuple[int, int, Split],
) -> None:
    parts, more, _ = drawn
    cut = parts + more
    falling, front = split_into(cut, parts, Split.FALLING), split_into(cut, parts, Split.FRONT_LOADED)
    assert falling[0] <= 2 * falling[-1] + 2
    assert front[0] == min((cut + 1) // 2, cut - parts + 1)


def an_offer(**changes: Any) -> BargainOffer:
    with clock.fixed(START):
        return msgspec.convert({**document(), **changes}, BargainOffer)


def a_bargain(**changes: Any) -> Bargain:
    told = {
        "pk": "M|B#C-1",
        "sk": "META",
        "status": BargainState.ACTIVE,
        "uid": "ANN",
        "sku": "box-1",
        "start_fen": 9900,
        "slots": [1000, 1000, 1000],
        "own": 0,
        "helps": 0,
        "held": 0,
        "buys": 0,
        "version": 1,
        "expires_at": START + HOUR,
        "units": [],
        "escrow": [],
        "fingerprint": "f",
        "created_at": START,
    }
    return Bargain(**{**told, **changes})


def code(act: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(RippleError) as refused:
        act(*args, **more)
    return refused.value.problem.code


def test_nobody_starts_more_than_he_may_or_than_there_is() -> None:
    offer = an_offer(limits=BargainLimits(starts=2, active=1))
    start = rules.insist_may_start
    start(offer, None, 1, 3000, 3000)
    start(offer, Limit(starts=1, active=0), 1, 3000, 3000)
    assert code(start, offer, Limit(starts=2, active=0), 1, 3000, 3000) == "bargain_limit"
    assert code(start, offer, Limit(starts=1, active=1), 1, 3000, 3000) == "bargain_active"
    assert code(start, offer, None, 0, 3000, 3000) == "sold_out"
    assert code(start, offer, None, 1, 2999, 3000) == "budget_spent"
    start(an_offer(reserve="order", budget_fen=None), None, 0, 0, 3000)


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"uid": "BEN"}, "own_bargain"),
        ({"status": BargainState.FLOOR, "helps": 3}, "bargain_at_floor"),
        ({"status": BargainState.ORDERING}, "bargain_frozen"),
        ({"status": BargainState.SETTLING}, "bargain_ended"),
        ({"status": BargainState.BOUGHT, "helps": 3}, "bargain_ended"),
        ({"expires_at": START - timedelta(seconds=1)}, "bargain_ended"),
    ],
)
def test_what_cannot_be_helped(changes: dict[str, Any], refused: str) -> None:
    assert code(rules.insist_may_help, an_offer(), a_bargain(**changes), None, None, "BEN", START) == refused


def test_a_help_counts_up_to_the_last_instant_and_within_the_limits_of_day_and_campaign() -> None:
    offer = an_offer(limits=BargainLimits(helps=3, helps_a_day=1))
    day, helped = clock.day_of(START).isoformat(), Help()
    rules.insist_may_help(offer, a_bargain(expires_at=START), None, None, "BEN", START)
    rules.insist_may_help(offer, a_bargain(), None, Limit(helps=2, day="2026-11-10", today=1), "BEN", START)
    one, may = a_bargain(), rules.insist_may_help
    assert code(may, offer, one, None, Limit(helps=1, day=day, today=1), "BEN", START) == "help_day_limit"
    assert code(may, offer, one, None, Limit(helps=3, day="2026-11-10", today=1), "BEN", START) == "help_limit"
    assert code(may, offer, one, helped, None, "BEN", START) == "already_helped"


def test_a_verdict_becomes_a_state_and_nothing_is_held_without_time_or_room() -> None:
    one, late = a_bargain(), START + HOUR - timedelta(minutes=10)
    assert rules.taken_as(Verdict(Outcome.ALLOW, []), one, START) is HelpState.COUNTED
    assert rules.taken_as(Verdict(Outcome.ALLOW, []), one, START + HOUR) is HelpState.COUNTED
    held = Verdict(Outcome.HOLD, [])
    assert rules.taken_as(held, one, late) is HelpState.HELD
    assert code(rules.taken_as, held, one, late + timedelta(seconds=1)) == "help_too_late"
    assert code(rules.taken_as, held, a_bargain(held=3), START) == "helps_being_checked"
    assert code(rules.taken_as, Verdict(Outcome.DENY, []), one, START) == "help_not_taken"


def test_a_held_help_passes_by_the_published_policy_ten_minutes_before_the_end_at_the_latest() -> None:
    offer, one = an_offer(held_helps_pass_after_seconds=1800), a_bargain()
    assert rules.passes_at(offer, one, START) == START + timedelta(minutes=30)
    assert rules.passes_at(offer, one, START + timedelta(minutes=30)) == START + timedelta(minutes=50)


@pytest.mark.parametrize("status", BargainState)
def test_a_decision_looks_at_the_state_and_never_at_the_clock(status: BargainState) -> None:
    one = a_bargain(status=status, expires_at=START - HOUR)
    open_ = status in (BargainState.ACTIVE, BargainState.SETTLING)
    assert rules.decided_as(one, yes=True) is (HelpState.COUNTED if open_ else HelpState.MOOT)
    assert rules.decided_as(one, yes=False) is (HelpState.REJECTED if open_ else HelpState.MOOT)


@pytest.mark.parametrize(
    ("changes", "at", "refused"),
    [
        ({}, HOUR - timedelta(minutes=2), None),
        ({}, HOUR - timedelta(minutes=1), "bargain_ending"),
        ({"buys": 2}, timedelta(0), None),
        ({"buys": 3}, timedelta(0), "early_tries"),
        ({}, HOUR + timedelta(seconds=1), "bargain_ended"),
        ({"status": BargainState.SETTLING}, timedelta(0), "bargain_ended"),
        ({"status": BargainState.CANCELLED}, timedelta(0), "bargain_ended"),
        ({"status": BargainState.FLOOR, "claim_until": START + HOUR, "buys": 3}, HOUR - timedelta(minutes=2), None),
        ({"status": BargainState.FLOOR, "claim_until": START + HOUR}, HOUR - timedelta(minutes=1), "bargain_ending"),
    ],
)
def test_when_it_may_be_bought(changes: dict[str, Any], at: timedelta, refused: str | None) -> None:
    if refused is None:
        rules.insist_may_buy(an_offer(), a_bargain(**changes), START + at)
    else:
        assert code(rules.insist_may_buy, an_offer(), a_bargain(**changes), START + at) == refused


def test_early_purchase_is_the_campaigns_to_allow() -> None:
    offer = an_offer(early_purchase=False)
    assert code(rules.insist_may_buy, offer, a_bargain(), START) == "not_at_floor"
    rules.insist_may_buy(offer, a_bargain(status=BargainState.FLOOR, claim_until=START + HOUR), START)


def test_an_order_at_the_floor_is_payable_within_the_claim_window_and_an_early_one_for_its_own_time() -> None:
    offer, now = an_offer(pay_window_seconds=900), START + HOUR - timedelta(minutes=5)
    assert rules.pay_until(offer, a_bargain(), now) == now + timedelta(minutes=15)
    assert rules.pay_until(offer, a_bargain(claim_until=START + HOUR), now) == START + HOUR


@pytest.mark.parametrize("state", OrderState)
def test_a_payment_buys_with_the_bargains_own_live_order_and_time_plays_no_part(state: OrderState) -> None:
    order = Order(pk="M|O#1", sk="META", state=state)
    live = state in (OrderState.HELD, OrderState.CLOSING)
    assert rules.buys(a_bargain(status=BargainState.ORDERING, order="1"), order) is live
    assert not rules.buys(a_bargain(status=BargainState.ORDERING, order="2"), order)
    assert not rules.buys(a_bargain(order="1"), order)
