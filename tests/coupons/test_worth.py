"""What coupons take off, alone and together: by example and by property."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.gifts import AmountOff, CouponTerms, Off, PercentOff, Scope
from chalicelib.campaigns.kinds.coupon import off_fen
from chalicelib.core.errors import RippleError
from chalicelib.coupons import worth
from chalicelib.coupons.worth import Goods, Wanted

TEA = Goods("tea", "drinks", 10_000)

AMOUNTS = st.integers(1, 30_000)
OFFS: st.SearchStrategy[Off] = st.one_of(
    st.builds(AmountOff, fen=AMOUNTS), st.builds(PercentOff, percent=st.integers(1, 99), most_fen=AMOUNTS)
)
PAIRS = st.lists(OFFS, min_size=1, max_size=2)
MOSTS = st.one_of(st.none(), AMOUNTS)


def terms(off: Off, **more: Any) -> CouponTerms:
    return CouponTerms(title="券", off=off, **more)


def wanted(name: str, off: Off, most: int | None = None, **more: Any) -> Wanted:
    return Wanted(name, terms(off, **{"stackable": True, **more}), most)


def refused(act: Any, *arguments: Any) -> str | None:
    try:
        act(*arguments)
    except RippleError as problem:
        return problem.problem.code
    return None


@pytest.mark.parametrize(
    ("off", "goods", "taken"),
    [
        (AmountOff(fen=1000), 10_000, 1000),
        (AmountOff(fen=1000), 999, 999),
        (PercentOff(percent=10, most_fen=500), 4999, 499),
        (PercentOff(percent=10, most_fen=500), 10_000, 500),
        (PercentOff(percent=1, most_fen=500), 99, 0),
    ],
)
def test_what_one_takes_off(off: Off, goods: int, taken: int) -> None:
    assert off_fen(off, goods) == taken


@pytest.mark.parametrize(
    ("scope", "code"),
    [
        (Scope(), None),
        (Scope(sku_ids=["tea"]), None),
        (Scope(categories=["drinks"]), None),
        (Scope(sku_ids=["cup"], categories=["drinks"]), None),
        (Scope(sku_ids=["cup"]), "coupon_scope"),
        (Scope(categories=["food"]), "coupon_scope"),
    ],
)
def test_it_is_good_for_what_its_scope_names(scope: Scope, code: str | None) -> None:
    assert refused(worth.insist_fits, terms(AmountOff(fen=1), scope=scope), TEA) == code


def test_its_threshold_is_reached_or_what_is_missing_is_said() -> None:
    off = AmountOff(fen=1000)
    assert refused(worth.insist_fits, terms(off, threshold_fen=10_000), TEA) is None
    with pytest.raises(RippleError) as missed:
        worth.insist_fits(terms(off, threshold_fen=10_050), TEA, "/here")
    assert missed.value.told("en")["detail"] == "The goods must cost ¥100.50; ¥0.50 are missing."


def test_nothing_is_taken_off_with_a_coupon_that_is_worth_nothing() -> None:
    cheap = TEA._replace(fen=99)
    assert refused(worth.insist_fits, terms(PercentOff(percent=1, most_fen=5)), cheap) == "coupon_worthless"


def test_one_that_is_not_stackable_stands_alone() -> None:
    one = wanted("A", AmountOff(fen=1), stackable=False)
    two = wanted("B", AmountOff(fen=1))
    assert refused(worth.insist_together, [one], one) is None
    assert refused(worth.insist_together, [one, two], one, "/here") == "coupon_alone"
    assert refused(worth.insist_together, [one, two], two) is None, "the other one is refused"


def test_two_that_are_stackable_combine_and_a_third_does_not() -> None:
    three = [wanted(name, AmountOff(fen=1)) for name in "ABC"]
    assert refused(worth.insist_together, three[:2], three[0]) is None
    assert refused(worth.insist_together, three, three[0]) == "coupon_too_many"


def test_two_pieces_of_one_coupon_do_not_combine() -> None:
    pieces = [wanted("A", AmountOff(fen=1)), wanted("A", AmountOff(fen=1))]
    assert refused(worth.insist_together, pieces, pieces[1], "/here") == "coupon_once"


def test_percentages_go_first_then_the_greater() -> None:
    tenth, big, small = PercentOff(percent=10, most_fen=5000), AmountOff(fen=9500), AmountOff(fen=9200)
    assert worth.shares([wanted("A", big), wanted("B", tenth)], TEA) == [9000, 1000]
    assert worth.shares([wanted("A", small), wanted("B", big)], TEA) == [500, 9500]


@given(PAIRS, st.integers(1, 50_000), st.data())
def test_the_order_in_which_they_are_named_changes_nothing(offs: list[Off], fen: int, data: st.DataObject) -> None:
    goods = TEA._replace(fen=fen)
    named = [wanted(str(n), off, data.draw(MOSTS)) for n, off in enumerate(offs)]
    seen = set()
    for order in permutations(range(len(named))):
        taken = worth.shares([named[n] for n in order], goods)
        seen.add(tuple(sorted(zip(order, taken, strict=True))))
    assert len(seen) == 1


@given(PAIRS, st.integers(1, 50_000), st.data())
def test_together_they_take_as_much_as_they_say_and_the_goods_cost(
    offs: list[Off], fen: int, data: st.DataObject
) -> None:
    goods = TEA._replace(fen=fen)
    named = [wanted(str(n), off, data.draw(MOSTS)) for n, off in enumerate(offs)]
    alone = [one.alone(goods) for one in named]
    taken = worth.shares(named, goods)
    assert sum(taken) == min(sum(alone), fen)
    assert all(0 <= share <= by_itself <= fen for share, by_itself in zip(taken, alone, strict=True))


@given(OFFS, st.integers(0, 50_000), st.integers(0, 1000))
def test_dearer_goods_are_never_worth_less(off: Off, fen: int, more: int) -> None:
    assert off_fen(off, fen) <= off_fen(off, fen + more) <= off.most_fen


@given(OFFS, st.integers(1, 50_000))
def test_a_percentage_is_never_rounded_up(off: Off, fen: int) -> None:
    if isinstance(off, PercentOff):
        assert off_fen(off, fen) * 100 <= fen * off.percent
