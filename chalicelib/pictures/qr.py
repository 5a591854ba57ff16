"""QR codes of our own (ISO/IEC 18004): sharp at any size, with the quiet zone that readers want, without scripts.

The same text gives the same bytes. Correction is M: a seventh of a code may be spoiled, and nothing ever covers one.
"""

from __future__ import annotations

import io
from math import ceil

from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from chalicelib.pictures.errands import DrawnQr, DrawQr

LEVEL = "M"

MARGIN = 4
"""Modules of the quiet zone on each side."""

LEAST_MODULE = 8
"""Pixels of a module's side in a PNG."""

LEAST_SIDE = 480
"""Pixels of a PNG's side."""

Symbol = list[list[bool]]
"""Rows of modules, True where one is dark, without the quiet zone."""


def symbol(text: str) -> Symbol:
    """What says the text, as small as it can be. Raises ValueError for none, and for more than 2,331 bytes."""
    if not text:
        raise ValueError("a QR code says something")
    code: QRCode[Image.Image] = QRCode(error_correction=ERROR_CORRECT_M)
    code.add_data(text)
    code.make()
    return [[bool(dark) for dark in row] for row in code.modules]


def image(text: str, module: int) -> Image.Image:
    """The code in black and white (mode 1), its quiet zone about it, each module a square of so many pixels."""
    return painted(symbol(text), module)


def painted(rows: Symbol, module: int) -> Image.Image:
    """A symbol as `image` gives it."""
    side = len(rows) + 2 * MARGIN
    small = Image.new("1", (side, side), 1)
    small.putdata([0 if dark else 255 for row in _with_margin(rows) for dark in row])
    return small.resize((side * module, side * module), Image.Resampling.NEAREST)


def done(errand: DrawQr) -> DrawnQr:
    """Draw a code."""
    rows = symbol(errand.text)
    content = _svg(rows) if errand.form == "svg" else _png(rows)
    media = "image/svg+xml" if errand.form == "svg" else "image/png"
    return DrawnQr(content=content, media=media, modules=len(rows), margin=MARGIN, level=LEVEL)


def _png(rows: Symbol) -> bytes:
    module = max(LEAST_MODULE, ceil(LEAST_SIDE / (len(rows) + 2 * MARGIN)))
    file = io.BytesIO()
    painted(rows, module).save(file, "PNG", optimize=True)
    return file.getvalue()


def _svg(rows: Symbol) -> bytes:
    """One path over a white square, a unit a module; runs of dark modules are one rectangle."""
    side = len(rows) + 2 * MARGIN
    runs = [f"M{left} {top}h{width}v1h-{width}z" for top, left, width in _runs(rows)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side * LEAST_MODULE}"'
        f' height="{side * LEAST_MODULE}" shape-rendering="crispEdges">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{"".join(runs)}"/></svg>'
    ).encode()


def _runs(rows: Symbol) -> list[tuple[int, int, int]]:
    """Top, left and width of each row's runs of dark modules, the quiet zone counted in."""
    found = list[tuple[int, int, int]]()
    for top, row in enumerate(rows, MARGIN):
        left = 0
        while left < len(row):
            after = left
            while after < len(row) and row[after]:
                after += 1
            if after > left:
                found.append((top, MARGIN + left, after - left))
            left = after + 1
    return found


def _with_margin(rows: Symbol) -> Symbol:
    side = [False] * MARGIN
    blank = [[False] * (len(rows) + 2 * MARGIN)] * MARGIN
    return [*blank, *([*side, *row, *side] for row in rows), *blank]
