"""The rules of packets, by example and by property."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.campaigns.gifts import AsBalance, AsCoupon, AsPoints, Currency, Form
from chalicelib.core.errors import RippleError
from chalicelib.orders.items import Order
from chalicelib.orders.states import OrderState
from chalicelib.redpacket import rules, words
from chalicelib.redpacket.items import Limit, Packet, Portion, Step, portions
from chalicelib.redpacket.plans import Plan
from chalicelib.redpacket.states import ActState, PacketKind, PacketState
from chalicelib.sharing.verdict import Outcome, Verdict
from tests.conftest import START

HOUR = timedelta(hours=1)


def plan(kind: PacketKind = PacketKind.ORDER, form: Form | None = None, **changes: Any) -> Plan:
    made = Plan(
        kind=kind,
        steps=[Step(1, 100), Step(3, 200)] if kind is PacketKind.UNLOCK else [],
        portions=[] if kind is PacketKind.UNLOCK else [Portion(2, 400, 200), Portion(1, 100, 0)],
        form=form or AsBalance(),
        life=HOUR,
        helps=3,
        helps_a_day=2,
        passes_after=timedelta(minutes=20),
        starts=2,
        active=1,
    )
    return msgspec.structs.replace(made, **changes)


def packet(kind: PacketKind = PacketKind.ORDER, **changes: Any) -> Packet:
    made = plan(kind)
    fields = {
        "kind": kind,
        "status": PacketState.ACTIVE,
        "uid": "ANN",
        "steps": made.steps or None,
        "portions": made.portions or None,
        "n": 0,
        "held": 0,
        "granted": 0,
        "expires_at": START + HOUR,
    }
    return Packet("M|R#C-1", "META", **{**fields, **changes})


def limit(**counts: Any) -> Limit:
    return Limit("M|U#BEN", "RPK#C", **counts)


def refusal(act: Any, *given: Any) -> str | None:
    try:
        act(*given)
    except RippleError as refused:
        return refused.problem.code
    return None


shares = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 2)), min_size=1, max_size=12)
slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@slow
@given(shares)
def test_shares_are_stored_as_they_are_listed_and_add_up(listed: list[tuple[int, int]]) -> None:
    stored = packet(portions=portions(listed))
    assert stored.size == len(listed)
    assert [stored.share(slot) for slot in range(stored.size)] == listed
    assert stored.total == sum(map(sum, listed))
    with pytest.raises(IndexError):
        stored.share(stored.size)


def test_equal_shares_take_no_room() -> None:
    assert portions([(100, 20)] * 50) == [Portion(50, 100, 20)]


@slow
@given(st.lists(st.integers(1, 5), min_size=1, max_size=5), st.integers(0, 30))
def test_nodes_are_reached_in_their_order(gaps: list[int], n: int) -> None:
    friends = [sum(gaps[: k + 1]) for k in range(len(gaps))]
    steps = [Step(number, 10) for number in friends]
    stored = packet(PacketKind.UNLOCK, steps=steps)
    reached = stored.reached(n)
    assert all(number <= n for number in friends[:reached]) and all(number > n for number in friends[reached:])
    assert (stored.size, stored.total) == (friends[-1], 10 * len(steps))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"uid": "BEN"}, "own_packet"),
        ({"n": 3, "status": PacketState.DONE}, "packet_full"),
        ({"n": 3}, "packet_full"),
        ({"status": PacketState.SETTLING}, "packet_ended"),
        ({"status": PacketState.CLAWING}, "packet_ended"),
        ({"expires_at": START - timedelta(seconds=1)}, "packet_ended"),
        ({"expires_at": START}, None),
    ],
)
def test_who_may_not_claim(changes: dict[str, Any], code: str | None) -> None:
    assert refusal(rules.insist_may_act, plan(), packet(**changes), None, None, "BEN", START) == code


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        ({"helps": 2, "day": "2026-11-11", "today": 1}, None),
        ({"helps": 3}, "packet_act_limit"),
        ({"helps": 2, "day": "2026-11-11", "today": 2}, "packet_act_day_limit"),
        ({"helps": 2, "day": "2026-11-10", "today": 2}, None),
    ],
)
def test_limits_are_of_campaign_and_day(counts: dict[str, Any], code: str | None) -> None:
    assert refusal(rules.insist_may_act, plan(), packet(), None, limit(**counts), "BEN", START) == code


@pytest.mark.parametrize(
    ("kind", "status", "n", "yes", "state"),
    [
        (PacketKind.ORDER, PacketState.ACTIVE, 0, True, ActState.OWED),
        (PacketKind.UNLOCK, PacketState.ACTIVE, 0, True, ActState.COUNTED),
        (PacketKind.UNLOCK, PacketState.SETTLING, 2, True, ActState.COUNTED),
        (PacketKind.GIFT, PacketState.SETTLING, 0, False, ActState.REJECTED),
        (PacketKind.UNLOCK, PacketState.ACTIVE, 3, True, ActState.MOOT),
        (PacketKind.ORDER, PacketState.DONE, 3, False, ActState.MOOT),
        (PacketKind.ORDER, PacketState.CLAWING, 1, True, ActState.MOOT),
        (PacketKind.ORDER, PacketState.EXPIRED, 1, True, ActState.MOOT),
    ],
)
def test_a_decision_goes_by_state_and_room(
    kind: PacketKind, status: PacketState, n: int, yes: bool, state: ActState
) -> None:
    late = packet(kind, status=status, n=n, expires_at=START - 9 * HOUR)
    assert rules.decided_as(late, yes=yes) is state


def test_what_a_verdict_makes_of_an_act() -> None:
    allow, hold, deny = (Verdict(outcome, []) for outcome in (Outcome.ALLOW, Outcome.HOLD, Outcome.DENY))
    late = START + HOUR - timedelta(minutes=10)
    assert rules.taken_as(allow, packet(), START) is ActState.OWED
    assert rules.taken_as(allow, packet(PacketKind.UNLOCK), START) is ActState.COUNTED
    assert rules.taken_as(hold, packet(), late) is ActState.HELD
    assert refusal(rules.taken_as, hold, packet(), late + timedelta(seconds=1)) == "packet_act_too_late"
    assert refusal(rules.taken_as, hold, packet(held=3), START) == "packet_acts_being_checked"
    assert refusal(rules.taken_as, deny, packet(), START) == "packet_act_not_taken"


def test_a_held_act_passes_in_time() -> None:
    assert rules.passes_at(plan(), packet(), START) == START + timedelta(minutes=20)
    assert rules.passes_at(plan(), packet(), START + timedelta(minutes=40)) == START + timedelta(minutes=50)


@pytest.mark.parametrize(
    ("state", "live", "least", "earns"),
    [
        (OrderState.CONFIRMED, 100, 100, True),
        (OrderState.CONFIRMED, 99, 100, False),
        (OrderState.CONFIRMED, 0, 0, True),
        (OrderState.REFUND, 100, 0, False),
        (OrderState.PAID, 100, 0, False),
    ],
)
def test_what_earns_a_packet(state: OrderState, live: int, least: int, earns: bool) -> None:
    assert rules.earns(Order("M|O#1", "META", state=state), live, least) is earns


COUPON = AsCoupon(title="秋茶券", threshold_fen=5000)


@pytest.mark.parametrize(
    ("made", "form", "zh", "en"),
    [
        (
            packet(),
            AsBalance(),
            "帮TA拆，TA得¥2.00 余额，你得¥4.00 余额",
            "Open it: your friend gets ¥2.00 of balance, you get ¥4.00 of balance",
        ),
        (packet(n=2), AsPoints(), "拆开，你得100 积分", "Open it: you get 100 points"),
        (
            packet(),
            COUPON,
            "帮TA拆，TA得¥2.00 余额，你得¥4.00 优惠券（满 ¥50.00 可用）",
            "Open it: your friend gets ¥2.00 of balance, you get a ¥4.00 coupon (from ¥50.00)",
        ),
        (packet(n=2), AsCoupon(title="秋茶券"), "拆开，你得¥1.00 优惠券", "Open it: you get a ¥1.00 coupon"),
        (
            packet(PacketKind.UNLOCK),
            AsPoints(),
            "帮TA拆，TA得100 积分",
            "Help: your friend gets 100 points, you get nothing",
        ),
        (
            packet(PacketKind.UNLOCK, n=1),
            AsBalance(),
            "帮TA拆，再有 2 位好友确认TA得¥2.00 余额",
            "Help: with 2 more friends your friend gets ¥2.00 of balance, you get nothing",
        ),
    ],
)
def test_the_button_names_what_both_get(made: Packet, form: Form, zh: str, en: str) -> None:
    assert words.button(made, plan(made.kind, form)) == (zh, en)


def test_nothing_is_on_the_button_of_what_is_taken() -> None:
    assert words.button(packet(n=3), plan()) is None


def test_the_owner_gets_balance_or_points() -> None:
    assert plan(form=COUPON).given_to_owner(5).form == AsBalance()
    assert plan(form=AsPoints(valid_days=30)).given_to_owner(5).form == AsPoints(valid_days=30)
    assert (plan(form=AsPoints()).currency, plan(form=COUPON).currency) == (Currency.POINTS, Currency.FEN)
