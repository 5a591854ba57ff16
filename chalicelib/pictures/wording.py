"""How large each text of a poster is set, and on how many lines."""

from __future__ import annotations

from typing import Literal, NamedTuple

from chalicelib.pictures import typeset
from chalicelib.pictures.document import Format, Layout, Part, Poster
from chalicelib.pictures.typeset import Laid

Align = Literal["left", "centre"]

FREE = 10_000
"""A height that bounds nothing."""

NEARLY = 0.72
"""A title is rather set on fewer lines than larger, as long as it loses no more than to this share."""


class Style(NamedTuple):
    """How a text is set. Sizes are pixels of a letter."""

    largest: int
    smallest: int
    most: int
    """Lines."""
    bold: bool = False
    align: Align = "left"


class Level(NamedTuple):
    """How tightly a page is set: everything at a share of its largest size, and on fewer lines where nothing else helps."""

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
    Part.TITLE: Style(136, 60, 3, bold=True),
    Part.SUBTITLE: Style(46, 34, 3),
    Part.BENEFIT: Style(60, 38, 2, bold=True),
    Part.POINTS: Style(46, 32, 3),
    Part.ENDORSEMENT: Style(38, 32, 3),
    Part.ACTION: Style(50, 34, 3, bold=True),
    Part.NOTE: Style(30, 30, 4),
    Part.PERSON: Style(40, 34, 1, bold=True),
}
SQUARE = {
    Part.TITLE: Style(104, 54, 3, bold=True),
    Part.SUBTITLE: Style(38, 30, 3),
    Part.BENEFIT: Style(46, 34, 2, bold=True),
    Part.POINTS: Style(38, 30, 3),
    Part.ENDORSEMENT: Style(32, 30, 3),
    Part.ACTION: Style(38, 32, 2, bold=True),
    Part.NOTE: Style(30, 30, 4),
    Part.PERSON: Style(34, 32, 1, bold=True),
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
    """What a part says, where it is one text."""
    said: str | None = getattr(document.words, part.value)
    return said


def set_text(words: str, width: int, height: int, as_: Style, level: Level = LEVELS[0]) -> Laid:
    """A text at its size, on lines of about one length: no letter stands alone on the last."""
    largest, most = level.largest(as_), level.most(as_)
    laid = [
        typeset.fitted(words, width, height, largest=largest, smallest=as_.smallest, bold=as_.bold, most=lines)
        for lines in (range(1, most + 1) if as_.bold else [most])
    ]
    whole = [one for one in laid if not one.cut] or [laid[-1]]
    best = max(one.size for one in whole)
    return _even(words, next(one for one in whole if one.size >= best * NEARLY), width)


def set_points(points: list[str], width: int, height: int, as_: Style, level: Level = LEVELS[0]) -> list[Laid]:
    """Selling points, all at one size, the largest at which they fit; at the smallest on fewer lines."""
    most = level.most(as_)
    for size in range(level.largest(as_), as_.smallest - 1, -2):
        laid = [typeset.lines(point, size, width - indent(size), most=most) for point in points]
        if points_height(laid) <= height and not any(one.cut for one in laid):
            return laid
    for lines in range(most, 1, -1):
        laid = [typeset.lines(point, as_.smallest, width - indent(as_.smallest), most=lines) for point in points]
        if points_height(laid) <= height:
            return laid
    return [typeset.lines(point, as_.smallest, width - indent(as_.smallest), most=1) for point in points]


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
    narrow, wide = width // 2, width
    while wide - narrow > laid.size // 4:
        middle = (narrow + wide) // 2
        tried = typeset.lines(words, laid.size, middle, bold=laid.bold, most=len(laid.lines))
        if tried.cut:
            narrow = middle
        else:
            laid, wide = tried, middle
    return laid
