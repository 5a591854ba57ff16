"""Whether the code has its place: large enough, in its shape, with its margin, under nothing; and can be read."""

from __future__ import annotations

from collections.abc import Iterator

import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageOps

from chalicelib.pictures import phone
from chalicelib.pictures.document import Box, Fault, Mistake, Part
from chalicelib.pictures.found import at, corners, first, grown, overlap
from chalicelib.pictures.light import luminance
from chalicelib.pictures.page import Page, Piece

LEAST = 216
"""Pixels of a poster's 1080 that a code is wide at least: a fifth, which a camera still tells apart at arm's length."""
MOST_STRETCHED = 1.03
"""Of the code's sides against those of its original; a reader forgives little more when a picture is tilted too."""
LEAST_CONTRAST = 0.4
"""Of the light that comes from its light and from its dark cells (ISO/IEC 15415, symbol contrast of grade C)."""
DRAWN = 192
"""Grey below which a code's own picture, black on white, is no paper; what a JPEG leaves on paper is lighter."""
DARKEST = 0.05
"""Share of a code's pixels that surely are dark ones, or light ones, away from soft edges."""
FINDER = 7
"""Cells of the square in a QR code's corner (ISO/IEC 18004, 6.3.3)."""
QUIET_CELLS = 4
"""Cells without anything around a QR code (ISO/IEC 18004, 6.3.8)."""
QUIET_SHARE = 1 / 24
"""Of its width, around a code of WeChat's, which publishes no number: what its own picture has."""
QUIET_LIGHT = 0.3
"""Of the way from the light to the dark of the code, so much darker the margin may be: a camera takes it for light."""
MOST_DISTURBED = 0.005
"""Share of the margin's pixels that may be darker: the soft edge of a panel."""


def faults(page: Page) -> Iterator[Fault]:
    """What is wrong with the code's place; whether it can be read is `phone.code_fault`."""
    piece = first(page, Part.CODE)
    if piece is not None:
        yield from filter(None, (_small(page, piece), _stretched(page, piece), _covered(page, piece)))
        inner = _drawn(page.code, piece.box)
        tones = _tones(page.image, inner)
        yield from filter(None, (_pale(page, piece, tones), _crowded(page, piece, inner, tones)))


def _small(page: Page, piece: Piece) -> Fault | None:
    side = min(piece.box.w, piece.box.h)
    if side >= LEAST:
        return None
    zh, en = f"码太小，请放大到至少 {LEAST} 像素宽。", f"The code is too small; make it at least {LEAST} pixels wide."
    return at(page, piece, Mistake.CODE, zh, en, width=side, limit=LEAST)


def _stretched(page: Page, piece: Piece) -> Fault | None:
    ratio = (piece.box.w / piece.box.h) / (page.code.width / page.code.height)
    stretched = max(ratio, 1 / ratio)
    if stretched <= MOST_STRETCHED:
        return None
    zh, en = "码被拉伸变形了，请让它的位置和码一样方。", "The code is stretched; give it a place of its own shape."
    return at(page, piece, Mistake.CODE, zh, en, stretched=stretched, limit=MOST_STRETCHED)


def _covered(page: Page, piece: Piece) -> Fault | None:
    later = page.pieces[page.pieces.index(piece) + 1 :]
    over = max((overlap(piece.box, other.box) / (piece.box.w * piece.box.h) for other in later), default=0.0)
    if over == 0:
        return None
    zh, en = "码上盖了别的内容，请移开。", "Something lies over the code; move it away."
    return at(page, piece, Mistake.CODE, zh, en, covered=over, limit=0)


def _pale(page: Page, piece: Piece, tones: tuple[int, int]) -> Fault | None:
    dark, bright = (luminance((tone,) * 3) for tone in tones)
    if bright - dark >= LEAST_CONTRAST:
        return None
    zh = "码看起来太淡：请移开它上面或下面的颜色，让它在白底上。"
    en = "The code looks pale; leave plain white under it and nothing over it."
    return at(page, piece, Mistake.CODE, zh, en, contrast=bright - dark, limit=LEAST_CONTRAST)


def _crowded(page: Page, piece: Piece, inner: Box, tones: tuple[int, int]) -> Fault | None:
    outer = grown(inner, round(inner.w * quiet_share(page.code)))
    disturbed = _disturbed(page.image, inner, outer, tones)
    if disturbed <= MOST_DISTURBED:
        return None
    zh, en = "码四周没有留白，请在四周留出浅色的空白。", "The code has no quiet margin; leave light space on all sides."
    return at(page, piece, Mistake.CODE, zh, en, disturbed=disturbed, limit=MOST_DISTURBED)


def quiet_share(code: Image.Image) -> float:
    """How wide a code's margin must be, as a share of the code's own width."""
    for found in phone.read(code):
        if found.format == zxingcpp.QRCode:
            left, right = found.position.top_left, found.position.top_right
            return QUIET_CELLS * _module(code, left.x, left.y) / float(max(right.x - left.x, 1))
    return QUIET_SHARE


def _module(code: Image.Image, left: int, top: int) -> float:
    """How wide a cell of an upright QR code is: its corner's upper side is seven dark ones."""
    row = phone.grey(code).crop((left, top + 1, code.width, top + 2)).tobytes()
    dark = next((at for at, level in enumerate(row) if level >= 128), FINDER)
    return dark / FINDER


def _drawn(code: Image.Image, box: Box) -> Box:
    """The dark of a code without the margin in its own picture, at its place on the page."""
    plain = ImageOps.autocontrast(phone.grey(code))
    dark = plain.point([255] * DRAWN + [0] * (256 - DRAWN)).getbbox() or (0, 0, *plain.size)
    wide, high = box.w / plain.width, box.h / plain.height
    left, top, right, bottom = dark
    x, y = box.x + round(left * wide), box.y + round(top * high)
    return Box(x=x, y=y, w=max(round((right - left) * wide), 1), h=max(round((bottom - top) * high), 1))


def _tones(image: Image.Image, inner: Box) -> tuple[int, int]:
    """The dark and the light of the code as drawn: of its pixels `DARKEST` are no lighter, as many no darker."""
    histogram = image.crop(corners(inner)).convert("L").histogram()
    total, seen, dark, light = sum(histogram), 0, None, 255
    for level, count in enumerate(histogram):
        seen += count
        if dark is None and seen >= total * DARKEST:
            dark = level
        if seen >= total * (1 - DARKEST):
            light = level
            break
    return dark or 0, light


def _disturbed(image: Image.Image, inner: Box, outer: Box, tones: tuple[int, int]) -> float:
    """The share of the ring between the boxes that is not light; what is off the page is not."""
    dark, light = tones
    around = Image.new("L", (outer.w, outer.h), 0)
    around.paste(image.convert("L"), (-outer.x, -outer.y))
    ring = Image.new("L", around.size, 255)
    hole = (inner.x - outer.x, inner.y - outer.y, inner.x - outer.x + inner.w - 1, inner.y - outer.y + inner.h - 1)
    ImageDraw.Draw(ring).rectangle(hole, fill=0)
    least = light - QUIET_LIGHT * (light - dark)
    wrong = ImageChops.multiply(around.point([255 if level < least else 0 for level in range(256)]), ring)
    return wrong.histogram()[255] / max(ring.histogram()[255], 1)
