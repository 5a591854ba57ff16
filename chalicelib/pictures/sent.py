"""Pictures that merchants send: opened with care, and kept as plain ones."""

from __future__ import annotations

import io

import zxingcpp
from PIL import Image

from chalicelib.core import files
from chalicelib.pictures.errands import CheckedPicture, CheckPicture, Refused
from chalicelib.pictures.opening import BYTES, PIXELS, NotTaken, on_white, opened

LEAST = 64
"""Pixels of the shorter side: a small logo."""

LONGEST = 2560
"""Pixels of the longer side that are kept: what a photo needs that covers a whole tall poster."""

COLOURS = 256
"""A picture with no more is a drawing or a code, and is kept without loss."""

QUALITY = 90
FORMATS = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)

SHRUNK = 0.75
"""By what a side is multiplied until the file is as small as it must be to be opened again."""


def done(errand: CheckPicture) -> CheckedPicture | Refused:
    """Keep the picture under its name: upright, plain, of a size that a poster needs, and at most `BYTES` long."""
    try:
        image = opened(errand.content, least=LEAST, most=PIXELS)
    except NotTaken as refused:
        return Refused(why=refused.why)
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    said = reads(image)
    content, media = _encoded(image)
    while len(content) > BYTES:
        image = image.resize((round(image.width * SHRUNK), round(image.height * SHRUNK)), Image.Resampling.LANCZOS)
        content, media = _encoded(image)
    files.keep(errand.into, content, media)
    return CheckedPicture(width=image.width, height=image.height, media=media, size=len(content), reads=said)


def reads(image: Image.Image) -> str | None:
    """What the first QR code in a picture says; None where none can be read."""
    found = zxingcpp.read_barcodes(
        on_white(image),
        formats=FORMATS,
        text_mode=zxingcpp.TextMode.Plain,
    )
    return found[0].text if found else None


def _encoded(image: Image.Image) -> tuple[bytes, str]:
    into = io.BytesIO()
    if image.mode == "RGBA" or image.getcolors(COLOURS) is not None:
        image.save(into, "PNG")
        return into.getvalue(), "image/png"
    image.save(into, "JPEG", quality=QUALITY, subsampling=0)
    return into.getvalue(), "image/jpeg"
