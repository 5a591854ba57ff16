"""What is drawn is looked at: pixels, not calls."""

from __future__ import annotations

import pytest
from PIL import Image

from chalicelib.pictures import typeset

pytestmark = pytest.mark.usefixtures("type_opened")

SIZE = 60
INK = (43, 29, 20)


def drawn(text: str, *, align: typeset.Align = "left", width: int = 600, bold: bool = False) -> Image.Image:
    """The text in one line at the corner of a white image."""
    laid = typeset.lines(text, SIZE, width, bold=bold)
    image = Image.new("RGB", (width, max(laid.height, 1)), "#ffffff")
    typeset.draw(image, laid, 0, 0, "#2b1d14", align=align, width=width)
    return image


def dark(image: Image.Image) -> tuple[int, int, int, int]:
    """The box of what is not white."""
    box = image.convert("L").point(lambda light: 255 * (light < 160)).getbbox()
    assert box is not None
    return box


def colours(image: Image.Image) -> set[tuple[int, ...]]:
    seen = image.tobytes()
    return {tuple(seen[at : at + 3]) for at in range(0, len(seen), 3)}


def is_grey_of_ink(colour: tuple[int, ...]) -> bool:
    """Between paper and ink."""
    shares = [(255 - part) / (255 - whole) for part, whole in zip(colour, INK, strict=True)]
    return max(shares) - min(shares) < 0.02


def test_letters_have_the_colour_of_the_ink_and_emoji_their_own() -> None:
    assert INK in colours(drawn("国"))
    assert all(is_grey_of_ink(colour) for colour in colours(drawn("国「A")))
    assert not all(is_grey_of_ink(colour) for colour in colours(drawn("国🍎")))


def test_an_emoji_stands_as_high_as_a_chinese_letter() -> None:
    _, top, _, bottom = dark(drawn("国"))
    _, high, _, low = dark(drawn("🍎"))
    assert abs(top - high) <= 5 and abs(bottom - low) <= 5


def test_a_letter_that_the_font_has_not_is_a_box() -> None:
    image = drawn("م").convert("L")
    left, top, right, bottom = dark(image)
    middle = image.crop((left + 8, top + 8, right - 8, bottom - 8))
    assert middle.getextrema() == (255, 255)
    assert 0.6 * SIZE < right - left < SIZE and abs((right - left) - (bottom - top)) <= 2
    sides = image.crop((left, (top + bottom) // 2, right, (top + bottom) // 2 + 1)).tobytes()
    assert max(sides[1], sides[-2]) < 128


def test_a_chinese_letter_stands_in_the_middle_of_its_line() -> None:
    image = drawn("国")
    _, top, _, bottom = dark(image)
    assert abs((top + bottom) / 2 - image.height / 2) <= 3


def test_all_letters_of_a_line_stand_on_one_line() -> None:
    lows = [dark(drawn(letter))[3] for letter in ("A", "x", "1", "¥", "Ж")]
    assert max(lows) - min(lows) <= 2


def test_a_mark_stands_above_the_middle_of_its_letter() -> None:
    plain, marked = dark(drawn("x")), drawn("x\u0301")
    left, top, right, _ = dark(marked.crop((0, 0, 600, plain[1] - 1)))
    assert top > 0
    assert abs((left + right) / 2 - (plain[0] + plain[2]) / 2) <= 4


def test_words_stand_left_in_the_middle_or_right() -> None:
    boxes = [dark(drawn("国国", align=align)) for align in ("left", "centre", "right")]
    assert boxes[0][0] <= 6 and boxes[2][2] >= 594
    assert abs((boxes[1][0] + boxes[1][2]) / 2 - 300) <= 2


def test_a_line_of_marks_is_centred_by_what_is_seen() -> None:
    left, _, right, _ = dark(drawn("「国国。", align="centre"))
    assert abs((left + right) / 2 - 300) <= SIZE * 0.12


def test_a_chinese_dash_has_no_gap() -> None:
    image = drawn("——", bold=True)
    left, top, right, bottom = dark(image)
    assert right - left > 1.4 * SIZE
    assert all(image.getpixel((x, (top + bottom) // 2)) == INK for x in range(left + 2, right - 2))


def test_lines_stand_below_one_another() -> None:
    laid = typeset.lines("国\n国", SIZE, 100)
    image = Image.new("RGB", (100, laid.height), "#ffffff")
    typeset.draw(image, laid, 0, 0, "#000000")
    first, second = image.crop((0, 0, 100, laid.leading)), image.crop((0, laid.leading, 100, 2 * laid.leading))
    assert first.tobytes() == second.tobytes()


def test_drawing_again_gives_the_same() -> None:
    text = "三人成团，¥88.00！🎉م"
    assert drawn(text).tobytes() == drawn(text).tobytes()
