"""What a code is written in: 29 letters without look-alikes, the last of them a check letter, shown in groups.

29 is prime, and neighbouring places weigh differently: one wrong letter, or two neighbours swapped, never add up.
"""

from __future__ import annotations

import re
import unicodedata
from operator import mul

ALPHABET = "0123456789ACDEFGHJKMNPQRTVWXY"
RADIX = len(ALPHABET)

WEIGHTS = tuple(range(1, 17))
"""What the letter in each place counts, modulo 29."""

GROUPS = {8: (4, 4), 9: (3, 3, 3), 10: (5, 5), 14: (5, 5, 4), 16: (4, 4, 4, 4)}
"""The lengths that codes have, and how each is shown."""

_DASHES = r"\-\u2010-\u2015\u2212"
_LETTER = "[0-9A-Za-z]"

form = re.compile(
    rf"(?<!{_LETTER})(?<!{_LETTER}[{_DASHES}])(?:"
    + "|".join(
        f"[{_DASHES}]?".join(f"{_LETTER}{{{group}}}" for group in GROUPS[length])
        for length in sorted(GROUPS, reverse=True)
    )
    + rf")(?![{_DASHES}]?{_LETTER})"
)
"""A code in a text (NFKC), with hyphens between its groups or without; what it finds still has to be made `normal`."""

_DROPPED = re.compile(rf"[\s{_DASHES}\u00ad\u200b-\u200f\u2060\ufeff]+")
_TYPED = str.maketrans("OILSZBU", "011528V")
_FOREIGN = 255
_VALUES = bytes(ALPHABET.find(chr(n)) % (_FOREIGN + 1) for n in range(256))
_INVERSES = (0, *(pow(weight, -1, RADIX) for weight in WEIGHTS))


def normal(text: str) -> str:
    """What somebody typed as it is compared: NFKC, upper case, no spaces or hyphens, look-alikes as what they are.

    Letters that are in no code stay; "" where nothing is left.

    >>> normal("ｋ7m2q－9xwot 3h6t")
    'K7M2Q9XW0T3H6T'
    """
    upper = unicodedata.normalize("NFKC", text).upper()
    return unicodedata.normalize("NFKC", _DROPPED.sub("", upper)).translate(_TYPED)


def check_letter(body: str) -> str:
    """The letter that comes after ``body``, which is letters of the alphabet, at most 15."""
    return ALPHABET[-_sum(_values(body)) * _INVERSES[len(body) + 1] % RADIX]


def is_code(letters: str) -> bool:
    """Whether it has a code's length and letters, the check letter aside."""
    return len(letters) in GROUPS and _FOREIGN not in _values(letters)


def is_right(letters: str) -> bool:
    """Whether it is a code whose check letter agrees."""
    values = _values(letters)
    return len(letters) in GROUPS and _FOREIGN not in values and _sum(values) % RADIX == 0


def grouped(letters: str) -> str:
    """A code as it is shown.

    >>> grouped("K7M2Q9XW0T3H6T")
    'K7M2Q-9XW0T-3H6T'
    """
    parts, start = [], 0
    for group in GROUPS[len(letters)]:
        parts.append(letters[start : start + group])
        start += group
    return "-".join(parts)


def _values(letters: str) -> bytes:
    return letters.encode("latin-1", "replace").translate(_VALUES)


def _sum(values: bytes) -> int:
    return sum(map(mul, WEIGHTS, values))
