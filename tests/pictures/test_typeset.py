"""Words are set as Chinese is set: what stands where a line begins and ends, and how far apart."""

from __future__ import annotations

import pytest

from chalicelib.pictures import typeset
from chalicelib.pictures.typeset import Laid

pytestmark = pytest.mark.usefixtures("type_opened")

SIZE = 100


def set_in(ems: float, text: str, most: int | None = None) -> list[str]:
    """The text's lines in a box that is so many ems wide."""
    laid = typeset.lines(text, SIZE, round(ems * SIZE), most=most)
    return [line.text for line in laid.lines]


def ems(text: str) -> float:
    """How wide the text is in one line."""
    laid = typeset.lines(text, SIZE, 10_000)
    assert len(laid.lines) == 1
    return laid.width / SIZE


@pytest.mark.parametrize("mark", "。，、；：？！）】》」』”’…—％%")
def test_no_closing_mark_begins_a_line(mark: str) -> None:
    first, second, *_ = set_in(4, f"春夏秋冬{mark}梅兰竹菊")
    assert (first, second[:2]) == ("春夏秋", f"冬{mark}")


@pytest.mark.parametrize("mark", "（【《「『“‘￥")
def test_no_opening_mark_ends_a_line(mark: str) -> None:
    first, second, *_ = set_in(4, f"春夏秋{mark}冬梅兰竹菊")
    assert (first, second[:2]) == ("春夏秋", f"{mark}冬")
    assert set_in(4.4, f"春夏秋{mark} 冬梅兰竹菊松")[0] == "春夏秋"


def test_a_mark_at_a_lines_end_takes_half_its_room() -> None:
    assert set_in(4, "春夏秋。冬梅兰。")[0] == "春夏秋。"
    assert set_in(3.5, "春夏秋。冬梅兰。") == ["春夏秋。", "冬梅兰。"]
    assert ems("春夏秋。") == 3.5


def test_a_mark_at_a_lines_beginning_takes_half_its_room() -> None:
    assert ems("「春夏") == 2.5
    assert ems("「春夏」") == 3


def test_two_marks_that_meet_take_one_and_a_half() -> None:
    assert ems("春。」夏") - ems("春夏") == 1.5
    assert ems("春」，夏") - ems("春夏") == 1.5
    assert ems("春）（夏") - ems("春夏") == 1.5
    assert ems("春「『夏") - ems("春夏") == 1.5
    assert ems("春（）夏") - ems("春夏") == 2


def test_latin_words_and_numbers_stand_a_quarter_off_chinese_letters() -> None:
    assert ems("用A股") - ems("A") == pytest.approx(2.5, abs=0.01)
    assert ems("减30元") - ems("30") == pytest.approx(2.5, abs=0.01)
    assert ems("只要¥88") - ems("¥88") == pytest.approx(2.25, abs=0.01)


def test_a_space_that_somebody_typed_is_not_added_to_that() -> None:
    assert ems("用 A 股") == ems("用A股")
    assert ems("用  A\t 股") == ems("用A股")
    assert ems("春， 夏") == ems("春，夏")


def test_no_line_breaks_inside_a_word_or_a_number() -> None:
    assert set_in(6, "这是 wonderful 的") == ["这是", "wonderful", "的"]
    assert set_in(5, "到手价¥1288.00起") == ["到手价", "¥1288.00", "起"]
    assert set_in(5, "电话是010-8888") == ["电话是", "010-8888"]


@pytest.mark.parametrize(
    "held", ["30元", "7 天", "24小时", "500 g", "100%", "3.5万元", "36℃", "3～5天", "第3届", "￥ 99", "20多份"]
)
def test_a_number_keeps_its_unit(held: str) -> None:
    for before in range(1, 8):
        lines = set_in(7, f"{'好' * before}{held}的的的")
        assert any(held in line for line in lines), lines


def test_a_fixed_space_does_not_break() -> None:
    assert set_in(4, "春夏 AA\u00a0BB秋冬")[:2] == ["春夏", "AA\u00a0BB"]
    assert set_in(4, "春夏 AA BB秋冬")[0] == "春夏 AA"


def test_an_address_that_is_longer_than_a_line_breaks_behind_its_own_marks() -> None:
    assert set_in(12.5, "https://example.com/very/long/path") == ["https://example.com/", "very/long/path"]
    assert set_in(11, "见https://example.com") == ["见", "https://example.com"]


