"""A text is taken for the letters that its reader sees."""

from __future__ import annotations

import pytest

from chalicelib.pictures.letters import letters

pytestmark = pytest.mark.usefixtures("type_opened")


def texts(text: str) -> list[str]:
    return [letter.text for letter in letters(text)]


def shapes(text: str) -> str:
    return "".join(letter.shape for letter in letters(text))


@pytest.mark.parametrize(
    "emoji", ["😀", "👍🏽", "🇨🇳", "1️⃣", "#⃣", "❤️", "👩‍🚀", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🫨", "🐻‍❄️", "🤦🏻‍♀️"]
)
def test_an_emoji_is_one_letter_however_many_code_points_it_has(emoji: str) -> None:
    before, found, after = letters(f"好{emoji}评")
    assert (before.text, found.text, after.text) == ("好", emoji, "评")
    assert found.is_emoji and not before.is_emoji


def test_flags_in_a_row_are_told_apart() -> None:
    assert texts("🇨🇳🇭🇰🇲🇴") == ["🇨🇳", "🇭🇰", "🇲🇴"]


def test_an_emoji_that_there_is_not_is_shown_by_its_parts() -> None:
    assert texts("👩‍🚀‍🦄") == ["👩‍🚀", "🦄"]
    assert texts("🇽🇽") == ["🇽", "🇽"]
    assert texts("🪑🏿") == ["🪑", "🏿"]
    assert all(letter.is_emoji for letter in letters("👩‍🚀‍🦄🇽🇽🪑🏿"))


def test_older_signs_are_the_fonts_unless_they_ask_to_be_emoji_or_it_has_them_not() -> None:
    assert [letter.is_emoji for letter in letters("☎★©㊙→")] == [False] * 5
    assert [letter.is_emoji for letter in letters("☎️⭐©️㊙️❤✔")] == [True] * 6
    assert [letter.is_emoji for letter in letters("⚡⚡\ufe0e")] == [True, True]
    assert not letters("☎\ufe0e")[0].is_emoji


def test_a_letter_with_marks_upon_it_is_one() -> None:
    assert texts("é") == texts("e\u0301") == ["é"]
    assert shapes("g\u0301") == "g\u0301"
    assert len(letters("Z͑ͫ̓͑a̴͒")) == 2
    assert shapes("x\u0302国\u0301") == "x国\u0301"


def test_a_letter_that_the_font_has_not_is_drawn_as_one_like_it_or_as_a_box() -> None:
    assert shapes("𝓐𝓫𝓬ĳ") == "Abcij"
    assert shapes("𠮷한مก") == "□" * 4
    assert texts("𝓐한") == ["𝓐", "한"]


def test_what_is_not_to_be_seen_is_dropped() -> None:
    assert texts("甲\u202e\u200b\u2066乙\ufeff\x00\x07\u00ad丙\u3164\u200d") == ["甲", "乙", "丙"]
    assert texts("\u0301\ufe0f\U000e0067") == []
    assert texts("\ud83d") == []
    assert shapes("葛\U000e0100") == "葛"


def test_blanks_are_single_and_stand_between_others() -> None:
    assert texts(" 甲 \t 乙\u00a0丙\u2003丁 ") == ["甲", " ", "乙", "\u00a0", "丙", " ", "丁"]
    assert texts("甲 \u3000 乙") == ["甲", "\u3000", "乙"]
    assert texts("\n甲 \r\n\u2028 乙\n") == ["甲", "\n", "乙"]


def test_a_chinese_dash_is_one_stroke() -> None:
    assert [letter.shape for letter in letters("甲——乙—")] == ["甲", "⸺", "乙", "—"]


def test_an_apostrophe_in_a_latin_word_takes_its_own_room() -> None:
    assert shapes("don’t ‘甲’") == "don't ‘甲’"
    assert texts("n’t")[1] == "’"
