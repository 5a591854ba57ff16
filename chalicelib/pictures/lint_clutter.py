"""Clutter: how much of the page is busy, how many things are on it, and what lies over what."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from PIL import Image, ImageChops

from chalicelib.pictures.document import Fault, Mistake, Part
from chalicelib.pictures.found import NAMES, at, of_page, overlap, started
from chalicelib.pictures.page import Page, Piece
from chalicelib.pictures.phone import SHOWN_WIDTH

MOST_BUSY = 0.6
"""Share of the page that is busy; a poster is read at a glance where two fifths of it are at rest."""
BUSY_SIDE = 15
"""Pixels, at a phone's 375, of the squares that are busy or at rest: about a letter of running text."""
EDGE = 12
"""Levels of 255 by which a busy square's pixels differ from their neighbours, right and below, on the average."""
MOST_STICKERS = 3
"""What is laid over the rest; more than three compete with the title."""
MOST_OVERLAP = 0.02
"""Share of the smaller of two parts that lies in the other: their boxes touch, no more."""

GROUND = frozenset({Part.BACKGROUND, Part.PICTURE})
"""What others may lie on."""


def faults(page: Page) -> Iterator[Fault]:
    """Where the eye finds no rest."""
    if (share := busy_share(page.image)) > MOST_BUSY:
        zh, en = (
            "画面太满，请减少内容或换简单的图，留出空白。",
            "The page is too full; take away some of it, or use calmer pictures.",
        )
        yield of_page(None, Mistake.CLUTTER, zh, en, busy=share, limit=MOST_BUSY)
    stickers = [piece for piece in page.pieces if piece.part is Part.STICKERS]
    if len(stickers) > MOST_STICKERS:
        zh, en = f"贴纸太多，最多 {MOST_STICKERS} 个。", f"There are too many stickers; {MOST_STICKERS} are the most."
        yield of_page("/stickers", Mistake.CLUTTER, zh, en, stickers=len(stickers), limit=MOST_STICKERS)
    for one, other in combinations(page.pieces, 2):
        yield from _overlap(page, one, other)


def busy_share(image: Image.Image) -> float:
    """The share of a picture that is busy at a phone's size."""
    high = round(image.height * SHOWN_WIDTH / image.width)
    small = image.convert("L").resize((SHOWN_WIDTH, high), Image.Resampling.BOX)
    edges = ImageChops.add(_steps(small, 1, 0), _steps(small, 0, 1))
    squares = edges.reduce(BUSY_SIDE).histogram()
    return sum(squares[EDGE:]) / sum(squares)


def _steps(image: Image.Image, right: int, down: int) -> Image.Image:
    """How much every pixel differs from its neighbour."""
    whole = (0, 0, image.width - right, image.height - down)
    moved = image.crop((right, down, image.width, image.height))
    steps = Image.new("L", image.size, 0)
    steps.paste(ImageChops.difference(image.crop(whole), moved))
    return steps


def _overlap(page: Page, one: Piece, other: Piece) -> Iterator[Fault]:
    """``other`` is drawn later; what lies over the code is told of the code."""
    if one.part in GROUND | {Part.CODE} or other.part in GROUND:
        return
    common, smaller = overlap(one.box, other.box), min(piece.box.w * piece.box.h for piece in (one, other))
    if common and (share := common / smaller) > MOST_OVERLAP:
        (zh_one, en_one), (zh_other, en_other) = NAMES[one.part], NAMES[other.part]
        zh = f"{zh_one}和{zh_other}重叠了，请移开其中一个。"
        en = f"{started(en_one)} and {en_other} lie on one another; move one of the two."
        yield at(page, one, Mistake.CLUTTER, zh, en, covered=share, limit=MOST_OVERLAP)
