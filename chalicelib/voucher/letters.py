"""The letters of text codes: what may be typed, the check letter, and how a code is grouped."""

from __future__ import annotations

import re
import unicodedata

ALPHABET = "0123456789ACDEFGHJKMNPQRTVWXY"
LENGTHS = {8: (4, 4), 9: (3, 3, 3), 10: (5, 5), 14: (5, 5, 4), 16: (4, 4, 4, 4)}

_TYPED = str.maketrans("OILSZBU", "011528V")
_DROPPED = re.compile(r"[\s\-]+")


def normal(text: str) -> str:
    """What is typed, as its letters are compared: full width and lower case as they are read, look-alikes as one."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text).upper()).translate(_TYPED)


def is_code(letters: str) -> bool:
    """Whether so many letters of the alphabet are a code's."""
    return len(letters) in LENGTHS and all(letter in ALPHABET for letter in letters)


def check_letter(body: str) -> str:
    """The last letter of a code: the sum of what stands before, each letter weighed by its place, modulo 29."""
    return ALPHABET[-sum(at * ALPHABET.index(letter) for at, letter in enumerate(body, 1)) % len(ALPHABET)]


def is_right(letters: str) -> bool:
    """Whether the check letter is that of the others."""
    return check_letter(letters[:-1]) == letters[-1]


def grouped(letters: str) -> str:
    """A code as it is read and shown."""
    ends = LENGTHS[len(letters)]
    groups, at = [], 0
    for end in ends:
        groups.append(letters[at : at + end])
        at += end
    return "-".join(groups)
