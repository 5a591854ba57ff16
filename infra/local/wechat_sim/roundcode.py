"""Round codes in the manner of WeChat's: drawn, and read back from the pixels of any picture that shows one.

WeChat's own form is not public; this one is ours. A text of eight letters stands three times in dots on seven rings
round a middle, with a position disc in three corners. It is read where the code is some 90 pixels wide or more.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter

from infra.local.wechat_sim.rounddots import COPIES, DOT, HUB, MARK, MARKS, PITCH, SEAL, bits_of, places, text_of
from infra.local.wechat_sim.roundmarks import Disc, triples

Ink = tuple[int, int, int]

BLACK = (0, 0, 0)
MARGIN = 0.04
"""Of the picture's width, on each side."""
FINE = 4
"""A code is drawn so many times as large, and made smaller."""
SHADES = (128, 96, 160, 64, 192)
"""What is darker than one of these is dark."""
LARGEST, SMALL = 1000, 500
"""Pixels of the longer side at which a picture is looked at."""


@lru_cache(maxsize=256)
def drawn(text: str, width: int, *, ink: Ink = BLACK, clear: bool = False) -> Image.Image:
    """The code of a text, ``width`` pixels square, on white or (``clear``) on nothing. Raises ValueError."""
    side = width * FINE
    radius = side * (0.5 - MARGIN)
    mask = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(mask)

    def disc(x: float, y: float, size: float, shade: int) -> None:
        pen.circle((side / 2 + x * radius, side / 2 + y * radius), size * radius, shade)

    for x, y in MARKS:
        for part, shade in ((7, 255), (5, 0), (3, 255)):
            disc(x, y, MARK * part / 7, shade)
    disc(*SEAL, MARK * 0.8, 255)
    for place in (-0.06, 0.06):
        disc(SEAL[0] + place, SEAL[1], 0.04, 0)
    disc(0, 0, HUB - PITCH / 4, 255)
    disc(0, 0, HUB - PITCH / 2, 0)
    for (x, y), dark in zip(places(), bits_of(text) * COPIES, strict=True):
        if dark:
            disc(x, y, DOT, 255)
    mask = mask.resize((width, width), Image.Resampling.BOX)
    if clear:
        code = Image.new("RGBA", mask.size, (*ink, 0))
        code.putalpha(mask)
        return code
    code = Image.new("RGB", mask.size, (255, 255, 255))
    code.paste(ink, mask=mask)
    return code


def read(image: Image.Image) -> str | None:
    """The text of the code in a picture, wherever it stands; None where none can be read."""
    for grey in _sizes(image):
        for shade in SHADES:
            for found in triples(grey, shade):
                text = text_of(_darkness(grey, found))
                if text is not None:
                    return text
    return None


def _sizes(image: Image.Image) -> Iterator[Image.Image]:
    """The picture in grey, as it is and larger, since a small code is found more surely."""
    white = Image.new("RGBA", image.size, (255, 255, 255, 255))
    grey = Image.alpha_composite(white, image.convert("RGBA")).convert("L")
    longest = max(grey.size)
    if longest <= LARGEST:
        yield grey
    for wanted in (LARGEST, SMALL):
        if wanted != longest:
            scale = wanted / longest
            size = max(1, round(grey.width * scale)), max(1, round(grey.height * scale))
            yield grey.resize(size, Image.Resampling.LANCZOS)


def _darkness(grey: Image.Image, found: tuple[Disc, Disc, Disc]) -> list[float]:
    """How dark the place of each dot is, from -1 to 1 between the light and the dark of the position discs."""
    corner, right, below = found
    over, down = 2 * MARKS[1][0], 2 * MARKS[2][1]
    dots = grey.filter(ImageFilter.BoxBlur(max(0.5, corner.width / (2 * MARK) * DOT * 0.6)))

    def at(x: float, y: float) -> int:
        """The shade at a place of the code; what is beyond the picture is light."""
        along, deep = (x - MARKS[0][0]) / over, (y - MARKS[0][1]) / down
        place = (
            round(corner.x + along * (right.x - corner.x) + deep * (below.x - corner.x)),
            round(corner.y + along * (right.y - corner.y) + deep * (below.y - corner.y)),
        )
        inside = 0 <= place[0] < dots.width and 0 <= place[1] < dots.height
        shade = dots.getpixel(place) if inside else 255
        assert isinstance(shade, int)
        return shade

    dark = sum(at(*mark) for mark in MARKS) / 3
    light = sum(at(x, y + MARK * side * 4 / 7) for x, y in MARKS for side in (-1, 1)) / 6
    if light - dark < 24:
        return [0.0] * len(places())
    middle, span = (light + dark) / 2, (light - dark) / 2
    return [max(-1.0, min(1.0, (middle - at(*place)) / span)) for place in places()]
