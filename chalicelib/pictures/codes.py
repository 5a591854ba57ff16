"""The code on a poster: a QR code drawn anew in whole modules, any other picture made smaller without loss of form."""

from __future__ import annotations

from PIL import Image

from chalicelib.pictures.opening import on_white
from chalicelib.pictures.sent import reads

DARK = 128
"""Levels of grey below which a module is black."""

FINDER = 7
"""Modules of a QR code's corner mark."""

SIZES = frozenset(range(21, 178, 4))
"""Modules that a side of a QR code may have (ISO/IEC 18004)."""


def drawn(code: Image.Image, width: int, height: int) -> Image.Image:
    """The code's picture for a box of that size, RGB; at most that large, and smaller where modules stay whole so."""
    plain = on_white(code)
    if abs(width - height) <= 2 and plain.width == plain.height and (crisp := _crisp(plain, min(width, height))):
        return crisp
    return plain.resize((width, height), Image.Resampling.LANCZOS)


def _crisp(plain: Image.Image, side: int) -> Image.Image | None:
    """A QR code in whole modules, with the margin that its picture has; None where it is none that a reader reads."""
    dark = plain.convert("L").point([255] * DARK + [0] * (256 - DARK))
    found = dark.getbbox()
    if found is None or found[2] - found[0] != found[3] - found[1]:
        return None
    left, top, right, _ = found
    run = next((x for x in range(left, right) if not dark.getpixel((x, top))), right) - left
    if run == 0 or (modules := round((right - left) * FINDER / run)) not in SIZES:
        return None
    margin = round(left * modules / (right - left))
    pixels = side // (modules + 2 * margin)
    if pixels < 1:
        return None
    symbol = dark.crop(found).resize((modules, modules), Image.Resampling.BOX).point([255] * DARK + [0] * (256 - DARK))
    whole = Image.new("L", (modules + 2 * margin, modules + 2 * margin), 255)
    whole.paste(symbol, (margin, margin))
    made = whole.resize((whole.width * pixels, whole.height * pixels), Image.Resampling.NEAREST).convert("RGB")
    said = reads(plain)
    return made if said is not None and reads(made) == said else None
