"""What whoever gets a picture makes of it: QR codes read by an independent reader, sheets taken apart, SVG painted."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator

import zxingcpp
from PIL import Image, ImageDraw, ImageFilter


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def read(image: Image.Image) -> list[str]:
    """What the QR codes in a picture say, from left to right within a row, the upper rows first."""
    found = zxingcpp.read_barcodes(image.convert("L"), zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return [
        code.text
        for code in sorted(found, key=lambda code: (code.position.top_left.y // 100, code.position.top_left.x))
    ]


def scanned(image: Image.Image, *, scale: float = 1.0, angle: float = 3.0, blur: float = 1.0) -> Image.Image:
    """The picture as somebody prints it, lays it askew on a scanner and scans it coarsely."""
    grey = image.convert("L")
    small = grey.resize((round(grey.width * scale), round(grey.height * scale)), Image.Resampling.LANCZOS)
    turned = small.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    return turned.filter(ImageFilter.GaussianBlur(blur))


RECTANGLE = re.compile(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z")


def painted(svg: bytes, unit: int) -> Image.Image:
    """An SVG of ours, which is a white square and one path of rectangles; fails for any other."""
    text = svg.decode()
    shape = re.fullmatch(
        r'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 (\d+) (\d+)" width="\d+" height="\d+"'
        r' shape-rendering="crispEdges"><rect width="(\d+)" height="(\d+)" fill="#fff"/><path d="([^"]*)"/></svg>',
        text,
    )
    assert shape is not None, text[:200]
    side = int(shape[1])
    assert {int(shape[n]) for n in range(1, 5)} == {side}
    image = Image.new("L", (side * unit, side * unit), 255)
    pen, drawn = ImageDraw.Draw(image), ""
    for run in RECTANGLE.finditer(shape[5]):
        left, top, width, back = map(int, run.groups())
        assert width == back
        pen.rectangle((left * unit, top * unit, (left + width) * unit - 1, (top + 1) * unit - 1), fill=0)
        drawn += run[0]
    assert drawn == shape[5]
    return image


STREAM = re.compile(rb"<<((?:[^<>]|<<[^<>]*>>)*)>>\s*stream\n")


def pages(pdf: bytes) -> Iterator[Image.Image]:
    """The pages of a PDF whose pages are one picture each, packed as facsimiles are (T.6), black where a bit is 0."""
    for found in STREAM.finditer(pdf):
        said = found[1]
        if b"/Subtype /Image" not in said:
            continue
        assert b"/Filter [ /CCITTFaxDecode ]" in said and b"/K -1" in said and b"/BlackIs1 true" in said
        assert b"/ColorSpace /DeviceGray" in said and b"/BitsPerComponent 1" in said
        width, height, length = (_number(said, name) for name in (b"Width", b"Height", b"Length"))
        assert (_number(said, b"Columns"), _number(said, b"Rows")) == (width, height)
        yield opened(_tiff(width, height, pdf[found.end() : found.end() + length]))


def media_boxes(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of each page in points."""
    boxes = re.findall(rb"/MediaBox \[ 0 0 ([0-9.]+) ([0-9.]+) \]", pdf)
    return [(float(width), float(height)) for width, height in boxes]


def _number(said: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb" (\d+)", said)
    assert found is not None
    return int(found[1])


def _tiff(width: int, height: int, packed: bytes) -> bytes:
    """A TIFF of one strip of T.6, whose 1 is white."""
    tags = [
        (256, width),
        (257, height),
        (258, 1),
        (259, 4),
        (262, 1),
        (273, 8),
        (277, 1),
        (278, height),
        (279, len(packed)),
    ]
    body = packed + b"\0" * (len(packed) % 2)
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0" + struct.pack("<I", 8 + len(body)) + body + struct.pack("<H", len(tags)) + entries + b"\0\0\0\0"
