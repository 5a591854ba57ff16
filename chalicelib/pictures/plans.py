"""What a layout comes to: where each part stands, and what is laid beneath."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from chalicelib.pictures.document import Box, Part, Poster
from chalicelib.pictures.flow import Column, column, items, present
from chalicelib.pictures.wording import LEVELS


class Kind(StrEnum):
    """What parts stand on."""

    PAGE = "page"
    """The background's colour or picture."""
    BAND = "band"
    """The accent colour over the whole width, bowed below."""
    HERO = "hero"
    """Where a picture would be: the accent colour with ripples, or the background's picture as it is."""
    SHEET = "sheet"
    """The background's colour over the whole width, with round corners above."""
    CARD = "card"
    """The background's colour, with a shadow."""
    PANEL = "panel"
    """White, with a shadow."""
    FOLD = "fold"
    """A dashed line with a notch at each end: across a card, or down it."""


class Ground(NamedTuple):
    """Something laid beneath the parts."""

    kind: Kind
    box: Box


class Plan(NamedTuple):
    """A poster's division."""

    boxes: dict[Part, Box]
    grounds: list[Ground]
    """In the order they are laid."""
    on: dict[Part, Kind]
    """What each part stands on."""
    left: int
    """Pixels that are left over at the tightest place; fewer than 0 where something does not fit."""


class Foot(NamedTuple):
    """Code, call to action, and whoever shares."""

    boxes: dict[Part, Box]
    panel: Box | None


INSIDE = 24
"""Pixels between a panel's edge and what stands on it."""

UNDER = 48
"""Pixels by which a picture reaches under a sheet, whose corners are round."""

BESIDE = 44
"""Pixels between the code and what stands beside it."""

PORTRAIT = 104
"""Pixels of the person's height."""

STUB_PORTRAIT = 88


def of(box: Box, **changed: int) -> Box:
    """The box with other sides."""
    return Box(**{"x": box.x, "y": box.y, "w": box.w, "h": box.h, **changed})


def foot(document: Poster, box: Box, code: int, *, code_first: bool = False, indent: int = BESIDE) -> Foot:
    """A row at the lower end of ``box``: the code on one side, person and action on the other, from ``indent`` on."""
    beside = [part for part in (Part.PERSON, Part.ACTION) if part not in document.places and present(document, part)]
    coded = Part.CODE not in document.places
    if not beside and not coded:
        return Foot({}, None)
    width = box.w - indent - (INSIDE + code + BESIDE if coded else indent)
    room = code if coded else code // 2
    made = _roomiest(document, beside, Box(x=0, y=0, w=width, h=room), person=(PORTRAIT, PORTRAIT))
    high = room + 2 * INSIDE
    panel = of(box, y=box.y + box.h - high, h=high)
    code_x = panel.x + INSIDE if code_first else panel.x + panel.w - INSIDE - code
    if not beside:
        panel = of(panel, x=box.x + (box.w - code) // 2 - INSIDE, w=code + 2 * INSIDE)
        code_x = panel.x + INSIDE
    words_x = code_x + code + BESIDE if code_first and coded else panel.x + indent
    boxes = {part: of(one, x=words_x, y=one.y + panel.y + INSIDE) for part, one in made.boxes.items()}
    if coded:
        boxes[Part.CODE] = Box(x=code_x, y=panel.y + INSIDE, w=code, h=code)
    return Foot(boxes, panel)


def stub(document: Poster, box: Box, code: int, *, gap: int = 16) -> Foot:
    """A column of person, code and action at the lower end of ``box``."""
    side = (box.w - code) // 2
    parts = [part for part in (Part.PERSON, Part.CODE, Part.ACTION) if part not in document.places]
    sizes = {"person": (STUB_PORTRAIT, STUB_PORTRAIT), "code": (code, code)}
    found = items(document, parts, code, LEVELS[0], **sizes)
    if not found:
        return Foot({}, None)
    found = [one._replace(gap=gap if number else 0) for number, one in enumerate(found)]
    high = sum(one.height + one.gap for one in found) + 2 * side
    panel = of(box, y=box.y + box.h - high, h=high)
    return Foot(column(found, of(panel, x=box.x + side, y=panel.y + side, w=code, h=high - 2 * side)).boxes, panel)


def _roomiest(document: Poster, parts: list[Part], box: Box, **sizes: tuple[int, int]) -> Column:
    """The parts in the middle of a box, as large as they fit."""
    for level in LEVELS:
        made = column(items(document, parts, box.w, level, **sizes), box, middle=True)
        if made.left >= 0:
            break
    return made
