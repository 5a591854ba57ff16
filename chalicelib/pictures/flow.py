"""Putting parts below one another: what is absent takes no space, and what is left over is shared."""

from __future__ import annotations

from typing import NamedTuple

from chalicelib.pictures.document import Box, Part, Poster
from chalicelib.pictures.wording import FREE, Level, padding, points_height, set_points, set_text, style, text

GAPS = {
    Part.SUBTITLE: 24,
    Part.BENEFIT: 36,
    Part.PICTURE: 40,
    Part.POINTS: 40,
    Part.ENDORSEMENT: 36,
    Part.PERSON: 20,
    Part.ACTION: 24,
    Part.NOTE: 28,
    Part.CODE: 24,
}
"""Pixels above a part that is not the first."""

GENEROUS = 2.6
"""By what a gap may grow where there is space."""

ROOMY = 26
"""Pixels by which each point may have more space."""


QUOTES = ("“", '"', "「", "『")
"""What a quotation begins with."""


class Item(NamedTuple):
    """Something in a column."""

    part: Part | None
    """None of something that only takes its space."""
    height: int
    gap: int
    """Above it."""
    grows: int = 0
    """By so many pixels at most, before gaps do."""


class Column(NamedTuple):
    """Parts that stand below one another."""

    boxes: dict[Part, Box]
    end: int
    """Where the last one ends."""
    left: int
    """Pixels that are left over; fewer than 0 where it does not fit."""


def items(document: Poster, parts: list[Part], width: int, level: Level, **sizes: tuple[int, int]) -> list[Item]:
    """The parts that there are and that the document puts nowhere else; ``sizes`` are least and most of pictures."""
    found = []
    for part in parts:
        if part in document.places or not present(document, part):
            continue
        gap = round(GAPS.get(part, 0) * max(level.scale, 0.4))
        if part.value in sizes:
            least, most = sizes[part.value]
            found.append(Item(part, least, gap, most - least))
        else:
            roomy = ROOMY * (len(document.words.points) - 1) if part is Part.POINTS else 0
            found.append(Item(part, height(document, part, width, level), gap, roomy))
    return found


def present(document: Poster, part: Part) -> bool:
    """Whether the document has the part at all."""
    if part is Part.CODE:
        return True
    if part is Part.PERSON:
        return document.shows_person
    if part is Part.POINTS:
        return bool(document.words.points)
    if part is Part.PICTURE:
        return document.picture is not None
    return text(document, part) is not None


def height(document: Poster, part: Part, width: int, level: Level) -> int:
    """Pixels that a part's text takes."""
    as_ = style(document, part)
    if part is Part.POINTS:
        return points_height(set_points(document.words.points, width, FREE, as_, level))
    said = text(document, part)
    if said is None:
        return 0
    if part is Part.BENEFIT:
        return badge_height(said, width, document, level)
    if part is Part.ENDORSEMENT:
        width -= quote_indent(document)
    return set_text(said, width, FREE, as_, level).height


def badge_height(said: str, width: int, document: Poster, level: Level) -> int:
    """Pixels of a benefit with its badge."""
    as_ = style(document, Part.BENEFIT)
    laid = set_text(said, width - 2 * padding(as_.largest)[0], FREE, as_, level)
    return laid.height + 2 * padding(laid.size)[1]


def quote_indent(document: Poster) -> int:
    """Pixels that an endorsement's quotation mark takes beside it; none where it is centred or begins with its own."""
    said = (text(document, Part.ENDORSEMENT) or "").lstrip()
    return 0 if said.startswith(QUOTES) or style(document, Part.ENDORSEMENT).align == "centre" else 64


def column(found: list[Item], box: Box, *, middle: bool = False) -> Column:
    """The items in a box, from its top; what is left over goes to those that grow, then to the gaps.

    With ``middle`` half of what then remains is above them.
    """
    gaps = [0 if number == 0 else item.gap for number, item in enumerate(found)]
    heights = [item.height for item in found]
    left = box.h - sum(gaps) - sum(heights)
    if left > 0:
        for number, item in enumerate(found):
            more = min(item.grows, left)
            heights[number] += more
            left -= more
        if total := sum(gaps):
            more = min(left, round(total * (GENEROUS - 1)))
            gaps = [gap + gap * more // total for gap in gaps]
            left = box.h - sum(gaps) - sum(heights)
    boxes, y = {}, box.y + (max(left, 0) // 2 if middle else 0)
    for item, gap, high in zip(found, gaps, heights, strict=True):
        y += gap
        if item.part is not None:
            boxes[item.part] = Box(x=box.x, y=y, w=box.w, h=high)
        y += high
    return Column(boxes, y, left)
