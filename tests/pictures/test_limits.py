"""Where each limit of the lint lies: just inside is good, just outside is a fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from PIL import Image

from chalicelib.pictures import ink, lint_clutter, lint_places, lint_sight, lint_words
from chalicelib.pictures.document import Box, Fault, Format, Part, Words
from chalicelib.pictures.page import Page, Piece
from chalicelib.pictures.typeset import Laid, Line
from tests.pictures.posters import SHORT, poster

Judge = Callable[[Page], Iterator[Fault]]


def text(part: Part, y: int, size: int, *, x: int = 72, pointer: str | None = None, **laid: Any) -> Piece:
    """A line of that size."""
    width, height = 600, round(size * 1.4)
    lines = [Line("字", width, ())] * laid.pop("lines", 1)
    set_ = Laid(lines, size, height, laid.pop("bold", False), laid.pop("cut", False), width, height * len(lines))
    return Piece(part, Box(x=x, y=y, w=width, h=set_.height), set_, "#000000", pointer or f"/words/{part}")


def picture(part: Part, box: Box) -> Piece:
    """Something that is no text."""
    return Piece(part, box, None, None, None)


CODE = picture(Part.CODE, Box(x=700, y=1500, w=300, h=300))
GOOD = (
    text(Part.TITLE, 100, 90),
    text(Part.BENEFIT, 300, 60),
    text(Part.POINTS, 500, 40, pointer="/words/points/0"),
    text(Part.NOTE, 1800, 30),
    CODE,
    text(Part.ACTION, 1600, 48, x=72),
)


def page(*pieces: Piece, words: Words = SHORT, form: Format = Format.TALL, **fields: Any) -> Page:
    """A page of these pieces, those of `GOOD` where there are none of their part."""
    own = {piece.part for piece in pieces}
    drawn = [*(piece for piece in GOOD if piece.part not in own), *pieces]
    sources = fields.pop("sources", {})
    document = poster(words, form, **fields)
    code = Image.new("RGB", (430, 430))
    return Page(document, Image.new("RGB", form.size, "#ffffff"), drawn, code, [], sources)


def told(judge: Judge, of: Page) -> list[dict[str, float]]:
    """What was measured of each fault."""
    return [fault.measured for fault in judge(of)]


def test_the_page_itself_is_good() -> None:
    for judge in (
        lint_places.proportions,
        lint_places.resolution,
        lint_clutter.faults,
        lint_words.too_much,
        lint_words.exaggerated,
        lint_words.no_action,
        lint_words.no_benefit,
        lint_sight.unreadable,
    ):
        assert told(judge, page()) == []


@pytest.mark.parametrize(
    ("judge", "inner", "outer"),
    [
        (lint_places.proportions, text(Part.BENEFIT, 300, 90), text(Part.BENEFIT, 300, 91)),
        (lint_places.proportions, text(Part.SUBTITLE, 300, 90), text(Part.SUBTITLE, 300, 91)),
        (lint_places.proportions, text(Part.ACTION, 1600, 90), text(Part.ACTION, 1600, 91)),
        (lint_places.proportions, text(Part.POINTS, 500, 60), text(Part.POINTS, 500, 61)),
        (lint_places.proportions, text(Part.NOTE, 1800, 60), text(Part.NOTE, 1800, 61)),
        (lint_places.proportions, text(Part.ENDORSEMENT, 1000, 60), text(Part.ENDORSEMENT, 1000, 61)),
        (lint_places.proportions, text(Part.NOTE, 24, 30), text(Part.NOTE, 23, 30)),
        (lint_places.proportions, text(Part.NOTE, 1800, 30, x=24), text(Part.NOTE, 1800, 30, x=23)),
        (lint_places.proportions, text(Part.NOTE, 1800, 30, x=456), text(Part.NOTE, 1800, 30, x=457)),
        (lint_places.proportions, text(Part.NOTE, 1854, 30), text(Part.NOTE, 1855, 30)),
        (
            lint_places.proportions,
            picture(Part.CODE, Box(x=756, y=1500, w=300, h=300)),
            picture(Part.CODE, Box(x=757, y=1500, w=300, h=300)),
        ),
        (lint_places.proportions, text(Part.TITLE, 100, 90, lines=7), text(Part.TITLE, 100, 90, lines=8)),
        (lint_sight.unreadable, text(Part.NOTE, 1800, 28), text(Part.NOTE, 1800, 27)),
        (lint_sight.unreadable, text(Part.NOTE, 1800, 30), text(Part.NOTE, 1800, 30, cut=True)),
        (lint_sight.unreadable, text(Part.PERSON, 1400, 30, cut=True), text(Part.PERSON, 1400, 27)),
        (lint_sight.unreadable, text(Part.NOTE, 1878, 30), text(Part.NOTE, 1879, 30)),
        (lint_sight.unreadable, text(Part.NOTE, 1800, 30, x=480), text(Part.NOTE, 1800, 30, x=481)),
        (
            lint_words.no_action,
            picture(Part.ACTION, Box(x=60, y=1600, w=100, h=60)),
            picture(Part.ACTION, Box(x=59, y=1600, w=100, h=60)),
        ),
        (
            lint_words.no_action,
            picture(Part.ACTION, Box(x=800, y=900, w=200, h=60)),
            picture(Part.ACTION, Box(x=800, y=899, w=200, h=60)),
        ),
        (
            lint_clutter.faults,
            picture(Part.STICKERS, Box(x=72, y=30, w=100, h=71)),
            picture(Part.STICKERS, Box(x=72, y=30, w=100, h=72)),
        ),
        (
            lint_places.resolution,
            picture(Part.CODE, Box(x=300, y=900, w=537, h=537)),
            picture(Part.CODE, Box(x=300, y=900, w=538, h=538)),
        ),
    ],
)  # fmt: skip
def test_a_piece_at_its_limit(judge: Judge, inner: Piece, outer: Piece) -> None:
    assert told(judge, page(inner)) == []
    found = list(judge(page(outer)))
    assert len(found) == 1
    assert found[0].part is outer.part or judge is lint_clutter.faults
    assert found[0].measured["limit"] != next(value for name, value in found[0].measured.items() if name != "limit")


def test_a_titles_letters_have_their_least_size() -> None:
    benefit = text(Part.BENEFIT, 300, 50)
    assert told(lint_places.proportions, page(benefit, text(Part.TITLE, 100, 54))) == []
    assert told(lint_places.proportions, page(benefit, text(Part.TITLE, 100, 53))) == [{"size": 53, "limit": 54}]


def test_a_page_is_of_its_format() -> None:
    assert told(lint_places.proportions, page()._replace(image=Image.new("RGB", (1080, 1920)))) == []
    other = page()._replace(image=Image.new("RGB", (1081, 1920)))
    assert told(lint_places.proportions, other) == [{"width": 1081, "height": 1920}]


WHOLE = Box(x=0, y=0, w=1000, h=500)


@pytest.mark.parametrize(
    ("judge", "part", "inner", "outer"),
    [
        (lint_places.proportions, Part.PICTURE, (1500, 2500), (1500, 2501)),
        (lint_places.proportions, Part.BACKGROUND, (3334, 501), (3400, 500)),
        (lint_places.proportions, Part.STICKERS, (1100, 500), (1101, 500)),
        (lint_places.proportions, Part.STICKERS, (1000, 550), (1000, 551)),
        (lint_places.resolution, Part.PICTURE, (800, 400), (799, 400)),
        (lint_places.resolution, Part.BACKGROUND, (800, 400), (800, 399)),
        (lint_places.resolution, Part.STICKERS, (800, 400), (800, 399)),
    ],
)
def test_a_picture_at_its_limit(judge: Judge, part: Part, inner: tuple[int, int], outer: tuple[int, int]) -> None:
    assert told(judge, page(sources={part: (*inner, WHOLE)})) == []
    found = list(judge(page(sources={part: (*outer, WHOLE)})))
    assert [(fault.part, fault.box) for fault in found] == [(part, WHOLE)]


@pytest.mark.parametrize("part", [Part.PERSON, Part.CODE])
def test_portraits_and_codes_are_judged_elsewhere(part: Part) -> None:
    small = page(sources={part: (40, 100, WHOLE)})
    assert told(lint_places.resolution, small) == told(lint_places.proportions, small) == []


@pytest.mark.parametrize(("size", "bold", "limit"), [(69, False, 4.5), (70, False, 3), (53, True, 4.5), (54, True, 3)])
def test_large_letters_need_less_contrast(monkeypatch: pytest.MonkeyPatch, size: int, bold: bool, limit: float) -> None:
    of = page(text(Part.TITLE, 100, size, bold=bold))
    for ratio, faults in ((limit, 0), (limit - 0.01, 1)):
        monkeypatch.setattr(ink, "worst_contrast", lambda _, piece, it=ratio: it if piece.part == "title" else 21)
        assert len(told(lint_sight.contrast, of)) == faults


@pytest.mark.parametrize("part", [Part.BACKGROUND, Part.PICTURE])
def test_words_may_lie_on_a_picture(part: Part) -> None:
    assert (
        told(lint_clutter.faults, page()._replace(pieces=[picture(part, Box(x=0, y=0, w=1080, h=1920)), *GOOD])) == []
    )


def test_what_lies_over_the_code_is_told_of_the_code_and_what_lies_under_it_here() -> None:
    name = text(Part.PERSON, 1500, 40, x=300)
    assert told(lint_clutter.faults, page()._replace(pieces=[*GOOD[:5], name])) == []
    assert len(told(lint_clutter.faults, page()._replace(pieces=[name, *GOOD[:5]]))) == 1


def test_three_stickers_are_the_most() -> None:
    stickers = [picture(Part.STICKERS, Box(x=100 + 200 * n, y=1000, w=100, h=90)) for n in range(4)]
    assert told(lint_clutter.faults, page(*stickers[:3])) == []
    assert told(lint_clutter.faults, page(*stickers)) == [{"stickers": 4, "limit": 3}]


def test_a_busy_share_is_the_share_of_busy_squares() -> None:
    image = Image.new("RGB", Format.SQUARE.size, "#ffffff")
    assert lint_clutter.busy_share(image) == 0
    noise = Image.effect_noise((270, 135), 200).resize((1080, 540), Image.Resampling.NEAREST)
    image.paste(noise.convert("RGB"), (0, 0))
    assert lint_clutter.busy_share(image) == pytest.approx(0.5, abs=0.05)
    course = Image.linear_gradient("L").resize((1080, 540)).convert("RGB")
    image.paste(course, (0, 540))
    assert lint_clutter.busy_share(image) == pytest.approx(0.5, abs=0.05)


def test_a_page_is_too_full_beyond_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    for share, faults in ((0.6, 0), (0.601, 1)):
        monkeypatch.setattr(lint_clutter, "busy_share", lambda _, it=share: it)
        assert len(told(lint_clutter.faults, page())) == faults


def test_a_fault_says_what_is_to_be_done_with_which_part() -> None:
    def said(judge: Judge, of: Page) -> tuple[str, str]:
        (fault,) = judge(of)
        return fault.zh, fault.en

    assert said(lint_places.proportions, page(text(Part.SUBTITLE, 300, 91))) == (
        "副标题的字比主标题还大：请缩短主标题，或给它更大的位置。",
        "The subtitle has larger letters than the title; shorten the title, or give it more room.",
    )
    assert said(lint_places.resolution, page(picture(Part.CODE, Box(x=300, y=900, w=538, h=538)))) == (
        "码放得太大，会模糊：请缩小它的位置，最宽 537 像素。",
        "The code is drawn too large and blurs; make its place at most 537 pixels wide.",
    )
    assert said(lint_clutter.faults, page(picture(Part.STICKERS, Box(x=72, y=30, w=100, h=90)))) == (
        "主标题和贴纸重叠了，请移开其中一个。",
        "The title and a sticker lie on one another; move one of the two.",
    )


def test_a_fault_that_leaves_the_page_is_told_within_it() -> None:
    far = text(Part.NOTE, 1800, 30, x=1079)
    fault = next(lint_sight.unreadable(page(far)))
    assert fault.box == Box(x=1079, y=1800, w=1, h=42)
    assert msgspec.json.decode(msgspec.json.encode(fault), type=Fault) == fault
