"""Relative luminance and contrast of colours, as WCAG 2.2 defines them."""

from __future__ import annotations

from collections.abc import Sequence

SHARES = (0.2126, 0.7152, 0.0722)
"""Of red, green and blue in luminance."""


def luminance(colour: Sequence[float]) -> float:
    """Relative luminance of an sRGB colour of 0 to 255: 0 of black, 1 of white.

    >>> luminance((255, 255, 255))
    1.0
    """
    return sum(share * _linear(value / 255) for share, value in zip(SHARES, colour, strict=True))


def contrast(one: Sequence[float], other: Sequence[float]) -> float:
    """The contrast ratio of two sRGB colours, 1 to 21.

    >>> round(contrast((0x77, 0x77, 0x77), (255, 255, 255)), 2)
    4.48
    """
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _linear(value: float) -> float:
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
