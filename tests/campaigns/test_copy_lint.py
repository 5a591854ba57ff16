"""The words that no text may have: found however they are written, and not where something else is said."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.copy_lint import CATEGORIES, folded, matches
from chalicelib.campaigns.words import SIMPLIFIED, Category
from chalicelib.campaigns.words_of_rewards import KEPT_AS_MONEY, PREPAID
from tests.campaigns.sentences import HONEST, SAID

BETWEEN = (
    " \t·•-_—–～~*|/,，、:：“”\"'()（）【】《》…"
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u3000\u00a0\u0336\u20e3\u02d1\u3164\u1160"
)
"""What hides no letter: spaces, punctuation, what cannot be seen, strokes through a letter."""
ENDS = "。！？!?；;\n"

WRITTEN = [(category, word) for category in CATEGORIES for word in category.words]
TRADITIONAL = {new: chr(old) for old, new in SIMPLIFIED.items()}


@st.composite
def hidden(draw: st.DrawFn, text: str) -> str:
    """The text as somebody writes it who does not want it to be found."""
    written = []
    for letter in text:
        forms = {letter, letter.upper(), TRADITIONAL.get(ord(letter), letter)}
        if "!" <= letter <= "~":
            forms |= {chr(ord(form) + 0xFEE0) for form in (letter, letter.upper())}
        written.append(draw(st.sampled_from(sorted(forms))) + draw(st.text(BETWEEN, max_size=2)))
    return "".join(written)


def found(text: str) -> set[Category]:
    return {match.category for match in matches(text, CATEGORIES)}


@given(st.data())
def test_no_writing_hides_a_word(data: st.DataObject) -> None:
    category, word = data.draw(st.sampled_from(WRITTEN))
    spelled = word.replace("百分百", data.draw(st.sampled_from(["百分百", "100%", "百分之百"])))
    between = "".join(letter + data.draw(st.text(ENDS, max_size=1)) for letter in spelled)
    for text in (data.draw(hidden(spelled)), between):
        assert category in found(f"茶，{text}，茶"), text


@given(st.data())
def test_no_writing_hides_a_sentence(data: st.DataObject) -> None:
    category, line = data.draw(st.sampled_from(SAID))
    assert category in found(data.draw(hidden(line)))


@given(st.text())
def test_what_is_folded_is_letters_and_folds_to_itself(text: str) -> None:
    once = folded(text)
    assert folded(once) == once or "百分" in folded(once)
    assert not any(unicodedata.category(letter)[0] in "PZCM" for letter in once)


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_match_stands_in_the_text_that_was_read(before: str, after: str) -> None:
    for match in matches(f"{before} 只差一步 {after}", CATEGORIES):
        assert folded(match.word)
        assert match.end - match.start == len(match.word)


@pytest.mark.parametrize(("category", "line"), SAID)
def test_a_sentence_is_of_its_kind(category: Category, line: str) -> None:
    assert found(line) - {KEPT_AS_MONEY, PREPAID} == {category}


@pytest.mark.parametrize("line", HONEST)
def test_what_is_lawful_may_be_said(line: str) -> None:
    assert matches(line, CATEGORIES) == []


@pytest.mark.parametrize(
    "line",
    [
        *(
            "全網最低價",
            "系統自動成團",
            "拉人頭",
            "穩賺不賠",
            "保證中獎",
            "頂級好茶",
            "團隊計酬",
            "驚喜一刀",
            "國家級",
            "最強",
        ),
        *("心动不？惊喜一刀等你拿", "Cappuccino: lucky cut for everybody"),
    ],
)
def test_neither_traditional_writing_nor_a_denial_of_something_else_hides_it(line: str) -> None:
    assert list(matches(line, CATEGORIES))


@pytest.mark.parametrize(
    "line",
    [
        *("刮刮樂，人人有禮", "幸運大轉盤", "抽籤得大獎", "一元奪寶", "中獎號碼公佈", "紅包金額隨機發放"),
        *("餘額可轉讓", "積分可兌換現金", "紅包變現", "儲值有禮", "餘額充值", "滿100元可提現到銀行卡"),
        *("繳納會費後成為推廣員", "繳費後即可邀請他人", "二級返傭", "發展下線", "集贊有禮", "全網銷量第一"),
    ],
)
def test_traditional_writing_hides_nothing(line: str) -> None:
    assert list(matches(line, CATEGORIES))


@pytest.mark.parametrize(
    "line", ["沒有抽獎", "餘額不可轉讓", "無需繳費即可邀請好友", "不設二級返傭", "積分不可兌換現金"]
)
def test_a_denial_is_read_in_traditional_writing_too(line: str) -> None:
    assert not list(matches(line, CATEGORIES))


def test_a_word_stands_as_it_is_written_and_once() -> None:
    said = matches("全网 最便宜！最便宜。最便宜", CATEGORIES)
    assert [match.word for match in said] == ["全网 最便宜", "最便宜", "最便宜"]


def test_words_stand_in_folded_writing() -> None:
    for category, word in WRITTEN:
        assert folded(word) == word, (category.name, word)


def test_no_word_can_be_allowed_that_the_platform_or_the_law_forbids_outright() -> None:
    assert {category.name for category in CATEGORIES if category.allowable} == {
        *("lure", "pressing", "certain", "superlative"),
    }


def test_long_texts_are_read_at_once() -> None:
    text = ("分享给好友，一起喝茶，" * 200)[:2000]
    began = time.process_time()
    matches(text, CATEGORIES)
    assert time.process_time() - began < 1
