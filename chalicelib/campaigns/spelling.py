"""How words are compared that users type to take part: in one width and case, their letters and digits alone."""

from __future__ import annotations

import unicodedata

FEWEST, MOST = 2, 20
"""Letters and digits of a word."""

CODE_LENGTHS = frozenset({8, 9, 10, 14, 16})
"""Letters of text codes: Latin letters and digits of such a length are read as a code, so that none may be a word."""

NEAR_LENGTHS = range(7, 18)
"""Letters of what has both letters and digits and is a code mistyped rather than a word."""

FILLERS = "\u115f\u1160\u3164\uffa0"
"""Letters by their class that show nothing."""


def normal(text: str) -> str:
    """A word as it is compared, whatever stands between its letters; "" where none are left.

    >>> normal("双十一 快乐！")
    '双十一快乐'
    """
    upper = unicodedata.normalize("NFKC", text).upper()
    folded = unicodedata.normalize("NFKC", upper.casefold())
    return "".join(sign for sign in folded if sign.isalnum() and sign not in FILLERS)


def reads_as_code(word: str) -> bool:
    """Whether a word (`normal`) has the form of a text code, or of one with a letter too few or too many."""
    mixed = not word.isalpha() and not word.isdigit()
    return word.isascii() and (len(word) in CODE_LENGTHS or (mixed and len(word) in NEAR_LENGTHS))


def can_be_word(word: str) -> bool:
    """Whether a campaign may have such a word (`normal`), so that it is worth looking for."""
    return FEWEST <= len(word) <= MOST and not reads_as_code(word)
