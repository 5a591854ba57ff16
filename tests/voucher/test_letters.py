"""A check letter refuses every wrong letter and every swap; whatever way a code is typed, it is the same code."""

from __future__ import annotations

import random
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.voucher.letters import (
    ALPHABET,
    GROUPS,
    WEIGHTS,
    check_letter,
    form,
    grouped,
    is_code,
    is_right,
    normal,
)

LENGTHS = sorted(GROUPS)
BODIES = st.sampled_from(LENGTHS).flatmap(lambda n: st.text(ALPHABET, min_size=n - 1, max_size=n - 1))
CODES = BODIES.map(lambda body: body + check_letter(body))


def sample(length: int, count: int = 25) -> list[str]:
    drawn = random.Random(length)
    bodies = ["".join(drawn.choices(ALPHABET, k=length - 1)) for _ in range(count - 1)]
    return [body + check_letter(body) for body in [*bodies, ALPHABET[0] * (length - 1)]]


def test_the_alphabet_is_prime_and_has_no_look_alikes() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 29
    assert all(len(ALPHABET) % n for n in range(2, 29))
    assert not set(ALPHABET) & set("OILSZBU")


def test_no_place_weighs_nothing_and_neighbours_weigh_differently() -> None:
    assert len(WEIGHTS) == max(LENGTHS)
    assert all(weight % 29 for weight in WEIGHTS)
    assert all((a - b) % 29 for a, b in pairwise(WEIGHTS))


@given(CODES)
def test_a_code_is_right(code: str) -> None:
    assert is_code(code) and is_right(code)


@pytest.mark.parametrize("length", LENGTHS)
def test_every_wrong_letter_is_refused(length: int) -> None:
    for code in sample(length):
        for place, letter in enumerate(code):
            for wrong in set(ALPHABET) - {letter}:
                assert not is_right(code[:place] + wrong + code[place + 1 :])


@pytest.mark.parametrize("length", LENGTHS)
def test_every_swap_of_neighbours_is_refused(length: int) -> None:
    for code in sample(length):
        for place in range(length - 1):
            swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            assert is_right(swapped) is (swapped == code)


@given(CODES)
def test_a_code_with_a_letter_too_many_or_too_few_is_refused_unless_that_is_a_code(code: str) -> None:
    assert is_code(code[:-1]) is (len(code) - 1 in GROUPS)
    assert is_code(code + "0") is (len(code) + 1 in GROUPS)


@pytest.mark.parametrize("foreign", ["O", "I", "L", "S", "Z", "B", "U", "a", "-", " ", "你", "é", "ÿ", "\0", "\ud800"])
def test_what_is_no_letter_of_the_alphabet_is_in_no_code(foreign: str) -> None:
    for code in sample(14, 3):
        for place in range(14):
            assert not is_code(code[:place] + foreign + code[place + 1 :])
            assert not is_right(code[:place] + foreign + code[place + 1 :])


@given(st.text(max_size=20))
def test_any_text_can_be_asked_about(text: str) -> None:
    assert is_code(text) is (len(text) in GROUPS and set(text) <= set(ALPHABET))
    assert is_code(text) or not is_right(text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("k7m2q-9xw0t-3h6d", "K7M2Q9XW0T3H6D"),
        (" K7M2Q 9XW0T\t3H6D\n", "K7M2Q9XW0T3H6D"),
        ("Ｋ７Ｍ２Ｑ－９ｘｗ０ｔ－３ｈ６ｄ", "K7M2Q9XW0T3H6D"),
        ("K7M2Q\u30009XW0T\u30003H6D", "K7M2Q9XW0T3H6D"),
        ("K7M2Q\u20149XW0T\u22123H6D", "K7M2Q9XW0T3H6D"),
        ("\u200bK7M2Q\u00ad9XW0T\ufeff3H6D", "K7M2Q9XW0T3H6D"),
        ("oOiIlLsSzZbBuU", "0011115522" + "88VV"),
        ("双十一 快乐", "双十一快乐"),
        ("", ""),
        (" -\u2014\u3000", ""),
    ],
)
def test_however_it_is_typed_it_is_the_same(typed: str, meant: str) -> None:
    assert normal(typed) == meant


@given(CODES, st.data())
def test_a_code_survives_being_shown_and_typed(code: str, data: st.DataObject) -> None:
    looks = {"0": "0Oo", "1": "1IiLl", "5": "5Ss", "2": "2Zz", "8": "8Bb", "V": "VvUu"}
    ways = [[way + gap for way in looks.get(each, each + each.lower()) for gap in ("", " ")] for each in grouped(code)]
    typed = "".join(data.draw(st.sampled_from(way)) for way in ways)
    wide = "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in typed)
    assert normal(grouped(code)) == normal(typed) == normal(wide) == code


@given(st.text(max_size=30))
@example("ŉ")
@example("e\u200b\u0301")
@example("ﬁ")
def test_what_is_normal_stays_as_it_is(text: str) -> None:
    once = normal(text)
    assert normal(once) == once


@pytest.mark.parametrize(
    ("length", "shown"),
    [(8, "0123-4567"), (9, "012-345-678"), (10, "01234-56789"), (14, "01234-56789-ACDE"), (16, "0123-4567-89AC-DEFG")],
)
def test_a_code_is_shown_in_groups(length: int, shown: str) -> None:
    assert grouped(ALPHABET[:length]) == shown


@given(
    CODES,
    st.sampled_from(["", "双十一的口令：", "口令 ", "code: ", "("]),
    st.sampled_from(["", "，打开", " 领取", "."]),
)
def test_a_code_is_found_in_a_text(code: str, before: str, after: str) -> None:
    for written in (code, grouped(code), grouped(code).lower(), grouped(code).replace("-", "\u2013")):
        found = form.findall(unicodedata.normalize("NFKC", before + written + after))
        assert found == [written]
        assert normal(found[0]) == code


@pytest.mark.parametrize(
    "text", ["https", "K7M2Q9X", "K7M2Q9XW0T3", "K7M2Q9XW0T3H6D0123", "K7M2-Q9XW-0T3", "9a3c-4f1e-8d2b", "双十一快乐"]
)
def test_what_is_no_code_is_found_nowhere(text: str) -> None:
    assert form.findall(text) == []
