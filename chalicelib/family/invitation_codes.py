"""The codes of invitations: nine random letters and one that checks them, none of which looks like another.

29 letters are a prime number of them, and neighbouring places weigh differently, so that one wrong letter and two
neighbours swapped are always noticed. The sum is one, where that of a text code is nought: no code is both.
"""

from __future__ import annotations

import re
import unicodedata

from chalicelib.core import chance

ALPHABET = "0123456789ACDEFGHJKMNPQRTVWXY"
LETTERS = 10

_DROPPED = re.compile(r"[\s\-\u00ad\u2010-\u2015\u2212\u200b-\u200f\u2060\ufeff]+")
_TYPED = str.maketrans("OILSZBU", "011528V")


def drawn() -> str:
    """A new code: one of 29⁹."""
    body = "".join(ALPHABET[chance.below(len(ALPHABET))] for _ in range(LETTERS - 1))
    last = (1 - _sum(body)) * pow(LETTERS, -1, len(ALPHABET)) % len(ALPHABET)
    return body + ALPHABET[last]


def read(typed: str) -> str | None:
    """The code that somebody typed, scanned or tapped, however it is written; None for what can be none.

    >>> read("ｋ7m2q 9xwol")
    'K7M2Q9XW01'
    """
    upper = unicodedata.normalize("NFKC", typed).upper()
    letters = _DROPPED.sub("", upper).translate(_TYPED)
    if len(letters) != LETTERS or any(letter not in ALPHABET for letter in letters) or _sum(letters) != 1:
        return None
    return letters


def shown(code: str) -> str:
    """A code as people read it.

    >>> shown("K7M2Q9XW01")
    'K7M2Q-9XW01'
    """
    return f"{code[:5]}-{code[5:]}"


def _sum(letters: str) -> int:
    return sum(n * ALPHABET.index(letter) for n, letter in enumerate(letters, 1)) % len(ALPHABET)
