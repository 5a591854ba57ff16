"""Which letters of a text are a code, and what else people write that must not be taken for one."""

from __future__ import annotations

import random
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.voucher import letters
from chalicelib.voucher.letters import ALPHABET
from chalicelib.voucher.texts import find, read

LENGTHS = (8, 9, 10, 14, 16)
LATIN = "".join(letter for letter in ALPHABET if letter.isalpha())


def code(body: str) -> str:
    """A right code, grouped."""
    return letters.grouped(body + letters.check_letter(body))


BODIES = st.sampled_from(LENGTHS).flatmap(lambda length: st.text(ALPHABET, min_size=length - 1, max_size=length - 1))
CODES = BODIES.map(code)
MIXED = CODES.filter(lambda shown: any(a.isdigit() for a in shown) and any(a.isalpha() for a in shown))
LONG = code("7KMQ4X2W9RTAC")
"""A code of fourteen letters."""


@given(shown=CODES)
def test_what_a_text_calls_a_code_is_found_whatever_its_letters(shown: str) -> None:
    for text in (f"秋茶\n兑换码：{shown}", f"Redeem code: {shown}\n一起拼", f"redeem CODE:{shown.lower()}, see you"):
        assert find(text) == shown
    assert find(f"兑换码：{shown.replace('-', chr(0x2013))}") == shown


@given(shown=MIXED)
def test_a_code_that_stands_apart_is_found_as_it_is_shown_or_without_hyphens(shown: str) -> None:
    plain = shown.replace("-", "")
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in plain)
    dashed = shown.replace("-", "\u2013")
    for text in (f"送你 {dashed}——快去用", f"- {shown}\n- 秋茶"):
        assert find(text) == shown
    for text in (f"送你 {shown} 快去用", f"送你{plain.lower()}！", f"({shown}).", f"码：{wide}。", f"看:{plain}"):
        assert find(text) == shown


@given(shown=MIXED)
def test_a_text_that_is_nothing_but_a_code_may_have_spaces(shown: str) -> None:
    assert find(f"  {shown.replace('-', ' ').lower()} ") == shown


@given(body=st.text(LATIN, min_size=7, max_size=7))
def test_a_code_without_digits_is_found_in_capitals_and_groups_alone(body: str) -> None:
    shown = code(body)
    if shown[-1].isdigit():
        return
    assert find(f"送你 {shown} 快去用") == shown
    assert find(f"送你 {shown.lower()} 快去用") is None
    assert find(f"送你 {shown.replace('-', '')} 快去用") is None


@given(shown=CODES, at=st.integers(0, 30), letter=st.sampled_from(ALPHABET))
def test_a_mistyped_code_is_none(shown: str, at: int, letter: str) -> None:
    typed = list(shown)
    at %= len(typed)
    if typed[at] in ("-", letter):
        return
    typed[at] = letter
    assert read("".join(typed)) is None
    assert find(f"兑换码：{''.join(typed)}") is None


@given(text=st.text(max_size=200))
def test_any_text_is_answered(text: str) -> None:
    found = find(text)
    assert found is None or read(found) == found


def test_what_a_text_calls_a_code_comes_first_and_of_those_the_last() -> None:
    other, mine = code("A1B2C3D".replace("B", "C")), code("9XYAC21")
    assert find(f"{other} 兑换码：{mine}") == mine
    assert find(f"兑换码：{other}\n兑换码：{mine}") == mine
    assert find(f"{other} {mine}") == other


def digits(drawn: random.Random, form: str) -> str:
    return "".join(str(drawn.randrange(10)) if sign == "#" else sign for sign in form)


@pytest.mark.parametrize(
    "form",
    [
        "1##########",
        "1## #### ####",
        "1##-####-####",
        "电话 ########",
        "0571-########",
        "####-####",
        "########",
        "QQ #########",
        "QQ:##########",
        "2026-1#-1#",
        "2026.1#.1#",
        "20261#1#",
        "20261#1#-20261#2#",
        "1#:##:## 2026/1#/##",
        "￥###.##",
        "##,###.## 元",
        "原价########元",
        "订单号 ##############",
        "订单号 ################",
        "6222 #### #### ####",
        "6222-####-####-####",
        "978-7-####-####-#",
    ],
)
def test_numbers_are_no_codes(form: str) -> None:
    drawn = random.Random(7)
    assert {find(f"请看 {digits(drawn, form)} 谢谢") for _ in range(300)} == {None}
    assert {find(digits(drawn, form)) for _ in range(300)} == {None}


WORDS = """delicious together beautiful wonderful mountain festival birthday shopping friends-forever long-term
    thank-you thank you good morning DELICIOUS TOGETHER internationally congratulation Longjing autumn tea gift box"""


def test_words_are_no_codes() -> None:
    words = WORDS.split()
    assert [word for word in [*words, WORDS] if find(f"{word}，一起拼") or find(word)] == []
    drawn = random.Random(7)
    made = ["".join(drawn.choices(ascii_lowercase, k=8)) for _ in range(2000)]
    right = [word for word in made if read(word)]
    assert len(right) > 30
    assert not any(find(f"看 {word} 吧") or find(word) or find(word.upper()) for word in right)


@given(shown=MIXED)
def test_a_part_of_something_longer_is_no_code(shown: str) -> None:
    plain = shown.replace("-", "")
    around = (
        "s={}",
        "pages/x?b={}",
        "a/{}",
        "{}/b",
        "{}@qq.com",
        "x.{}",
        "{}_1",
        "#小程序://茶铺/秋茶/{}",
        "A{}-1",
        "{}-2",
    )
    found = {form: find(f"看 {form.format(plain)} 吧") for form in around}
    assert not any(found.values()), found


@given(shown=MIXED)
def test_hyphens_in_other_places_make_it_none(shown: str) -> None:
    plain = shown.replace("-", "")
    assert find(f"送你 {plain[:2]}-{plain[2:]} 吧") is None


def test_of_what_looks_like_a_code_one_in_29_is_taken_for_one() -> None:
    drawn = random.Random(7)
    numbers = ["".join(drawn.choices(ALPHABET, k=14)) for _ in range(20_000)]
    taken = sum(find(f"单号 {number} 已发") is not None for number in numbers)
    assert 20_000 / 29 * 0.8 < taken < 20_000 / 29 * 1.2


def test_what_is_typed_is_read_in_its_groups() -> None:
    plain = LONG.replace("-", "")
    assert {read(typed) for typed in (LONG, plain.lower(), f" {plain[:3]} {plain[3:]}", plain.replace("0", "O"))} == {
        LONG
    }
    assert [read(typed) for typed in ("", "x", "你好", plain[:-1], plain + "0", f"{plain}!")] == [None] * 6
