"""Stock in shards is exact: what is drawn was there, what is refused was not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.items import StockShard, stock_key
from chalicelib.campaigns.stock import MOST_SHARDS, draw, shard_count, split
from chalicelib.core.ids import MerchantId

lefts = st.lists(st.integers(0, 60), min_size=1, max_size=MOST_SHARDS)


def shards(left: list[int]) -> list[StockShard]:
    return [
        StockShard(*stock_key(MerchantId("m1"), "c1", "tea", n), left=units, taken=0) for n, units in enumerate(left)
    ]


@given(lefts, st.integers(1, 50))
def test_a_draw_takes_exactly_what_is_asked_or_nothing(left: list[int], units: int) -> None:
    drawn = draw(shards(left), units)
    if sum(left) < units:
        assert drawn == []
    else:
        assert sum(d.units for d in drawn) == units
        assert all(0 < d.units <= left[d.shard] for d in drawn)
        assert len({d.shard for d in drawn}) == len(drawn)


@given(lefts, st.integers(1, 50))
def test_one_shard_that_has_it_all_is_enough(left: list[int], units: int) -> None:
    if max(left) >= units:
        assert len(draw(shards(left), units)) == 1


@given(st.integers(1, 1_000_000), st.integers(1, 50))
def test_the_split_is_exact_and_every_shard_reaches_for_groups(stock: int, need: int) -> None:
    count = shard_count(stock, need)
    parts = split(stock, count)
    assert sum(parts) == stock
    assert 1 <= count <= MOST_SHARDS
    assert count == 1 or min(parts) >= 8 * need
