"""How a person looks to strangers."""

from __future__ import annotations

import unicodedata

from chalicelib.accounts.items import AvatarState, NameState, User

NOBODY = "微信用户"

JOINER = "\u200d"
SKINS = range(0x1F3FB, 0x1F400)
FLAG_HALVES = range(0x1F1E6, 0x1F200)
TAGS = range(0xE0020, 0xE0080)
LONGEST = 12
"""Signs that one picture is drawn with: a family has eleven; marks heaped upon a letter are cut."""


def public_name(user: User) -> str | None:
    """The name that may be copied to where others see it, masked there: none that was not cleared (rules W14).

    This is the one way from a user's name to other people's eyes.
    """
    return user.nickname if user.name_state is NameState.SHOWN else None


def public_avatar(user: User | None) -> str | None:
    """The picture that may be copied to where others see it: none that WeChat refuses, or is still to look at.

    This is the one way from a user's picture to other people's eyes.
    """
    if user is None or user.avatar_state in (AvatarState.UNCHECKED, AvatarState.REFUSED):
        return None
    return user.avatar_url


def seen(user: User | None) -> str:
    """How others see a user."""
    return mask(public_name(user) if user else None)


def mask(nickname: str | None) -> str:
    """The first visible character and two stars, whatever the length; what is drawn as one picture stays one.

    Invisible signs before it (a zero-width space, a change of writing direction) are left out: they would mask nothing,
    or turn the line they are shown in.

    >>> mask("王小明")
    '王**'
    """
    text = (nickname or "").strip()
    while text and (unicodedata.category(text[0]) == "Cf" or text[0].isspace()):
        text = text[1:]
    if not text:
        return NOBODY
    end = 1
    if len(text) > 1 and ord(text[0]) in FLAG_HALVES and ord(text[1]) in FLAG_HALVES:
        end = 2
    while end < min(len(text), LONGEST) and _clings(text[end - 1], text[end]):
        end += 1
    return text[:end] + "**"


def _clings(before: str, letter: str) -> bool:
    """Whether ``letter`` is drawn as one with what stands before it."""
    kind = unicodedata.category(letter)
    # A joiner makes one picture of two symbols; between letters it joins nothing, and must not show the next one.
    return (
        (before == JOINER and kind == "So")
        or kind in ("Mn", "Mc", "Me")
        or letter == JOINER
        or ord(letter) in SKINS
        or ord(letter) in TAGS
    )
