"""Opening bytes that strangers sent: what is no plain still picture of a bearable size is refused before it is decoded.

Only PNG, JPEG and WebP are ever decoded, by their first bytes and never by a name. A picture comes out upright, as RGB
or RGBA, and with nothing beside its pixels.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageFile, PngImagePlugin

from chalicelib.pictures.errands import Refusal

BYTES = 3 * 1024 * 1024
"""Of a picture that a merchant sends."""

PIXELS = 40_000_000
"""Of any picture: a phone's largest photo; in memory 160 MB."""

SCANNED = 20 * PIXELS
"""Pixels times passes of a progressive JPEG, which usually has ten and in four colours eighteen: a small file may ask
for thousands of passes over a large picture."""

TEXT_BYTES = 1024 * 1024
"""What one packed chunk of a PNG (texts, colour profiles) may unpack to, and all of them together."""

Image.MAX_IMAGE_PIXELS = PIXELS
ImageFile.LOAD_TRUNCATED_IMAGES = False
PngImagePlugin.MAX_TEXT_CHUNK = TEXT_BYTES
PngImagePlugin.MAX_TEXT_MEMORY = TEXT_BYTES

BROKEN = (
    *(
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        LookupError,
        TypeError,
        RuntimeError,
        ArithmeticError,
        AttributeError,
    ),
    *(struct.error, zlib.error, Warning),
)
"""What Pillow raises on bytes that it can make nothing of."""

ORIENTATION = 0x0112
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a picture upright, by EXIF's orientation."""


class NotTaken(Exception):
    """A picture is not taken: why, and what is allowed where it is a number (bytes or pixels)."""

    def __init__(self, why: Refusal, limit: int | None = None, which: str = "") -> None:
        super().__init__(f"{which or 'picture'}: {why}")
        self.why = why
        self.limit = limit
        self.which = which
        """The asker's name for it; empty where there is but one."""


def opened(content: bytes, *, least: int, most: int) -> Image.Image:
    """The picture in ``content``, whose shorter side has ``least`` pixels and which has ``most`` in all.

    Raises `NotTaken`.
    """
    if len(content) > BYTES:
        raise NotTaken(Refusal.TOO_LARGE, BYTES)
    kind = _kind(content)
    if kind is None:
        raise NotTaken(Refusal.NOT_A_PICTURE)
    with _refusing(most), Image.open(io.BytesIO(content), formats=(kind,)) as image:
        pixels = image.width * image.height
        if pixels > most or (kind == "JPEG" and pixels * content.count(b"\xff\xda") > SCANNED):
            raise NotTaken(Refusal.TOO_LARGE, most)
        if min(image.size) < least:
            raise NotTaken(Refusal.TOO_SMALL, least)
        # A JPEG with several pictures is a photo with its depth or its preview; the first is the photo.
        if kind != "JPEG" and getattr(image, "is_animated", False):
            raise NotTaken(Refusal.ANIMATED)
        image.load()
        turned = UPRIGHT.get(_orientation(image))
        plain = _plain(image)
    return plain if turned is None else plain.transpose(turned)


def on_white(image: Image.Image) -> Image.Image:
    """As RGB: what can be seen through shows white."""
    if image.mode != "RGBA":
        return image.convert("RGB")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _kind(content: bytes) -> str | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    return None


@contextmanager
def _refusing(most: int) -> Iterator[None]:
    """Turn whatever Pillow raises or warns of into a refusal, but for warnings of metadata, which are dropped."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.filterwarnings("ignore", module=r"PIL\.TiffImagePlugin")
            warnings.filterwarnings("ignore", message="Image appears to be a malformed MPO file")
            yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NotTaken(Refusal.TOO_LARGE, most) from None
    except BROKEN as broken:
        if "Decompressed data too large" in str(broken) or "Too much memory" in str(broken):
            raise NotTaken(Refusal.TOO_LARGE, TEXT_BYTES) from None
        raise NotTaken(Refusal.TRUNCATED) from None


def _orientation(image: Image.Image) -> int:
    """EXIF's; 1 where there is none or it is garbled, as of a photo that another program has cut."""
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except BROKEN:
        return 1


def _plain(image: Image.Image) -> Image.Image:
    """As RGBA where something can be seen through, as RGB otherwise, and without what was beside the pixels."""
    if image.mode.startswith("I"):
        # 16 bits of grey.
        plain = image.convert("I").point(lambda grey: grey / 257).convert("L").convert("RGB")
    elif image.has_transparency_data:
        plain = image.convert("RGBA")
        if plain.getchannel("A").getextrema() == (255, 255):
            plain = plain.convert("RGB")
    else:
        plain = image.convert("RGB")
    plain.info = {}
    return plain
