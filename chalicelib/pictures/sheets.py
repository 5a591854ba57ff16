"""Sheets of QR codes to be printed and cut: A4 at 300 dots an inch in black and white, a PDF.

The same labels give the same bytes. One page is in memory at a time. Every module of a code is a square of whole dots,
and stands on whole dots, so that a printer spoils none.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import product
from math import ceil

from PIL import Image, ImageDraw

from chalicelib.pictures import qr, typeset
from chalicelib.pictures.errands import DrawnSheet, DrawSheet, Label

DOTS_AN_INCH = 300
PAGE = 2480, 3508
"""Dots of A4."""

COLUMNS, ROWS = 5, 6
A_PAGE = COLUMNS * ROWS

EDGE = 118
"""Dots that stay white on every side: a centimetre, which any printer leaves out."""

HEAD = 190
"""Dots of the head's height."""

CELL = (PAGE[0] - 2 * EDGE) // COLUMNS, (PAGE[1] - 2 * EDGE - HEAD) // ROWS
"""Dots of what is cut out."""

CODE = 406
"""Dots that a code's side has at most, its quiet zone counted in: 34 mm."""

BELOW = 62
"""Dots of the height of what stands below a code."""

MARK = 16
"""Dots of a cut mark's arm."""

LARGEST, SMALLEST = 40, 20
"""Dots of the letters below a code."""

DARK = 128
"""A dot of a letter's edge is black where it is darker than this."""

Box = tuple[int, int, int, int]
"""Left, top, width and height."""


class Pages(Image.Image):
    """The pages of a sheet as one picture with many frames, each drawn when it is looked at."""

    def __init__(self, errand: DrawSheet) -> None:
        super().__init__()
        self.n_frames = ceil(len(errand.labels) / A_PAGE)
        self._errand = errand
        self._letters = _size_below(errand.labels)
        self._frame = -1
        self.seek(0)

    def seek(self, frame: int) -> None:
        """Show a page. Raises EOFError where there is none."""
        if frame >= self.n_frames:
            raise EOFError
        if frame == self._frame:
            return
        page = Image.new("1", PAGE, 1)
        _head(page, self._errand, f"{frame + 1} / {self.n_frames}")
        labels = self._errand.labels[frame * A_PAGE : (frame + 1) * A_PAGE]
        for label, (left, top) in zip(labels, _places(), strict=False):
            _label(page, label, left, top, self._letters)
        _marks(page)
        self.im, self._mode, self._size, self._frame = page.im, page.mode, page.size, frame


def done(errand: DrawSheet) -> DrawnSheet:
    """Draw a sheet."""
    pages, file = Pages(errand), io.BytesIO()
    pages.save(
        file,
        "PDF",
        save_all=True,
        resolution=DOTS_AN_INCH,
        title=errand.title,
        producer="Ripple",
        creationDate=None,
        modDate=None,
    )
    return DrawnSheet(content=file.getvalue(), pages=pages.n_frames)


def _places() -> Iterator[tuple[int, int]]:
    """Left and top of what is cut out, a row after the other."""
    for row, column in product(range(ROWS), range(COLUMNS)):
        yield EDGE + column * CELL[0], EDGE + HEAD + row * CELL[1]


def _label(page: Image.Image, label: Label, left: int, top: int, size: int) -> None:
    """A code in the middle of its cell, and its letters below it."""
    rows = qr.symbol(label.text)
    side = len(rows) + 2 * qr.MARGIN
    code = qr.painted(rows, CODE // side)
    above = (CELL[1] - CODE - BELOW) // 2
    page.paste(code, (left + (CELL[0] - code.width) // 2, top + above + (CODE - code.height) // 2))
    _written(page, label.below, (left, top + above + CODE, CELL[0], BELOW), size, align="centre")


def _marks(page: Image.Image) -> None:
    """A cross at each corner of what is cut out, and nothing between them."""
    pen = ImageDraw.Draw(page)
    for row, column in product(range(ROWS + 1), range(COLUMNS + 1)):
        x, y = EDGE + column * CELL[0], EDGE + HEAD + row * CELL[1]
        pen.line((x - MARK, y, x + MARK, y), fill=0)
        pen.line((x, y - MARK, x, y + MARK), fill=0)


def _head(page: Image.Image, errand: DrawSheet, number: str) -> None:
    """Title, subtitle and the page's number."""
    width = PAGE[0] - 2 * EDGE
    _written(page, errand.title, (EDGE, EDGE, width - 300, 90), 60, bold=True)
    _written(page, errand.subtitle, (EDGE, EDGE + 90, width - 300, 60), 40)
    _written(page, number, (EDGE + width - 280, EDGE, 280, 90), 50, align="right")


def _size_below(labels: list[Label]) -> int:
    """At what size all that stands below codes fits: one for the whole sheet."""
    widest = max(typeset.one_line(label.below, LARGEST, PAGE[0]).width for label in labels)
    fits = LARGEST * (CELL[0] - 2 * MARK) // widest if widest else LARGEST
    return max(SMALLEST, min(LARGEST, fits))


def _written(
    page: Image.Image, text: str, box: Box, size: int, *, bold: bool = False, align: typeset.Align = "left"
) -> None:
    """A line of text in a box, cut where it is too long; black, without grey edges."""
    left, top, width, height = box
    strip = Image.new("RGB", (width, height), "#ffffff")
    laid = typeset.one_line(text, size, width, bold=bold)
    typeset.draw(strip, laid, 0, (height - laid.height) // 2, "#000000", align=align, width=width)
    page.paste(strip.convert("L").point(lambda light: 255 if light >= DARK else 0, "1"), (left, top))
