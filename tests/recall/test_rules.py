"""Sums that are added to one by one are those of a recount, and everybody is in one segment: by property."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import clock
from chalicelib.merchants.segments import SegmentTerms
from chalicelib.orders.items import Part
from chalicelib.orders.standing import Stands
from chalicelib.orders.states import OrderState
from chalicelib.recall import rules
from chalicelib.recall.rules import Sums, Worth
from chalicelib.recall.states import Segment, Tier

NOW = datetime(2026, 11, 27, tzinfo=UTC)
TERMS = SegmentTerms(vip_orders=4, vip_spent_fen=900, asleep_days=30, lost_days=90)
BUYERS = tuple(segment for segment in Segment if segment is not Segment.ACTIVE_INVITERS)


@dataclass
class Bought:
    """An order: what of it stays paid, after each return that there may be."""

    at: datetime
    stays: list[int]
    """What it is worth before any return and after each; after the last it may have ended."""
    ends: bool
    seen: int = field(default=0)


orders = st.lists(
    st.builds(
        Bought,
        at=st.integers(0, 200).map(lambda days: NOW - timedelta(days=days)),
        stays=st.lists(st.integers(0, 500), min_size=1, max_size=3),
        ends=st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


def worth(order: Bought, step: int) -> Worth:
    ended = order.ends and step == len(order.stays) - 1
    return Worth(0, 0) if ended else Worth(1, order.stays[step])


@given(orders, st.data())
def test_sums_are_those_of_a_recount_whatever_is_told_and_how_often(bought: list[Bought], data: st.DataObject) -> None:
    counted: dict[int, Worth] = {}
    sums: Sums | None = None
    told = data.draw(st.lists(st.integers(0, len(bought) - 1), max_size=12)) + list(range(len(bought)))
    for n in told:
        order = bought[n]
        order.seen = data.draw(st.integers(order.seen, len(order.stays) - 1))
        now = worth(order, order.seen)
        before = counted.get(n)
        sums = rules.added(cast(Any, sums), cast(Any, before), now, order.at)
        counted[n] = now
    assert sums is not None
    assert (sums.orders, sums.spent_fen) == (sum(w.n for w in counted.values()), sum(w.fen for w in counted.values()))
    assert sums.last_at == max(order.at for order in bought)


def buyer(days: float, tier: Tier | None) -> Any:
    return SimpleNamespace(last_at=NOW - timedelta(days=days), tier=tier, uid="ANN")


@given(st.floats(0, 400), st.sampled_from(Tier))
def test_everybody_is_in_just_the_segment_whose_part_of_the_lists_he_is_in(days: float, tier: Tier) -> None:
    row = buyer(days, tier)
    place = f"{clock.iso(row.last_at)}#ANN"
    row.last_at = clock.parse(clock.iso(row.last_at))

    def is_listed(segment: Segment) -> bool:
        part = rules.part_of(segment, TERMS, NOW)
        after, until = part.after or "", part.until or "~"
        return tier in part.tiers and after < place < until

    assert [segment for segment in BUYERS if is_listed(segment)] == [rules.segment_of(row, TERMS, NOW)]


def test_bounds_are_met_and_not_passed() -> None:
    assert rules.segment_of(buyer(29.9, Tier.VIP), TERMS, NOW) is Segment.VIP
    assert rules.segment_of(buyer(30, Tier.VIP), TERMS, NOW) is Segment.ASLEEP
    assert rules.segment_of(buyer(90, Tier.NEW), TERMS, NOW) is Segment.LOST
    assert rules.segment_of(buyer(0, None), TERMS, NOW) is None
    tiers = {(0, 0): None, (1, 899): Tier.NEW, (1, 900): Tier.VIP, (3, 0): Tier.REGULAR, (4, 0): Tier.VIP}
    assert {sums: rules.tier(Sums(NOW, *sums), TERMS) for sums in tiers} == tiers
    unbounded = SegmentTerms(vip_orders=None, vip_spent_fen=None)
    assert rules.tier(Sums(NOW, 9999, 10**9), unbounded) is Tier.REGULAR


def test_an_order_counts_what_stays_paid_of_it_by_money_and_by_value_but_not_by_coupons() -> None:
    parts = [Part("coupon", "C", 500), Part("family", "F", 300, 100), Part("balance", "fen", 50)]
    order: Any = SimpleNamespace(state=OrderState.CONFIRMED, paid_with=parts)
    payment: Any = SimpleNamespace(live_fen=1000)
    assert rules.worth(Stands(order, payment)) == Worth(1, 1250)
    assert rules.worth(Stands(order, None)) == Worth(1, 250)
    order.state = OrderState.REFUND
    assert rules.worth(Stands(order, payment)) == Worth(0, 0)
