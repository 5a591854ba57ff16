"""How a cut is split: exactly, at least a fen a part, and never more than before."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.kinds.slots import Split, slots
from chalicelib.core.money import MOST_FEN

PARTS = st.integers(1, 20)
SPLITS = st.sampled_from(Split)


@given(st.data(), PARTS, SPLITS)
def test_the_parts_add_up_each_a_fen_at_least_and_none_above_the_one_before(
    data: st.DataObject, parts: int, split: Split
) -> None:
    cut = data.draw(st.integers(parts, MOST_FEN) | st.integers(parts, parts + 30))
    made = slots(cut, parts, split)
    assert (len(made), sum(made)) == (parts, cut)
    assert min(made) >= 1
    assert all(one >= other for one, other in pairwise(made))
    assert slots(cut, parts, split) == made


@given(PARTS, SPLITS)
def test_a_cut_of_less_than_a_fen_a_part_has_no_slots(parts: int, split: Split) -> None:
    assert slots(parts, parts, split) == [1] * parts
    with pytest.raises(ValueError, match="fen"):
        slots(parts - 1, parts, split)


@given(st.integers(20, MOST_FEN), st.integers(2, 20))
def test_each_manner_keeps_its_word(cut: int, parts: int) -> None:
    equal = slots(cut, parts, Split.EQUAL)
    assert max(equal) - min(equal) <= 1
    first = slots(cut, parts, Split.FRONT_LOADED)
    assert first[0] == min(-(-cut // 2), cut - parts + 1)
    assert max(first[1:]) - min(first[1:]) <= 1


@pytest.mark.parametrize(
    ("split", "made"),
    [
        (Split.EQUAL, [1500, 1500, 1500, 1500]),
        (Split.FALLING, [1846, 1616, 1384, 1154]),
        (Split.FRONT_LOADED, [3000, 1000, 1000, 1000]),
    ],
)
def test_sixty_yuan_in_four(split: Split, made: list[int]) -> None:
    assert slots(6000, 4, split) == made


def test_no_parts_are_no_split() -> None:
    with pytest.raises(ValueError, match="0 parts"):
        slots(100, 0, Split.EQUAL)
