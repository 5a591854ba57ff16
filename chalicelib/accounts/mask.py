"""How a person looks to strangers."""

from __future__ import annotations

import unicodedata

NOBODY = "微信用户"


def mask(nickname: str | None) -> str:
    """The first character and two stars, whatever the length; marks and joiners stay with their character.

    >>> mask("王小明")
    '王**'
    """
    text = (nickname or "").strip()
    if not text:
        return NOBODY
    end = 1
    while end < len(text) and _clings(text[end - 1], text[end]):
        end += 1
    return text[:end] + "**"


def _clings(before: str, letter: str) -> bool:
    """Whether ``letter`` is drawn as one with what stands before it."""
    joiner, skin = "\u200d", range(0x1F3FB, 0x1F400)
    return (
        letter == joiner
        or before == joiner
        or unicodedata.category(letter) in ("Mn", "Me", "Cf")
        or ord(letter) in skin
    )
