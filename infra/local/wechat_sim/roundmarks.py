"""Finding a round code's position discs in a picture: across each, dark and light are as 1 : 1 : 3 : 1 : 1."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import NamedTuple

from PIL import Image

from infra.local.wechat_sim.rounddots import AWAY, MARK

SHAPE = (1, 1, 3, 1, 1)
OFF = 0.55
"""How far a part of a disc may be from its size, in units of its smallest."""
LEAST = 64
"""A disc is at least that part of the picture's longer side."""
MOST = 10
"""Discs that are looked at further."""
APART = 2 * AWAY / (2 * MARK)
"""How many of its own widths a disc is from the next."""


class Disc(NamedTuple):
    """A position disc, perhaps."""

    x: float
    y: float
    width: float
    lines: int
    """Lines of the picture that show it."""


def triples(image: Image.Image, threshold: int) -> Iterator[tuple[Disc, Disc, Disc]]:
    """What could be the discs top left, top right and bottom left of one code."""
    for corner, right, below in itertools.permutations(discs(image, threshold), 3):
        a, b = (right.x - corner.x, right.y - corner.y), (below.x - corner.x, below.y - corner.y)
        far, deep = math.hypot(*a), math.hypot(*b)
        width = (corner.width + right.width + below.width) / 3
        alike = abs(far - deep) < 0.12 * far and 0.7 * APART < far / width < 1.4 * APART
        square = abs(a[0] * b[0] + a[1] * b[1]) < 0.15 * far * deep and a[0] * b[1] > a[1] * b[0]
        if alike and square:
            yield corner, right, below


def discs(image: Image.Image, threshold: int) -> list[Disc]:
    """What looks like a position disc across and down, the clearest first."""
    width, height = image.size
    dark = image.point([0] * threshold + [255] * (256 - threshold)).tobytes()
    least = max(7.0, max(width, height) / LEAST)
    down = [list(_shapes(dark[x::width], least)) for x in range(width)]
    found: list[Disc] = []
    for y in range(height):
        for x, across in _shapes(dark[y * width : (y + 1) * width], least):
            for middle, deep in down[round(x)]:
                if abs(middle - y) < across / 7 and abs(deep - across) < 0.4 * across:
                    _add(found, Disc(x, middle, (across + deep) / 2, 1))
    return sorted((disc for disc in found if disc.lines > 1), key=lambda disc: -disc.lines / disc.width)[:MOST]


def _shapes(line: bytes, least: float) -> Iterator[tuple[float, float]]:
    """Middle and width of what is dark, light, dark, light and dark in the right measure, ``least`` or more wide."""
    ends = list(itertools.accumulate(len(list(same)) for _, same in itertools.groupby(line)))
    starts = [0, *ends]
    for n in range(0 if line[:1] == b"\0" else 1, len(ends) - 4, 2):
        whole = ends[n + 4] - starts[n]
        unit = whole / 7
        if whole < least:
            continue
        parts = (ends[n + k] - starts[n + k] for k in range(5))
        if all(abs(part - wanted * unit) <= OFF * unit + 0.5 for part, wanted in zip(parts, SHAPE, strict=True)):
            yield (starts[n + 2] + ends[n + 2] - 1) / 2, whole


def _add(found: list[Disc], new: Disc) -> None:
    for n, old in enumerate(found):
        if math.dist(old[:2], new[:2]) < old.width / 4:
            lines = old.lines + 1
            x, y, width = ((a * old.lines + b) / lines for a, b in zip(old[:3], new[:3], strict=True))
            found[n] = Disc(x, y, width, lines)
            return
    found.append(new)
