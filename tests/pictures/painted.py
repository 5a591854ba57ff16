"""The pictures and codes of the lint's posters."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from functools import cache
from random import Random

import qrcode
from PIL import Image, ImageDraw, ImageFilter

LINK = "https://go.example.com/s/8ZK4M2PQ7R?c=YX3N"
OTHER_LINK = "https://elsewhere.example.com"

PHOTO, WIDE, BUSY, SMALL, SCENE, CODED, BADGE = (f"01JP1CT0RE00000000000000{n:02d}" for n in range(7))


def qr(text: str = LINK, border: int = 4) -> Image.Image:
    """A QR code with so many cells of margin."""
    symbol = qrcode.QRCode(border=border, box_size=10)
    symbol.add_data(text)
    drawn: Image.Image = symbol.make_image().get_image()
    return drawn.convert("RGB")


@cache
def mini(seed: int = 1, side: int = 430, ink: int = 0) -> Image.Image:
    """A round code of the kind that WeChat draws: dots on rays around a figure, three eyes, a margin."""
    chance, fine = Random(seed), side * 4
    drawn = Image.new("L", (fine, fine), 255)
    pen, middle = ImageDraw.Draw(drawn), fine / 2

    def disc(x: float, y: float, radius: float, level: int) -> None:
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=level)

    for ray in range(54):
        way = 2 * math.pi * ray / 54
        for dot in range(16):
            if chance.random() < 0.5:
                far = middle * (0.42 + 0.5 * dot / 16)
                disc(middle + far * math.cos(way), middle + far * math.sin(way), fine * 0.01, ink)
    for way in (0.75, 1.25, 1.75):
        x, y = (middle * (1 + 0.72 * turn(way * math.pi)) for turn in (math.cos, math.sin))
        for radius, level in ((0.1, 255), (0.075, ink), (0.045, 255), (0.022, ink)):
            disc(x, y, fine * radius, level)
    disc(middle, middle, fine * 0.16, ink + (255 - ink) // 3)
    return drawn.resize((side, side), Image.Resampling.LANCZOS).convert("RGB")


def _shaded(size: tuple[int, int], above: str, below: str) -> Image.Image:
    """A calm photo: a sky, and a round thing in it."""
    course = Image.linear_gradient("L").resize(size)
    photo = Image.composite(Image.new("RGB", size, below), Image.new("RGB", size, above), course)
    wide, high = size
    ImageDraw.Draw(photo).ellipse((wide * 0.6, high * 0.2, wide * 0.6 + high * 0.3, high * 0.5), "#ffe9bd")
    return photo.filter(ImageFilter.GaussianBlur(2))


def _busy() -> Image.Image:
    noise = Image.effect_noise((180, 320), 160).resize((1080, 1920), Image.Resampling.NEAREST)
    return Image.merge("RGB", [noise, noise.rotate(180), noise.transpose(Image.Transpose.FLIP_TOP_BOTTOM)])


def _with_code() -> Image.Image:
    photo = _shaded((1600, 1200), "#3d5a9e", "#f9c58d")
    photo.paste(qr(OTHER_LINK).resize((420, 420)), (590, 390))
    return photo


PICTURES: dict[str, Callable[[], Image.Image]] = {
    PHOTO: lambda: _shaded((1600, 1200), "#b9824f", "#f0dcc2"),
    WIDE: lambda: _shaded((5400, 640), "#3d5a9e", "#f9c58d"),
    BUSY: _busy,
    SMALL: lambda: _shaded((640, 480), "#b9824f", "#f0dcc2"),
    SCENE: lambda: _shaded((1400, 2100), "#3d5a9e", "#f9c58d"),
    CODED: _with_code,
    BADGE: lambda: _shaded((300, 300), "#c8321f", "#c8321f"),
}
CODES: dict[str, Callable[[], Image.Image]] = {
    "codes/qr": qr,
    "codes/bare": lambda: qr(border=0),
    "codes/mini": mini,
    "codes/tiny": lambda: mini(side=140),
    "codes/pale": lambda: mini(ink=205),
}


@cache
def file(name: str) -> bytes:
    into = io.BytesIO()
    {**{f"sent/{picture}": made for picture, made in PICTURES.items()}, **CODES}[name]().save(into, "PNG")
    return into.getvalue()
