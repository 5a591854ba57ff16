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
        ("🇨🇳abc", "🇨🇳**"),
        ("नि", "नि**"),
        ("1️⃣x", "1️⃣**"),
        ("王\u200d小\u200d明", "王\u200d**"),
        ("\u202e\u200b王小明", "王**"),
        ("\u200b", NOBODY),
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


tricky = st.sampled_from("a王é\u0301\u200d\u200b\u202e👩👧🏽🇨🇳 \u093f")


@given(st.text(tricky, max_size=12) | st.text(max_size=32))
def test_no_second_letter_shows_whatever_the_name(name: str) -> None:
    shown = mask(name).removesuffix("**")
    assert shown == NOBODY or (shown in name and sum(letter.isalnum() for letter in shown) <= 1)


def test_a_sign_that_turns_the_line_is_not_shown() -> None:
    assert "\u202e" not in mask("王\u202e小明")


def test_marks_heaped_upon_a_letter_are_cut() -> None:
    assert len(mask("a" + "\u0338" * 31)) <= 14
