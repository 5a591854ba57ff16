"""Colours: mixing them, and choosing one that can be read."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.pictures.light import contrast

READABLE = 4.5
"""Contrast of text that can be read (WCAG 2.2, 1.4.3)."""


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of ``#rrggbb``."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def mixed(colour: str, other: str, share: float) -> str:
    """The colour with so much of the other in it.

    >>> mixed("#000000", "#ffffff", 0.5)
    '#808080'
    """
    pairs = zip(rgb(colour), rgb(other), strict=True)
    return "#" + bytes(round(one + (two - one) * share) for one, two in pairs).hex()


def readable(ground: str | Sequence[float], *wanted: str) -> str:
    """The first of the wanted colours that can be read on the ground; where none can, the best of them."""
    beneath = rgb(ground) if isinstance(ground, str) else ground
    by_contrast = {colour: contrast(rgb(colour), beneath) for colour in wanted}
    return next(
        (colour for colour in wanted if by_contrast[colour] >= READABLE), max(wanted, key=by_contrast.__getitem__)
    )
