"""Bytes that strangers may send, good ones and bad ones."""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import Any

from PIL import Image

PNG = b"\x89PNG\r\n\x1a\n"


def encoded(image: Image.Image, form: str, **how: Any) -> bytes:
    """A file of a picture."""
    into = io.BytesIO()
    image.save(into, form, **how)
    return into.getvalue()


def pixel(image: Image.Image, x: int, y: int) -> tuple[int, ...]:
    """A pixel's channels."""
    found = image.getpixel((x, y))
    assert isinstance(found, tuple)
    return found


def photo(width: int = 320, height: int = 240) -> Image.Image:
    """Something with many colours: red to the left above, blue to the right below."""
    course = Image.linear_gradient("L").resize((width, height))
    across = course.rotate(90).resize((width, height))
    return Image.merge("RGB", (across, course.point(lambda level: level // 3), across.point(lambda level: 255 - level)))


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Something that no file holds in few bytes."""
    return Image.frombytes(mode, (width, height), random.Random(7).randbytes(width * height * len(mode)))


def chunk(name: bytes, body: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, *, kind: int = 2, rows: bytes | None = None, before: bytes = b"") -> bytes:
    """A PNG that says it has that size, whatever its rows are: none at all, unless they are given."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0))
    return PNG + head + before + chunk(b"IDAT", zlib.compress(rows or b"", 9)) + chunk(b"IEND", b"")


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A black PNG of 900 million pixels in a few kilobytes of packed zeros."""
    packer = zlib.compressobj(9)
    line = bytes(1 + width // 8)
    rows = [packer.compress(line * 100) for _ in range(height // 100)]
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return PNG + head + chunk(b"IDAT", b"".join(rows) + packer.flush()) + chunk(b"IEND", b"")


def small() -> bytes:
    """The rows of an 80 × 80 RGB."""
    return (b"\0" + b"\x40" * 240) * 80


ZEROS = zlib.compress(bytes(200_000_000), 9)
"""200 MB in 200 KB."""


def profile_bomb() -> bytes:
    """A small PNG whose colour profile unpacks to 200 MB."""
    return png(80, 80, rows=small(), before=chunk(b"iCCP", b"profile\0\0" + ZEROS))


def text_bomb() -> bytes:
    """A small PNG one of whose texts unpacks to 200 MB."""
    return png(80, 80, rows=small(), before=chunk(b"zTXt", b"words\0\0" + ZEROS))


def texts_bomb() -> bytes:
    """A small PNG of many texts, each of which is just allowed."""
    packed = chunk(b"zTXt", b"words\0\0" + zlib.compress(bytes(1_000_000), 9))
    return png(80, 80, rows=small(), before=packed * 100)


def rows_bomb() -> bytes:
    """A small PNG whose rows go on for 200 MB."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 80, 80, 8, 2, 0, 0, 0))
    return PNG + head + chunk(b"IDAT", ZEROS) + chunk(b"IEND", b"")


def passes_bomb(passes: int = 2000) -> bytes:
    """A progressive JPEG of 36 million pixels whose last pass comes again and again."""
    file = encoded(Image.new("L", (6000, 6000), 90), "JPEG", progressive=True, quality=50)
    last = file.rindex(b"\xff\xda")
    return file[:-2] + file[last:-2] * passes + b"\xff\xd9"


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"><script>1</script></svg>'
HTML = b"<!doctype html><html><body>moved</body></html>"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)
AVIF = b"\0\0\0\x18ftypavif\0\0\0\0mif1avif" + bytes(200)
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj"
PSD = b"8BPS\0\x01" + bytes(60)
TIFF = encoded(photo(), "TIFF")
GIF = encoded(photo(), "GIF")
BMP = encoded(photo(), "BMP")
ICO = encoded(photo(), "ICO")
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n"


def frames(form: str) -> bytes:
    """Two pictures one after another."""
    one, other = Image.new("RGB", (90, 90), "red"), Image.new("RGB", (90, 90), "blue")
    return encoded(one, form, save_all=True, append_images=[other], duration=100)
