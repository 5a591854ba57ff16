"""Whatever is to be set, it is set within its box and wholly, or it is said that it is not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from chalicelib.pictures import typeset
from chalicelib.pictures.letters import letters

pytestmark = pytest.mark.usefixtures("type_opened")

PICTURES = st.sampled_from(["😀", "👍🏽", "🇨🇳", "🇨", "1️⃣", "❤️", "👩‍🚀", "👨‍👩‍👧‍👦", "👩‍🚀‍🦄", "\u200d", "\ufe0f", "🏿"])
COMMON = st.sampled_from(list("春夏秋冬。，、！？（）「」“”…—《》 \n¥￥%/-'ab12.é\u0301\u00a0\u3000"))
TEXTS = st.lists(COMMON | PICTURES | st.characters(exclude_categories=["Cs"]), max_size=200).map("".join)

HAN = st.text("春夏秋冬梅兰竹菊松柏", min_size=2, max_size=6)
CLOSING, OPENING = "。，、；：？！）】》」』”’…", "（【《「『“‘"
WORDS = st.sampled_from(["", "¥88.00", "iPhone", "365天", "No.1", "100%"])
SAID = st.lists(
    st.builds("{}{}{}{}".format, st.sampled_from(["", *OPENING]), HAN, WORDS, st.sampled_from(["", *CLOSING])),
    min_size=1,
    max_size=12,
)  # each breaks somewhere within 5 ems


def written(text: str) -> str:
    return "".join(text.split())


@settings(derandomize=True, deadline=None)
@given(TEXTS, st.integers(8, 90), st.integers(1, 900), st.booleans(), st.none() | st.integers(0, 5))
def test_no_line_is_wider_than_its_box_and_nothing_is_lost_unsaid(
    text: str, size: int, width: int, bold: bool, most: int | None
) -> None:
    laid = typeset.lines(text, size, width, bold=bold, most=most)
    assert all(line.width <= width for line in laid.lines)
    assert laid.height == len(laid.lines) * laid.leading
    assert most is None or len(laid.lines) <= most
    whole = written("".join(letter.text for letter in letters(text)))
    assert laid.cut is (written("".join(line.text for line in laid.lines)) != whole)


@settings(derandomize=True, deadline=None)
@given(SAID, st.integers(700, 1500), st.booleans())
def test_no_line_begins_or_ends_as_it_may_not(said: list[str], width: int, bold: bool) -> None:
    laid = typeset.lines("".join(said), 100, width, bold=bold)
    assert written("".join(line.text for line in laid.lines)) == "".join(said)
    for line in laid.lines:
        assert line.text[0] not in CLOSING
        assert line.text[-1] not in OPENING
    for before, after in zip(laid.lines, laid.lines[1:], strict=False):
        assert not re.fullmatch(r"[\w.%¥]{2}", before.text[-1] + after.text[0], re.ASCII)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(TEXTS, st.integers(20, 700), st.integers(0, 700), st.none() | st.integers(0, 4))
def test_what_is_fitted_fits(text: str, width: int, height: int, most: int | None) -> None:
    laid = typeset.fitted(text, width, height, largest=70, smallest=12, most=most)
    assert laid.width <= width and laid.height <= height
    sizes = (typeset.lines(text, size, width, most=most) for size in range(70, 11, -1))
    assert laid == next((tried for tried in sizes if not tried.cut and tried.height <= height), laid)
    assert laid.size == 12 or not laid.cut


@pytest.mark.parametrize("text", ["「春。」\u3000「夏。」", "「春」", "春\u3000夏", "。「"])
def test_blanks_at_the_ends_of_lines_do_not_make_it_smaller(text: str) -> None:
    wanted = typeset.lines(text, 60, 140)
    assert typeset.fitted(text, 140, wanted.height, largest=60, smallest=10) == wanted


@settings(derandomize=True, deadline=None, max_examples=60)
@given(TEXTS, st.integers(10, 60), st.booleans(), st.sampled_from(["left", "centre", "right"]))
def test_what_is_drawn_stays_where_it_is_laid(text: str, size: int, bold: bool, align: typeset.Align) -> None:
    laid = typeset.lines(text, size, 500, bold=bold, most=6)
    blank = Image.new("RGB", (700, laid.height + 200), "#ffffff")
    image = blank.copy()
    typeset.draw(image, laid, 100, 100, "#000000", align=align, width=500)
    left, top, right, bottom = ImageChops.difference(image, blank).getbbox() or (100, 100, 100, 100)
    near = 2 + size // 8
    inside = {"left": 0, "centre": (500 - laid.width) // 2, "right": 500 - laid.width}[align] if laid.lines else 0
    assert left >= 100 + inside - near
    assert right <= 100 + inside + laid.width + near
    assert top >= 100 - near and bottom <= 100 + laid.height + near
