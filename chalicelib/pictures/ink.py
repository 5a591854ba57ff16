"""How a text stands out from the picture it was drawn on, measured where its letters are."""

from __future__ import annotations

from typing import Literal, NamedTuple

from PIL import Image, ImageChops, ImageFilter, ImageStat

from chalicelib.pictures import light, typeset
from chalicelib.pictures.document import Box
from chalicelib.pictures.found import corners, overlap
from chalicelib.pictures.page import Page, Piece
from chalicelib.pictures.typeset import Laid

EDGE = 2
"""Pixels beside a letter that its soft edge, and rounding, may reach."""
REACH = 6
"""A letter's ground is what lies around it within this part of its size."""
REGION = 2
"""The ground is judged in squares of this part of a letter's size."""
SOLID = 250
"""A letter's coverage of a pixel, of 255, from which on it is its ink alone."""
MOST = 21.0
"""The contrast of black and white."""
LEAST_SHARE = 0.08
"""Of a square's pixels so many are ground, else it says nothing."""


class Letters(NamedTuple):
    """Where a text's letters are."""

    mask: Image.Image
    """255 on them."""
    emoji: Image.Image
    """255 on emoji, which are neither letters nor ground."""
    box: Box
    """What of the page the masks cover."""


def worst_contrast(page: Page, piece: Piece) -> float:
    """The least contrast of a text's letters, as drawn, to the ground around them; `MOST` where no letter is seen.

    What was drawn over the text later is not its ground.
    """
    laid = piece.laid
    if laid is None or piece.ink is None or not laid.width:
        return MOST
    letters = _letters(page, piece.box, laid, piece.ink)
    crop, seen = page.image.crop(corners(letters.box)), _uncovered(page, piece, letters)
    solid = ImageChops.multiply(letters.mask.point(_from(SOLID)), seen)
    if solid.getbbox() is None:
        return MOST
    colour = ImageStat.Stat(crop, solid).median
    grounds = _means(crop, ImageChops.multiply(_around(letters.mask, laid), seen), max(8, laid.size // REGION))
    return min((light.contrast(colour, ground) for ground in grounds), default=MOST)


def _letters(page: Page, box: Box, laid: Laid, ink: str) -> Letters:
    """Set again as the composer did: at the left, in the middle or at the right of the text's box.

    Which of them it was is seen by the ink: the picture has its colour under the letters and not around them.
    """
    top, spare = box.y + (box.h - laid.height) // 2, box.w - laid.width
    sets = [_set(laid, "left"), *([_set(laid, "centre")] if len(laid.lines) > 1 else [])]
    lefts = {box.x + spare * place // 2 for place in range(3)}
    ways = [
        Letters(*masks, Box(x=left, y=top, w=laid.width, h=laid.height)) for masks in sets for left in sorted(lefts)
    ]
    return max(ways, key=lambda way: _fits(page, way, laid, ink))


def _set(laid: Laid, align: Literal["left", "centre"]) -> tuple[Image.Image, Image.Image]:
    black, white = (Image.new("RGB", (laid.width, laid.height)) for _ in range(2))
    typeset.draw(black, laid, 0, 0, "#000000", align=align, width=laid.width)
    typeset.draw(white, laid, 0, 0, "#ffffff", align=align, width=laid.width)
    return ImageChops.difference(black, white).convert("L"), black.convert("L").point(_from(1))


def _fits(page: Page, way: Letters, laid: Laid, ink: str) -> float:
    """How much nearer the picture is to the ink under the letters than around them."""
    off = ImageChops.difference(page.image.crop(corners(way.box)), Image.new("RGB", way.mask.size, ink))
    under, around = (
        sum(ImageStat.Stat(off, mask).mean) if mask.getbbox() else 0.0
        for mask in (way.mask.point(_from(SOLID)), _around(way.mask, laid))
    )
    return around - under


def _around(letters: Image.Image, laid: Laid) -> Image.Image:
    """The ground: what is near the letters and none of them."""
    return ImageChops.subtract(_spread(letters, EDGE + max(3, laid.size // REACH)), _spread(letters, EDGE))


def _uncovered(page: Page, piece: Piece, letters: Letters) -> Image.Image:
    """Where the page is, and on it neither an emoji nor anything that was drawn later."""
    box = letters.box
    seen = Image.new("L", page.image.size, 255).crop(corners(box))
    seen = ImageChops.subtract(seen, _spread(letters.emoji, EDGE))
    for other in page.pieces[page.pieces.index(piece) + 1 :]:
        if overlap(box, other.box):
            left, top, right, bottom = corners(other.box)
            seen.paste(0, (left - box.x, top - box.y, right - box.x, bottom - box.y))
    return seen


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
