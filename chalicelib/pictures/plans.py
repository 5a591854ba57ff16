"""What a layout comes to: where each part stands, and what is laid beneath."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from chalicelib.pictures.document import Box, Part, Poster
from chalicelib.pictures.flow import Item, column, items, present
from chalicelib.pictures.wording import Level


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
    left: int


INSIDE = 36
"""Pixels between a panel's edge and what stands on it."""

UNDER = 48
"""Pixels by which a picture reaches under a sheet, whose corners are round."""

PORTRAIT = 104
"""Pixels of the person's height."""

STUB_PORTRAIT = 84


def of(box: Box, **changed: int) -> Box:
    """The box with other sides."""
    return Box(**{"x": box.x, "y": box.y, "w": box.w, "h": box.h, **changed})


def foot(
    document: Poster, level: Level, box: Box, code: int, *, code_first: bool = False, inside: int = INSIDE
) -> Foot:
    """A row at the lower end of ``box``: the code on one side, person and action on the other."""
    beside = [part for part in (Part.PERSON, Part.ACTION) if part not in document.places and present(document, part)]
    coded = Part.CODE not in document.places
    if not beside and not coded:
        return Foot({}, None, box.h)
    width = box.w - 2 * inside - ((code + inside) if coded else 0)
    found = items(document, beside, width, level, person=(PORTRAIT, PORTRAIT))
    needed = sum(item.height + item.gap for item in found)
    high = (code if coded else needed) + 2 * inside
    panel = of(box, y=box.y + box.h - high, h=high)
    if not beside:
        panel = of(panel, x=box.x + (box.w - code) // 2 - inside, w=code + 2 * inside)
        return Foot({Part.CODE: Box(x=panel.x + inside, y=panel.y + inside, w=code, h=code)}, panel, box.h - high)
    code_x = panel.x + inside if code_first else panel.x + panel.w - inside - code
    words_x = panel.x + inside + (code + inside if code_first and coded else 0)
    made = column(found, Box(x=words_x, y=panel.y + inside, w=width, h=high - 2 * inside), middle=True)
    boxes = dict(made.boxes)
    if coded:
        boxes[Part.CODE] = Box(x=code_x, y=panel.y + inside, w=code, h=code)
    return Foot(boxes, panel, min(made.left, box.h - high))


def stub(document: Poster, level: Level, box: Box, code: int, inside: int) -> Foot:
    """A column of person, code and action at the lower end of ``box``."""
    side = (box.w - code) // 2
    parts = [part for part in (Part.PERSON, Part.CODE, Part.ACTION) if part not in document.places]
    inner = of(box, x=box.x + inside, w=box.w - 2 * inside)
    found = items(document, parts, inner.w, level, person=(STUB_PORTRAIT, STUB_PORTRAIT), code=(code, code))
    if not found:
        return Foot({}, None, box.h)
    found = [Item(one.part, one.height, 16 if number else 0) for number, one in enumerate(found)]
    high = sum(one.height + one.gap for one in found) + 2 * inside
    panel = of(box, y=box.y + box.h - high, h=high)
    made = column(found, of(inner, y=panel.y + inside, h=high - 2 * inside))
    boxes = dict(made.boxes)
    if Part.CODE in boxes:
        boxes[Part.CODE] = of(boxes[Part.CODE], x=box.x + side, w=code)
    return Foot(boxes, panel, box.h - high)
