"""The rules of who belongs to a family, and the codes of invitations."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.core import chance
from chalicelib.family import invitation_codes as codes
from chalicelib.family import rules
from chalicelib.family.items import Member
from chalicelib.voucher import letters

SEEDS = st.integers(0, 2**32)
few = settings(max_examples=40, deadline=None)


def code(seed: int) -> str:
    with chance.seeded(seed):
        return codes.drawn()


@few
@given(SEEDS)
def test_a_code_is_read_however_it_is_written(seed: int) -> None:
    made = code(seed)
    assert re.fullmatch(f"[{codes.ALPHABET}]{{10}}", made)
    shown = codes.shown(made)
    assert shown.replace("-", "") == made
    looks = shown.lower().replace("0", "o").replace("1", "l").replace("5", "s")
    assert {codes.read(text) for text in (made, shown, f" {looks} ", shown.replace("-", "－"))} == {made}


@few
@given(SEEDS, st.integers(0, 9), st.sampled_from(codes.ALPHABET))
def test_one_wrong_letter_is_noticed(seed: int, place: int, letter: str) -> None:
    made = code(seed)
    wrong = made[:place] + letter + made[place + 1 :]
    assert codes.read(wrong) == (made if wrong == made else None)


@few
@given(SEEDS, st.integers(0, 8))
def test_two_neighbours_swapped_are_noticed(seed: int, place: int) -> None:
    made = code(seed)
    swapped = made[:place] + made[place + 1] + made[place] + made[place + 2 :]
    assert codes.read(swapped) == (made if swapped == made else None)


@few
@given(SEEDS)
def test_no_invitation_is_a_text_code(seed: int) -> None:
    assert not letters.is_right(code(seed))


@pytest.mark.parametrize("typed", ["", "K7M2Q", "K7M2Q-9XW01-K7M2Q", "K7M2Q-9XW0!", "家" * 10, "AAAAAAAAAA", "\x00"])
def test_what_can_be_no_code_is_none(typed: str) -> None:
    assert codes.read(typed) is None


def test_a_month_that_is_over_counts_nothing() -> None:
    member = Member("m|F#f", "MBR#u", month="2026-11", spent=300, approved=70, cap=1000)
    assert (rules.used(member, "2026-11"), rules.left(member, "2026-11")) == ((300, 70), 700)
    assert (rules.used(member, "2026-12"), rules.left(member, "2026-12")) == ((0, 0), 1000)
    member.cap = 200
    assert rules.left(member, "2026-11") == 0, "a cap that was lowered leaves nothing, and not less"
    member.cap = None
    assert rules.left(member, "2026-11") is None
