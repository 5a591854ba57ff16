"""Whether what is written can be seen on a phone: its contrast, its size, and that all of it is there."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.pictures import ink
from chalicelib.pictures.document import Fault, Mistake, Part
from chalicelib.pictures.found import at, of_part
from chalicelib.pictures.page import Page, Piece
from chalicelib.pictures.phone import POINT
from chalicelib.pictures.wording import text

LEAST_CONTRAST = 4.5
"""Of letters to what is around them (WCAG 2.2, 1.4.3)."""
LEAST_CONTRAST_LARGE = 3.0
"""Of large letters (WCAG 2.2, 1.4.3)."""
LARGE, LARGE_BOLD = 24.0, 18.66
"""Points on a phone from which on letters are large: 18 and, bold, 14 of the printer's (WCAG 2.2, large scale)."""
LEAST_SIZE = 28
"""Pixels of a poster's 1080: ten points on a phone (9.7), under which Han letters run together."""


def contrast(page: Page) -> Iterator[Fault]:
    """Letters too near in lightness to what is around them, at their worst place."""
    for piece in page.pieces:
        if piece.laid is None or piece.ink is None:
            continue
        points = piece.laid.size / POINT
        is_large = points >= (LARGE_BOLD if piece.laid.bold else LARGE)
        limit = LEAST_CONTRAST_LARGE if is_large else LEAST_CONTRAST
        if (ratio := ink.worst_contrast(page, piece)) < limit:
            zh = f"字和背景太接近，请换颜色，使对比度达到 {limit:g}。"
            en = f"The letters are too near to their ground; choose colours of a contrast of {limit:g}."
            yield at(page, piece, Mistake.CONTRAST, zh, en, ratio=ratio, limit=limit)


def unreadable(page: Page) -> Iterator[Fault]:
    """A title that shows nothing; letters too small for a phone or not in the font; texts cut off or off the page."""
    wide, high = page.image.size
    if text(page.document, Part.TITLE) is None:
        zh, en = "主标题是空白的，请写上文字。", "The title shows nothing; write one."
        yield of_part(page, Part.TITLE, "/words/title", Mistake.UNREADABLE, zh, en, letters=0, limit=1)
    for piece in page.pieces:
        if piece.laid is None:
            continue
        if piece.laid.size < LEAST_SIZE:
            zh = f"字太小，在手机上看不清，请放大到至少 {LEAST_SIZE} 像素，或写短一些。"
            en = f"The letters are too small on a phone; at least {LEAST_SIZE} pixels, or fewer of them."
            yield at(page, piece, Mistake.UNREADABLE, zh, en, size=piece.laid.size, limit=LEAST_SIZE)
        if (lacking := lacking_letters(piece)) and piece.part is not Part.PERSON:
            zh = f"字库里没有这些字：{'、'.join(lacking)}，会显示成方框，请换掉。"
            en = f"The font lacks {', '.join(lacking)}, which would be drawn as boxes; use other letters."
            yield at(page, piece, Mistake.UNREADABLE, zh, en, lacking=len(lacking), limit=0)
        if piece.laid.cut and piece.part is not Part.PERSON:
            zh, en = "文字放不下，被截断了，请写短一些。", "The text does not fit and is cut off; shorten it."
            yield at(page, piece, Mistake.UNREADABLE, zh, en, cut=1, limit=0)
        box = piece.box
        outside = max(-box.x, -box.y, box.x + box.w - wide, box.y + box.h - high)
        if outside > 0:
            zh, en = "文字超出了画面，请移回来。", "The text leaves the page; move it back."
            yield at(page, piece, Mistake.UNREADABLE, zh, en, outside=outside, limit=0)


def lacking_letters(piece: Piece) -> list[str]:
    """The letters for which boxes were drawn, each once."""
    lines = piece.laid.lines if piece.laid else []
    drawn = (letter for line in lines for letter, _ in line.placed)
    return list(dict.fromkeys(letter.text[0] for letter in drawn if letter.is_lacking))
