"""How large each text of a poster is set, and on how many lines."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal, NamedTuple

from chalicelib.pictures import letters, typeset
from chalicelib.pictures.document import Format, Layout, Part, Poster
from chalicelib.pictures.typeset import Laid

Align = Literal["left", "centre"]

FREE = 10_000
"""A height that bounds nothing."""

NEARLY = 0.82
"""A title is rather set on fewer lines than larger, as long as it loses no more than to this share."""


WORD = re.compile(r"[A-Za-z0-9.,'’-]{2,}")


class Style(NamedTuple):
    """How a text is set. Sizes are pixels of a letter."""

    largest: int
    smallest: int
    most: int
    """Lines."""
    bold: bool = False
    align: Align = "left"
    spare: int = 0
    """Lines more, for a text that would else be cut."""


class Level(NamedTuple):
    """How tightly a page is set: everything at a share of its largest size, on fewer lines where nothing else helps."""

    scale: float
    tight: int

    def most(self, style: Style) -> int:
        """Lines of a text."""
        return max(style.most - self.tight, 1)

    def largest(self, style: Style) -> int:
        """Pixels of a letter."""
        return max(round(style.largest * self.scale), style.smallest)


LEVELS = [
    *(Level(scale, 0) for scale in (1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58, 0.52, 0.46)),
    *(Level(0.46, tight) for tight in (1, 2, 3)),
]
"""From the most generous to the tightest."""

TALL = {
    Part.TITLE: Style(160, 60, 3, bold=True, spare=1),
    Part.SUBTITLE: Style(46, 34, 3),
    Part.BENEFIT: Style(60, 38, 2, bold=True),
    Part.POINTS: Style(46, 32, 3),
    Part.ENDORSEMENT: Style(38, 32, 3),
    Part.ACTION: Style(50, 34, 3, bold=True),
    Part.NOTE: Style(30, 30, 4),
    Part.PERSON: Style(40, 34, 2, bold=True),
}
SQUARE = {
    Part.TITLE: Style(112, 54, 3, bold=True, spare=2),
    Part.SUBTITLE: Style(38, 30, 3),
    Part.BENEFIT: Style(46, 34, 2, bold=True),
    Part.POINTS: Style(38, 30, 3),
    Part.ENDORSEMENT: Style(32, 30, 3),
    Part.ACTION: Style(38, 32, 2, bold=True),
    Part.NOTE: Style(30, 30, 4),
    Part.PERSON: Style(34, 30, 2, bold=True),
}
"""No letter is smaller than 30 of 1080 pixels, ten points on a phone."""

CENTRED = {
    (Format.TALL, Layout.BAND): {Part.TITLE, Part.SUBTITLE, Part.BENEFIT, Part.NOTE},
    (Format.TALL, Layout.CARD): {Part.TITLE, Part.SUBTITLE, Part.BENEFIT, Part.ENDORSEMENT, Part.NOTE},
}


def style(document: Poster, part: Part) -> Style:
    """How a part's text is set in the document's format and layout."""
    found = (TALL if document.format is Format.TALL else SQUARE)[part]
    centred = part in CENTRED.get((document.format, document.layout), ())
    return found._replace(align="centre") if centred else found


def text(document: Poster, part: Part) -> str | None:
    """What a part says, where it is one text; None also where nothing of it is to be seen."""
    said: str | None = getattr(document.words, part.value)
    return said if said is not None and letters.letters(said) else None


def set_text(words: str, width: int, height: int, as_: Style, level: Level = LEVELS[0]) -> Laid:
    """A text at its size, on lines of about one length: no letter stands alone on the last."""
    largest, most = level.largest(as_), level.most(as_)
    free = as_._replace(largest=largest)
    tried = range(1, most + 1) if as_.bold else [most]
    whole = [laid for lines in tried if not (laid := _fitted(words, width, height, free._replace(most=lines))).cut]
    if not whole:
        return _even(
            words, _fitted(words, width, height, free._replace(most=most + max(as_.spare - level.tight, 0))), width
        )
    best = max(one.size for one in whole)
    return _even(words, next(one for one in whole if one.size >= best * NEARLY), width)


def set_points(points: list[str], width: int, height: int, as_: Style, level: Level = LEVELS[0]) -> list[Laid]:
    """Selling points, all at one size, the largest at which they fit; at the smallest on fewer lines."""
    most = level.most(as_)

    def free(size: int) -> list[Laid]:
        return [_lines(point, size, width - indent(size)) for point in points]

    def fits(size: int) -> bool:
        laid = free(size)
        return points_height(laid) <= height and all(len(one.lines) <= most and not one.cut for one in laid)

    if (size := _largest(fits, as_.smallest, level.largest(as_))) is not None:
        return free(size)
    for lines in range(most, 0, -1):
        laid = [typeset.lines(point, as_.smallest, width - indent(as_.smallest), most=lines) for point in points]
        if points_height(laid) <= height:
            break
    return laid


def points_height(laid: list[Laid]) -> int:
    """Of all points with the least space between them."""
    return sum(one.height for one in laid) + between(laid[0].size) * (len(laid) - 1)


def indent(size: int) -> int:
    """Pixels that a point's mark and the space after it take."""
    return round(size * 1.55)


def between(size: int) -> int:
    """Pixels between two points at least."""
    return round(size * 0.36)


def padding(size: int) -> tuple[int, int]:
    """Pixels around a benefit's letters on its badge: beside and above."""
    return round(size * 0.75), round(size * 0.28)


def _even(words: str, laid: Laid, width: int) -> Laid:
    """The same lines, about equally long."""
    if laid.cut or len(laid.lines) == 1:
        return laid
    whole = [_lines(word, laid.size, width, bold=laid.bold).width for word in WORD.findall(words)]
    narrow, wide = max(width // 2, *whole, 0), width
    while wide - narrow > laid.size // 4:
        middle = (narrow + wide) // 2
        tried = _lines(words, laid.size, middle, bold=laid.bold)
        if tried.cut or len(tried.lines) > len(laid.lines):
            narrow = middle
        else:
            laid, wide = tried, middle
    return laid


@lru_cache(maxsize=2048)
def _lines(words: str, size: int, width: int, *, bold: bool = False) -> Laid:
    return typeset.lines(words, size, width, bold=bold)


@lru_cache(maxsize=512)
def _fitted(words: str, width: int, height: int, as_: Style) -> Laid:
    """What `typeset.fitted` gives, but that words and numbers stay whole where a smaller size lets them."""
    latin = WORD.findall(words)

    def fits(size: int) -> bool:
        laid = _lines(words, size, width, bold=as_.bold)
        return not laid.cut and len(laid.lines) <= as_.most and laid.height <= height

    def unbroken(size: int) -> bool:
        return fits(size) and all(len(_lines(word, size, width, bold=as_.bold).lines) == 1 for word in latin)

    size = _largest(unbroken, as_.smallest, as_.largest) or _largest(fits, as_.smallest, as_.largest)
    if size is not None:
        return _lines(words, size, width, bold=as_.bold)
    least = as_.smallest
    return typeset.fitted(words, width, height, largest=least, smallest=least, bold=as_.bold, most=as_.most)


def _largest(fits: Callable[[int], bool], smallest: int, largest: int) -> int | None:
    """The largest size that fits; None where none does."""
    if not fits(smallest):
        return None
    fitting, not_fitting = smallest, max(largest, smallest) + 1
    while not_fitting - fitting > 1:
        middle = (fitting + not_fitting) // 2
        if fits(middle):
            fitting = middle
        else:
            not_fitting = middle
    return fitting