def test_a_long_word_breaks_where_the_line_is_full() -> None:
    lines = set_in(4, "x" * 40)
    assert "".join(lines) == "x" * 40
    assert len({len(line) for line in lines[:-1]}) == 1


def test_even_then_no_opening_mark_ends_a_line() -> None:
    assert set_in(ems("xxxxxx(") + 0.1, "xxxxxx(yyyy")[0] == "xxxxxx"


def test_marks_that_are_longer_than_a_line_break_somewhere() -> None:
    assert "".join(set_in(3, "春" + "！" * 30)) == "春" + "！" * 30


def test_the_last_line_is_no_single_letter() -> None:
    assert set_in(8, "春夏秋冬梅兰竹菊松") == ["春夏秋冬梅", "兰竹菊松"]
    assert set_in(8, "春夏秋冬梅兰竹菊松。") == ["春夏秋冬梅", "兰竹菊松。"]
    assert set_in(9, "春夏秋冬梅兰竹菊松柏") == ["春夏秋冬梅", "兰竹菊松柏"]
    assert set_in(1.5, "春夏") == ["春", "夏"]


def test_the_texts_own_lines_are_kept() -> None:
    assert set_in(8, "春夏\n秋冬\n\n梅") == ["春夏", "秋冬", "梅"]


def test_emoji_are_never_broken() -> None:
    family = "👨‍👩‍👧‍👦"
    assert set_in(2.3, family * 5) == [family * 2, family * 2, family]


def test_a_text_that_is_too_long_ends_with_an_ellipsis() -> None:
    laid = typeset.lines("春夏秋冬梅兰竹菊松柏", SIZE, 4 * SIZE, most=2)
    assert laid.cut
    assert [line.text for line in laid.lines] == ["春夏秋冬", "梅兰竹…"]


def test_no_mark_stands_before_the_ellipsis() -> None:
    assert set_in(5, "春夏秋，冬梅兰竹菊松柏", most=1) == ["春夏秋…"]
    assert set_in(5, "春夏（秋冬梅兰竹菊松柏", most=1) == ["春夏（秋…"]
    assert set_in(4, "春夏（秋冬梅兰竹菊松柏", most=1) == ["春夏…"]
    assert set_in(3.3, "春夏 秋冬梅兰竹菊松柏", most=1) == ["春夏…"]


def test_what_is_left_out_behind_an_end_of_line_is_said_too() -> None:
    assert set_in(9, "春夏\n秋冬", most=1) == ["春夏…"]


def test_nothing_is_set_in_a_box_that_is_narrower_than_a_letter() -> None:
    for most in (None, 0, 1):
        laid = typeset.lines("春", SIZE, SIZE - 1, most=most)
        assert laid.cut and not laid.lines and laid.height == 0


def test_a_text_without_letters_has_no_lines() -> None:
    for text in ("", " \n ", "\u200b"):
        assert typeset.lines(text, SIZE, 1) == Laid([], SIZE, 140, bold=False, cut=False, width=0, height=0)


def test_the_largest_size_is_found_at_which_it_fits() -> None:
    laid = typeset.fitted("阳光玫瑰葡萄现摘现发", 500, 200, largest=120, smallest=20, bold=True)
    assert not laid.cut and laid.width <= 500 and laid.height <= 200
    larger = typeset.lines("阳光玫瑰葡萄现摘现发", laid.size + 1, 500, bold=True)
    assert larger.cut or larger.height > 200
    assert laid.bold


def test_a_text_that_fits_at_no_size_is_cut_at_the_smallest() -> None:
    laid = typeset.fitted("春" * 200, 300, 100, largest=60, smallest=30)
    assert laid.cut and laid.size == 30 and laid.height <= 100
    assert laid.lines[-1].text.endswith("…")


def test_no_more_lines_are_made_than_wanted() -> None:
    laid = typeset.fitted("春夏秋冬梅兰竹菊", 400, 1000, largest=200, smallest=10, most=1)
    assert (len(laid.lines), laid.size, laid.cut) == (1, 50, False)


def test_a_nickname_is_one_line() -> None:
    laid = typeset.one_line("小兔子\nLucy的超级长昵称", 40, 400)
    assert [line.text for line in laid.lines] == ["小兔子 Lucy的超级…"]
    assert typeset.one_line("小兔子", 40, 400).cut is False
