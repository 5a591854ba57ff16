"""Setting words into a box, and drawing them: lengths are pixels."""

from __future__ import annotations

import math
import unicodedata
from typing import Literal, NamedTuple

import msgspec
from PIL import Image, ImageDraw

from chalicelib.pictures import typeface
from chalicelib.pictures.breaking import SLACK, Span, broken, paragraphs
from chalicelib.pictures.letters import Letter, letters
from chalicelib.pictures.spacing import EMOJI, NEVER_LAST, Row, row

LEADING = 1.4
"""From one line to the next, in ems; a line's ink stays within it."""
ABOVE = 0.88
"""How far a Chinese letter's square stands above the line that Latin letters stand on, in ems."""

ELLIPSIS = Letter("…", "…")
NOT_BEFORE_ELLIPSIS = frozenset("，。、；：,.;:·—–⸺…～~") | NEVER_LAST

LEFT_OUT = 2.5
"""Ems that a line may lose where it is broken: half a mark at each end, a blank and a gap between."""

Align = Literal["left", "centre", "right"]


class Placed(NamedTuple):
    """A letter of a line."""

    letter: Letter
    x: float
    """Pixels from the line's left."""


class Line(NamedTuple):
    """A line as it is drawn."""

    text: str
    width: int
    placed: tuple[Placed, ...]


class Laid(msgspec.Struct, frozen=True):
    """Words as they stand in their box."""

    lines: list[Line]
    size: int
    """Pixels of an em."""
    leading: int
    """Pixels from one line to the next."""
    bold: bool
    cut: bool
    """Whether words are missing for want of room; where there is room for it, ``…`` says so."""
    width: int
    """Of the widest line."""
    height: int


def lines(text: str, size: int, width: int, *, bold: bool = False, most: int | None = None) -> Laid:
    """The text in lines of that width, at most so many; the text's own ends of line are kept.

    A box in which its widest letter has no room gets no lines at all.
    """
    whole, room = row(letters(text), bold=bold), width / size
    if any(whole.width(index, index + 1) > room + SLACK for index in range(len(whole.letters))):
        return _laid([], size, bold=bold, cut=True)
    found = [(whole, line) for part in paragraphs(whole) for line in broken(whole, part, room)]
    if most is None or len(found) <= most:
        return _laid(found, size, bold=bold, cut=False)
    kept = found[:most]
    if kept:
        _, last = kept.pop()
        end = next(part.stop for part in paragraphs(whole) if last.start < part.stop)
        kept += _with_ellipsis(whole, Span(last.start, end), room, bold=bold)
    return _laid(kept, size, bold=bold, cut=True)


def fitted(
    text: str, width: int, height: int, *, largest: int, smallest: int, bold: bool = False, most: int | None = None
) -> Laid:
    """The text at the largest size at which all of it is in the box; cut at the smallest."""
    wanted = row(letters(text), bold=bold).right[-1:] or [0.0]
    for size in range(largest, smallest - 1, -1):
        count = height // _leading(size) if most is None else min(most, height // _leading(size))
        if wanted[0] > count * (width / size + LEFT_OUT):
            continue
        laid = lines(text, size, width, bold=bold, most=most)
        if not laid.cut and laid.height <= height:
            return laid
    room = height // _leading(smallest)
    return lines(text, smallest, width, bold=bold, most=room if most is None else min(most, room))


def one_line(text: str, size: int, width: int, *, bold: bool = False) -> Laid:
    """The text in one line, such as a nickname; its ends of line are blanks."""
    return lines(" ".join(text.split()), size, width, bold=bold, most=1)


def draw(
    image: Image.Image, laid: Laid, x: int, y: int, colour: str, *, align: Align = "left", width: int | None = None
) -> None:
    """Draw the words on an RGB image, their upper left corner there, aligned in ``width`` (else in their own)."""
    room = laid.width if width is None else width
    share = {"left": 0.0, "centre": 0.5, "right": 1.0}[align]
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(laid.lines):
        left = x + round((room - line.width) * share)
        base = y + number * laid.leading + round((laid.leading - laid.size) / 2 + ABOVE * laid.size)
        for letter, offset in line.placed:
            if letter.is_emoji:
                _picture(image, letter.text, laid.size, left + offset, base)
            else:
                _figures(pen, letter.shape, laid, (left + offset, base), colour)


def _figures(pen: ImageDraw.ImageDraw, shape: str, laid: Laid, at: tuple[float, int], colour: str) -> None:
    """Draw a letter's figures one after another; marks in the middle above the one they stand upon."""
    font = typeface.font(laid.size, bold=laid.bold)
    x, base, under = *at, 0.0
    for figure in shape:
        if unicodedata.category(figure)[0] == "M":
            left, right = typeface.ink(figure, bold=laid.bold)
            pen.text((x - (under + left + right) / 2 * laid.size, base), figure, colour, font, anchor="ls")
        else:
            pen.text((x, base), figure, colour, font, anchor="ls")
            under = typeface.advance(figure, bold=laid.bold)
            x += under * laid.size


def _picture(image: Image.Image, cluster: str, size: int, x: float, base: int) -> None:
    if drawn := typeface.emoji(cluster, size):
        image.paste(drawn, (round(x + (EMOJI - 1) / 2 * size), base - round(ABOVE * size)), drawn)


def _with_ellipsis(whole: Row, rest: Span, room: float, *, bold: bool) -> list[tuple[Row, Span]]:
    """As many of the letters as have room before an ellipsis; no line where that itself has none."""
    for stop in range(rest.stop, rest.start - 1, -1):
        kept = whole.letters[rest.start : stop]
        if kept and (
            whole.width(rest.start, stop) > room or kept[-1].is_space or kept[-1].shape in NOT_BEFORE_ELLIPSIS
        ):
            continue
        tried = row((*kept, ELLIPSIS), bold=bold)
        if tried.width(0, len(tried.letters)) <= room + SLACK:
            return [(tried, Span(0, len(tried.letters)))]
    return []


def _laid(found: list[tuple[Row, Span]], size: int, *, bold: bool, cut: bool) -> Laid:
    made = [_line(whole, span, size) for whole, span in found]
    widest, leading = max((line.width for line in made), default=0), _leading(size)
    return Laid(made, size, leading, bold, cut, widest, leading * len(made))


def _line(whole: Row, span: Span, size: int) -> Line:
    held, origin = range(*span), whole.left[span.start] + whole.lead[span.start]
    placed = tuple(Placed(whole.letters[index], (whole.left[index] - origin) * size) for index in held)
    width = math.ceil((whole.width(*span) - SLACK) * size)
    return Line("".join(letter.text for letter, _ in placed), width, placed)


def _leading(size: int) -> int:
    return math.ceil(LEADING * size)
