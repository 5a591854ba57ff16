"""The layouts of square posters: words to the left, and to the right a stub with the code."""

from __future__ import annotations

from chalicelib.pictures.document import WIDTH, Box, Part, Poster
from chalicelib.pictures.flow import Item, column, items, present
from chalicelib.pictures.plans import UNDER, Foot, Ground, Kind, Plan, foot, of, stub
from chalicelib.pictures.wording import Level

MARGIN = 56
CODE = 336
"""Pixels of the code's side: 117 on a phone 375 wide. A QR code in whole modules is 300 or more."""
STUB = 372
"""The stub's width."""
CARD_STUB = 384
"""The width of a card's stub, on which the code has a plate of its own."""
LEFT = WIDTH - 2 * MARGIN - STUB - 40
"""The width of what stands beside the stub."""
FULL = WIDTH - 2 * MARGIN
BOW = 36

HEAD = [Part.TITLE, Part.SUBTITLE, Part.BENEFIT]
BODY = [Part.PICTURE, Part.POINTS, Part.ENDORSEMENT, Part.NOTE]


def square_band(document: Poster, level: Level) -> Plan:
    """The title on a band of the accent colour, below it the rest beside the stub."""
    body = items(document, BODY, LEFT, level, picture=(round(240 * level.scale), 420))
    below = _stub(document) if body else _foot(document)
    end = below.panel.y if below.panel else WIDTH - MARGIN
    head = items(document, HEAD, FULL, level)
    air, gap = round(60 * level.scale), 36
    needed = sum(item.height + item.gap for item in body) - (body[0].gap if body else 0)
    band = Box(x=MARGIN, y=0, w=FULL, h=min(end, WIDTH - MARGIN - needed) - gap)
    made = column([Item(None, air, 0), *head, Item(None, air + BOW // 2, 0)], band, middle=True)
    grounds = [Ground(Kind.BAND, Box(x=0, y=0, w=WIDTH, h=band.h))] if head else []
    top = band.h + gap if head else MARGIN
    rest = column(body, Box(x=MARGIN, y=top, w=LEFT, h=WIDTH - MARGIN - top), middle=True)
    if below.panel:
        grounds.append(Ground(Kind.PANEL, below.panel))
    on = dict.fromkeys(HEAD, Kind.BAND) | dict.fromkeys((Part.PERSON, Part.ACTION), Kind.PANEL)
    left = min(made.left, rest.left)
    return Plan(made.boxes | rest.boxes | below.boxes, grounds, on, left)


def square_photo(document: Poster, level: Level) -> Plan:
    """A picture above; the words on a sheet below it, beside the stub."""
    below = _stub(document)
    end = below.panel.y if below.panel else WIDTH - MARGIN
    words = items(document, [*HEAD, *BODY[1:]], LEFT, level)
    pictured = present(document, Part.PICTURE) and Part.PICTURE not in document.places
    least = 360 if pictured or document.background else 200
    air = UNDER + round(20 * level.scale)
    needed = sum(item.height + item.gap for item in words)
    edge = min(end - 28, WIDTH - MARGIN - air - needed)
    rest = column(words, Box(x=MARGIN, y=edge + air, w=LEFT, h=WIDTH - MARGIN - edge - air), middle=True)
    boxes = dict(rest.boxes)
    hero = Box(x=0, y=0, w=WIDTH, h=max(edge, 1) + UNDER)
    if pictured:
        boxes[Part.PICTURE] = hero
    grounds = [Ground(Kind.HERO, hero), Ground(Kind.SHEET, Box(x=0, y=edge, w=WIDTH, h=WIDTH - edge))]
    if below.panel:
        grounds.append(Ground(Kind.PANEL, below.panel))
    on = dict.fromkeys((Part.PERSON, Part.ACTION), Kind.PANEL)
    return Plan(boxes | below.boxes, grounds, on, min(rest.left, edge - round(least * level.scale)))


def square_card(document: Poster, level: Level) -> Plan:
    """Everything on a light card with a margin, whose right part is the stub."""
    card = Box(x=40, y=40, w=WIDTH - 80, h=WIDTH - 80)
    beside = Box(x=card.x + card.w - CARD_STUB, y=card.y, w=CARD_STUB, h=card.h)
    below = stub(document, beside, CODE, gap=40)
    width = card.w - CARD_STUB - 48 - 36 if below.panel else card.w - 96
    words = items(document, [*HEAD, *BODY], width, level, picture=(round(300 * level.scale), 420))
    inner = Box(x=card.x + 48, y=card.y + 48, w=width, h=card.h - 96)
    made = column(words, inner, middle=True)
    grounds = [Ground(Kind.CARD, card)]
    boxes = dict(made.boxes)
    if below.panel:
        up = (card.h - below.panel.h) // 2
        boxes |= {part: Box(x=box.x, y=box.y - up, w=box.w, h=box.h) for part, box in below.boxes.items()}
        grounds.append(Ground(Kind.FOLD, of(beside, w=1)))
    return Plan(boxes, grounds, dict.fromkeys(Part, Kind.CARD), made.left)


def _stub(document: Poster) -> Foot:
    return stub(document, Box(x=WIDTH - MARGIN - STUB, y=0, w=STUB, h=WIDTH - MARGIN), CODE)


def _foot(document: Poster) -> Foot:
    return foot(document, Box(x=MARGIN, y=0, w=FULL, h=WIDTH - MARGIN), CODE)
