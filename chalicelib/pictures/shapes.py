"""Shapes with smooth edges: panels, gradients, ripples, marks."""

from __future__ import annotations

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from chalicelib.pictures.colours import rgb
from chalicelib.pictures.document import Box

FINE = 4
"""Shapes are drawn so many times as large and made smaller, for smooth edges."""


def disc(size: int) -> Image.Image:
    """A circle's mask."""
    return rounded(size, size, size // 2)


def rounded(width: int, height: int, radius: int) -> Image.Image:
    """The mask of a rectangle with round corners, of which only the corners are drawn finely."""
    mask = Image.new("L", (width, height), 255)
    radius = min(radius, width // 2, height // 2)
    if radius == 0:
        return mask
    side = radius * 2
    large = Image.new("L", (side * FINE, side * FINE))
    ImageDraw.Draw(large).ellipse((0, 0, side * FINE - 1, side * FINE - 1), 255)
    circle = large.resize((side, side), Image.Resampling.BOX)
    for right, bottom in ((0, 0), (1, 0), (0, 1), (1, 1)):
        corner = circle.crop((right * radius, bottom * radius, (right + 1) * radius, (bottom + 1) * radius))
        mask.paste(corner, (right * (width - radius), bottom * (height - radius)))
    return mask


def panel(image: Image.Image, box: Box, colour: str, radius: int) -> None:
    """Lay a panel."""
    image.paste(rgb(colour), (box.x, box.y), rounded(box.w, box.h, radius))


def shadow(image: Image.Image, box: Box, radius: int, colour: str, strength: float, blur: int = 24) -> None:
    """Lay the soft shadow of a panel, a little below it."""
    room = blur * 2
    mask = Image.new("L", (box.w + room * 2, box.h + room * 2))
    mask.paste(round(255 * strength), (room, room), rounded(box.w, box.h, radius))
    mask = mask.filter(ImageFilter.GaussianBlur(blur))
    image.paste(rgb(colour), (box.x - room, box.y - room + blur // 2), mask)


def gradient(width: int, height: int, top: str, bottom: str) -> Image.Image:
    """A picture that goes from one colour to the other."""
    course = Image.linear_gradient("L").resize((width, height), Image.Resampling.BILINEAR)
    return Image.composite(Image.new("RGB", (width, height), bottom), Image.new("RGB", (width, height), top), course)


def ripples(image: Image.Image, centre: tuple[int, int], radii: range, colour: str, strength: float) -> None:
    """Lay rings around a point, fainter outwards, as on water."""
    half = Image.new("L", (image.width * 2, image.height * 2))
    draw = ImageDraw.Draw(half)
    x, y = centre[0] * 2, centre[1] * 2
    for number, radius in enumerate(radii):
        shade = round(255 * strength * (1 - number / len(radii)))
        draw.ellipse((x - radius * 2, y - radius * 2, x + radius * 2, y + radius * 2), outline=shade, width=44)
    image.paste(rgb(colour), (0, 0), half.resize(image.size, Image.Resampling.BOX))


def bowed(width: int, height: int, depth: int) -> Image.Image:
    """The mask of a band whose lower edge is bowed downwards by so many pixels in its middle."""
    mask = Image.new("L", (width, height), 255)
    mask.paste(0, (0, height - depth, width, height))
    large = Image.new("L", (width * 2, depth * 2))
    reach = width // 2
    ImageDraw.Draw(large).ellipse((-reach, -depth * 2, width * 2 + reach, depth * 2 - 1), 255)
    mask.paste(large.resize((width, depth), Image.Resampling.BOX), (0, height - depth))
    return mask


def ticked(size: int, colour: str, ink: str) -> Image.Image:
    """A small round mark with a tick, RGBA."""
    large = size * FINE
    mark = Image.new("RGB", (large, large), colour)
    stroke = [(large * 0.28, large * 0.52), (large * 0.44, large * 0.67), (large * 0.73, large * 0.36)]
    ImageDraw.Draw(mark).line(stroke, ink, width=round(large * 0.105), joint="curve")
    mark = mark.resize((size, size), Image.Resampling.BOX)
    mark.putalpha(disc(size))
    return mark


def perforated(image: Image.Image, start: tuple[int, int], length: int, colour: str, *, upright: bool) -> None:
    """Lay a line of short dashes."""
    draw = ImageDraw.Draw(image)
    x, y = start
    for at in range(0, length - 8, 26):
        dash = (x, y + at, x + 3, y + at + 13) if upright else (x + at, y, x + at + 13, y + 3)
        draw.rounded_rectangle(dash, 2, colour)


def covering(image: Image.Image, width: int, height: int) -> Image.Image:
    """The picture at that size, cut on two sides where its shape is another."""
    scale = max(width / image.width, height / image.height)
    wide, high = min(width / scale, image.width), min(height / scale, image.height)
    left, top = (image.width - wide) / 2, (image.height - high) / 2
    cut = (left, top, left + wide, top + high)
    return image.resize((width, height), Image.Resampling.LANCZOS, cut)


def within(mask: Image.Image, other: Image.Image) -> Image.Image:
    """Where both masks let through."""
    return ImageChops.multiply(mask, other)


def quotation(image: Image.Image, middle_left: tuple[int, int], size: int, colour: str) -> None:
    """Lay an opening quotation mark so wide, its middle at that height."""
    large = size * FINE
    mask = Image.new("L", (large, large))
    draw = ImageDraw.Draw(mask)
    for left in (0.0, 0.54):
        x, ball = large * left, large * 0.42
        draw.ellipse((x, large * 0.42, x + ball, large * 0.42 + ball), 255)
        draw.polygon(
            [
                (x, large * 0.64),
                (x + ball * 0.62, large * 0.14),
                (x + ball * 0.92, large * 0.24),
                (x + ball * 0.6, large * 0.5),
            ],
            255,
        )
    mark = mask.resize((size, size), Image.Resampling.BOX)
    image.paste(rgb(colour), (middle_left[0], middle_left[1] - size // 2), mark)
