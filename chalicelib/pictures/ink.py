"""How a text stands out from the picture it was drawn on, measured where its letters are."""

from __future__ import annotations

from typing import Literal

from PIL import Image, ImageChops, ImageFilter, ImageStat

from chalicelib.pictures import light, typeset
from chalicelib.pictures.document import Box
from chalicelib.pictures.found import corners, overlap
from chalicelib.pictures.page import Page, Piece

EDGE = 2
"""Pixels beside a letter that its soft edge, and rounding, may reach."""
REACH = 6
"""A letter's ground is what lies around it within this part of its size."""
REGION = 2
"""The ground is judged in squares of this part of a letter's size."""
LEAST_SHARE = 0.08
"""Of a square's pixels so many are ground, else it says nothing."""

Align = Literal["left", "centre", "right"]
ALIGNS: tuple[Align, ...] = ("left", "centre", "right")


def worst_contrast(page: Page, piece: Piece) -> float:
    """The least contrast of a text's letters, as drawn, to the ground around them; 21 where no letter is seen.

    What was drawn over the text later is not its ground.
    """
    assert piece.laid is not None
    crop = page.image.crop(corners(piece.box))
    letters = _stencil(crop, piece)
    seen = _uncovered(page, piece)
    colour = _median(crop, ImageChops.multiply(letters.point(_from(250)), seen))
    if colour is None:
        return light.contrast((0, 0, 0), (255, 255, 255))
    around = ImageChops.subtract(_spread(letters, EDGE + max(3, piece.laid.size // REACH)), _spread(letters, EDGE))
    grounds = _means(crop, ImageChops.multiply(around, seen), max(8, piece.laid.size // REGION))
    return min((light.contrast(colour, ground) for ground in grounds), default=21.0)


def _stencil(crop: Image.Image, piece: Piece) -> Image.Image:
    """Where the letters are, without emoji: set again, as the composer did, in the middle of the piece's box."""
    ways = [_set(piece, align) for align in ALIGNS]
    return min(ways, key=lambda way: _distance(crop, way, piece.ink or "#000000"))


def _set(piece: Piece, align: Align) -> Image.Image:
    laid, box = piece.laid, piece.box
    assert laid is not None
    x, y = (box.w - laid.width) // 2, (box.h - laid.height) // 2
    ways = []
    for colour in ("#ffffff", "#000000"):
        ground = Image.new("RGB", (box.w, box.h))
        typeset.draw(ground, laid, x, y, colour, align=align, width=laid.width)
        ways.append(ground.convert("L"))
    return ImageChops.difference(*ways)


def _distance(crop: Image.Image, letters: Image.Image, ink: str) -> float:
    """How far what is under the letters is from their ink."""
    plain = Image.new("RGB", crop.size, ink)
    return sum(ImageStat.Stat(ImageChops.difference(crop, plain), letters.point(_from(250))).mean)


def _uncovered(page: Page, piece: Piece) -> Image.Image:
    seen = Image.new("L", (piece.box.w, piece.box.h), 255)
    for other in page.pieces[page.pieces.index(piece) + 1 :]:
        if overlap(piece.box, other.box):
            seen.paste(0, _beside(other.box, piece.box))
    return seen


def _beside(box: Box, origin: Box) -> tuple[int, int, int, int]:
    left, top, right, bottom = corners(box)
    return left - origin.x, top - origin.y, right - origin.x, bottom - origin.y


def _median(crop: Image.Image, mask: Image.Image) -> tuple[float, ...] | None:
    return tuple(ImageStat.Stat(crop, mask).median) if mask.getbbox() else None


def _spread(letters: Image.Image, by: int) -> Image.Image:
    """The letters grown by so many pixels on every side."""
    return letters.point(_from(64)).filter(ImageFilter.BoxBlur(by)).point(_from(1))


def _means(crop: Image.Image, mask: Image.Image, side: int) -> list[tuple[float, ...]]:
    """The mean colour under the mask in every square that has enough of it."""
    shares = _sums(mask, side)
    bands = [_sums(ImageChops.multiply(band, mask), side) for band in crop.split()]
    colours = zip(*bands, strict=True)
    found = []
    for share, colour in zip(shares, colours, strict=True):
        if share >= 255 * LEAST_SHARE:
            found.append(tuple(255 * value / share for value in colour))
    return found


def _sums(levels: Image.Image, side: int) -> list[float]:
    """The mean level of every square."""
    squares = levels.convert("F").reduce(side)
    return list(memoryview(squares.tobytes()).cast("f"))


def _from(level: int) -> list[int]:
    return [255 if value >= level else 0 for value in range(256)]
