"""Where everything stands in a round code, and how its text becomes dots: six bits a letter and a CRC-16, three times.

Lengths are in radii of the code, from its centre; y goes down.
"""

from __future__ import annotations

import binascii
import math
import string
from collections.abc import Sequence
from functools import cache

LETTERS = string.ascii_letters + string.digits + "-_"
TEXT = 8
"""Letters of a code's text."""
BITS = TEXT * 6 + 16
COPIES = 3

AWAY = 0.76 / math.sqrt(2)
MARKS = ((-AWAY, -AWAY), (AWAY, -AWAY), (-AWAY, AWAY))
"""The position discs: top left, top right, bottom left."""
SEAL = (AWAY, AWAY)
"""What stands in the fourth corner."""
MARK = 0.17
"""Radius of a position disc: a ring, a gap, and a disc within, as 1 : 1 : 3 : 1 : 1 across."""
HUB = 0.28
"""Radius of what stands in the middle."""
DOT = 0.042
PITCH = 0.1
RINGS = (0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95)
CLEAR = MARK + 0.06
"""No dot stands nearer to the middle of a position disc."""
STRIDE = 71
"""The copies of a bit stand far from each other: so many places apart."""

Place = tuple[float, float]


@cache
def places() -> Sequence[Place]:
    """Where the dots of all bits stand, copy after copy."""
    found: list[Place] = []
    for radius in RINGS:
        around = int(math.tau * radius / PITCH)
        for step in range(around):
            angle = math.tau * step / around
            place = radius * math.sin(angle), -radius * math.cos(angle)
            if all(math.dist(place, corner) >= CLEAR for corner in (*MARKS, SEAL)):
                found.append(place)
    assert math.gcd(STRIDE, len(found)) == 1
    return [found[number * STRIDE % len(found)] for number in range(BITS * COPIES)]


def bits_of(text: str) -> list[bool]:
    """The bits of a text. Raises ValueError for one that no code has."""
    if len(text) != TEXT or not set(text) <= set(LETTERS):
        raise ValueError(f"{text!r} is not {TEXT} of {LETTERS}")
    number = 0
    for letter in text:
        number = number << 6 | LETTERS.index(letter)
    number = number << 16 | binascii.crc_hqx(text.encode(), 0xFFFF)
    return [bool(number >> place & 1) for place in reversed(range(BITS))]


def text_of(dark: Sequence[float]) -> str | None:
    """The text whose dots are so dark, each from -1 (light) to 1; None where they are no text's."""
    number = 0
    for bit in range(BITS):
        number = number << 1 | (sum(dark[bit::BITS]) > 0)
    value = number >> 16
    text = "".join(LETTERS[value >> 6 * place & 63] for place in reversed(range(TEXT)))
    return text if binascii.crc_hqx(text.encode(), 0xFFFF) == number & 0xFFFF else None
