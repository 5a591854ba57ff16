"""Where the limits of what a poster says lie."""

from __future__ import annotations

import pytest

from chalicelib.pictures import lint_words
from chalicelib.pictures.document import Box, Format, Part, Sticker
from tests.pictures.posters import SHORT, but, poster
from tests.pictures.test_limits import page, text, told


@pytest.mark.parametrize(("form", "most"), lint_words.MOST_LETTERS.items())
def test_letters_are_counted(form: Format, most: int) -> None:
    other = sum(lint_words.weighed(said) for _, said in lint_words.said(poster(but(SHORT, note=None))))
    full = but(SHORT, note="字" * (most - other))
    assert told(lint_words.too_much, page(words=full, form=form)) == []
    over = page(words=but(full, note=f"{full.note}a"), form=form)
    assert told(lint_words.too_much, over) == [{"letters": most + 2, "limit": most}]


@pytest.mark.parametrize(("form", "most"), lint_words.MOST_LINES.items())
def test_lines_are_counted_but_nobodys_name(form: Format, most: int) -> None:
    note = text(Part.NOTE, 900, 30, lines=most - 4)
    name = text(Part.PERSON, 900, 30, lines=2)
    assert told(lint_words.too_much, page(note, name, form=form)) == []
    more = text(Part.NOTE, 900, 30, lines=most - 3)
    assert told(lint_words.too_much, page(more, form=form)) == [{"lines": most + 1, "limit": most}]


def test_four_points_are_kept_in_mind() -> None:
    assert told(lint_words.too_much, page(words=but(SHORT, points=["一"] * 4))) == []
    found = list(lint_words.too_much(page(words=but(SHORT, points=["一"] * 5))))
    assert [(fault.part, fault.pointer) for fault in found] == [(Part.POINTS, "/words/points")]


@pytest.mark.parametrize(
    ("said", "weight"),
    [
        ("买一杯", 3),
        ("Latte", 2),
        ("don't stop", 6),
        ("¥18.00", 4),
        ("买1杯Latte送1杯", 10),
        ("！，。🔥 ", 0),
        ("ひらカタ한", 5),
        ("𠮷", 1),
    ],
)
def test_a_han_letter_weighs_one_and_a_word_two(said: str, weight: int) -> None:
    assert lint_words.weighed(said) == weight


@pytest.mark.parametrize(
    "said",
    [
        "来吧!!!",
        "来吧！！！",
        "来吧！!!",
        "来吧! ! !",
        "来吧！\n！！",
        "来吧‼️❗",
        "COME AND JOIN US!",
        "BUY IT, FREE TODAY",
    ],
)
def test_what_shouts(said: str) -> None:
    found = list(lint_words.exaggerated(page(words=but(SHORT, action=said))))
    assert [(fault.part, fault.pointer) for fault in found] == [(Part.ACTION, "/words/action")]


@pytest.mark.parametrize(
    "said",
    [
        "来吧!!",
        "来！吧！呀！",
        "来吧‼️",
        "VIP SALE NOW",
        "COME AND JOIN Us!",
        "SUPERCALIFRAGILISTIC",
        "ONE. TWO THREE. FOUR FIVE",
    ],
)
def test_what_does_not_shout(said: str) -> None:
    assert told(lint_words.exaggerated, page(words=but(SHORT, action=said))) == []


def test_fires_are_counted_over_all_words() -> None:
    two = but(SHORT, title="🔥爬山", points=["早餐💣"])
    assert told(lint_words.exaggerated, page(words=two)) == []
    sticker = Sticker(box=Box(x=1, y=1, w=200, h=90), text="💥")
    found = list(lint_words.exaggerated(page(words=two, stickers=[sticker])))
    assert [(fault.pointer, fault.measured) for fault in found] == [("/words/title", {"fires": 3, "limit": 2})]


def test_a_stickers_shout_is_the_stickers() -> None:
    stickers = [Sticker(box=Box(x=1, y=1, w=200, h=90), text=said) for said in ("新", "抢！！！")]
    found = list(lint_words.exaggerated(page(stickers=stickers)))
    assert [fault.pointer for fault in found] == ["/stickers/1/text"]


@pytest.mark.parametrize(
    "said",
    [
        "免费领",
        "买一送一",
        "省 20",
        "立减",
        "Save now",
        "a free cup",
        "两人同行一人免单",
        "８折",
        "半价",
        "十元",
        "GIFT inside",
    ],
)
def test_what_is_a_benefit(said: str) -> None:
    assert told(lint_words.no_benefit, page(words=but(SHORT, benefit=said))) == []


@pytest.mark.parametrize("said", ["精彩等你来", "不容错过", "Freedom for all", "Offer", "一起来"])
def test_what_is_no_benefit(said: str) -> None:
    assert len(told(lint_words.no_benefit, page(words=but(SHORT, benefit=said)))) == 1


def test_somebody_must_act() -> None:
    found = list(lint_words.no_action(page(words=but(SHORT, action=None))))
    assert [(fault.part, fault.pointer, fault.measured) for fault in found] == [(Part.ACTION, "/words/action", {})]
