"""The layouts of tall posters."""

from __future__ import annotations

from chalicelib.pictures.document import WIDTH, Box, Part, Poster
from chalicelib.pictures.flow import Item, column, height, items, present
from chalicelib.pictures.plans import UNDER, Ground, Kind, Plan, foot
from chalicelib.pictures.wording import Level

HIGH = 1920
MARGIN = 72
INNER = WIDTH - 2 * MARGIN
CODE = 364
"""Pixels of the code's side: 126 on a phone 375 wide."""

HEAD = [Part.TITLE, Part.SUBTITLE, Part.BENEFIT]
BODY = [Part.PICTURE, Part.POINTS, Part.ENDORSEMENT]
BOW = 56
"""Pixels by which the band's lower edge is bowed."""


def tall_band(document: Poster, level: Level) -> Plan:
    """The title on a band of the accent colour, the rest below it, the code on a white panel at the foot."""
    note, bottom = _note(document, level, MARGIN, HIGH - 64)
    below = foot(document, Box(x=56, y=0, w=WIDTH - 112, h=bottom), CODE)
    end = below.panel.y - 48 if below.panel else bottom
    head = items(document, HEAD, INNER, level)
    body = items(document, BODY, INNER, level, picture=(round(420 * level.scale), 620))
    air = round(84 * level.scale)
    between = Item(None, air + BOW, 0)
    if body:
        body[0] = body[0]._replace(gap=20)
    found = [Item(None, air, 0, 56), *head, *([between._replace(grows=60)] if head else []), *body]
    made = column(found, Box(x=MARGIN, y=0, w=INNER, h=end), middle=not body)
    grounds = []
    if head:
        last = made.boxes[next(item.part for item in reversed(head) if item.part)]
        edge = _between(last.y + last.h, made.boxes[body[0].part].y, air) if body and body[0].part else end
        grounds.append(Ground(Kind.BAND, Box(x=0, y=0, w=WIDTH, h=edge)))
    if below.panel:
        grounds.append(Ground(Kind.PANEL, below.panel))
    on = dict.fromkeys(HEAD, Kind.BAND) | dict.fromkeys((Part.PERSON, Part.ACTION), Kind.PANEL)
    return Plan(made.boxes | below.boxes | note, grounds, on, made.left)


def tall_photo(document: Poster, level: Level) -> Plan:
    """A picture above, the words on a sheet below it, the code on a white panel beside whoever shares."""
    note, bottom = _note(document, level, MARGIN, HIGH - 64)
    below = foot(document, Box(x=MARGIN - 24, y=0, w=WIDTH - 2 * MARGIN + 48, h=bottom), CODE, indent=24)
    end = below.panel.y - 32 if below.panel else bottom
    words = items(document, [*HEAD, Part.POINTS, Part.ENDORSEMENT], INNER, level)
    pictured = present(document, Part.PICTURE) and Part.PICTURE not in document.places
    least, most = (round(620 * level.scale), 1000) if pictured else (300, 760)
    above = Item(Part.PICTURE if pictured else None, least, 0, most - least)
    air = Item(None, UNDER + round(36 * level.scale), 0, 24)
    made = column([above, air, *words], Box(x=MARGIN, y=0, w=INNER, h=end))
    boxes = dict(made.boxes)
    first = next((made.boxes[item.part].y for item in words if item.part), end)
    edge = first - round(64 * level.scale) - UNDER
    if pictured:
        edge = boxes[Part.PICTURE].h
        boxes[Part.PICTURE] = Box(x=0, y=0, w=WIDTH, h=edge + UNDER)
    hero, sheet = Box(x=0, y=0, w=WIDTH, h=edge + UNDER), Box(x=0, y=edge, w=WIDTH, h=HIGH - edge)
    grounds = [Ground(Kind.HERO, hero), Ground(Kind.SHEET, sheet)]
    if below.panel and Part.CODE in below.boxes:
        code = below.boxes[Part.CODE]
        grounds.append(Ground(Kind.PANEL, Box(x=code.x - 24, y=code.y - 24, w=code.w + 48, h=code.h + 48)))
    return Plan(boxes | below.boxes | note, grounds, {}, made.left)


def tall_card(document: Poster, level: Level) -> Plan:
    """Everything on a light card with a margin, whose lower part is a coupon's: the code, and who invites."""
    card = Box(x=56, y=72, w=WIDTH - 112, h=HIGH - 144)
    note, bottom = _note(document, level, 112, card.y + card.h - 44)
    below = foot(document, Box(x=96, y=0, w=WIDTH - 192, h=bottom), CODE, code_first=True)
    end = below.panel.y - 24 if below.panel else bottom
    inner = Box(x=112, y=card.y, w=WIDTH - 224, h=end - card.y)
    parts = [*HEAD, Part.PICTURE, Part.POINTS, Part.ENDORSEMENT]
    words = items(document, parts, inner.w, level, picture=(round(440 * level.scale), 640))
    air = Item(None, round(84 * level.scale), 0, 40)
    made = column([air, *words, Item(None, 40, 0, 40)], inner, middle=True)
    grounds = [Ground(Kind.CARD, card)]
    if below.panel:
        grounds.append(Ground(Kind.FOLD, Box(x=card.x, y=end, w=card.w, h=1)))
    on = dict.fromkeys(Part, Kind.CARD)
    return Plan(made.boxes | below.boxes | note, grounds, on, made.left)


def _note(document: Poster, level: Level, x: int, bottom: int) -> tuple[dict[Part, Box], int]:
    """Where the small print stands, if any, and where what is above it ends."""
    if Part.NOTE in document.places or not present(document, Part.NOTE):
        return {}, bottom
    width = WIDTH - 2 * x
    high = height(document, Part.NOTE, width, level)
    box = Box(x=x, y=bottom - high, w=width, h=high)
    return {Part.NOTE: box}, box.y - 28


def _between(above: int, below: int, air: int) -> int:
    """Where a band ends between what stands on it and what stands below it."""
    return max(above + air // 2, below - 60)
