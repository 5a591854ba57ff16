"""Strangers see the first character of a name and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.accounts.mask import NOBODY, mask


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小明", "王**"),
        ("A", "A**"),
        ("👩‍👩‍👧家", "👩‍👩‍👧**"),
        ("👍🏽ok", "👍🏽**"),
        ("é!", "é**"),
        ("  ", NOBODY),
        ("", NOBODY),
        (None, NOBODY),
    ],
)
def test_masks(name: str | None, masked: str) -> None:
    assert mask(name) == masked


@given(st.text(alphabet=st.characters(categories=["Lo", "Lu", "Ll"]), min_size=2, max_size=20))
def test_only_the_first_letter_shows(name: str) -> None:
    assert mask(name) == name[0] + "**"
