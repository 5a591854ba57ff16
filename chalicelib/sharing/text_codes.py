"""Text codes that stand in a text beside a share; another room says what is one (`plugged.CODES`).

What is said of them follows from their letters: nothing is read, and nobody learns whether a code is genuine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from chalicelib.sharing.plugged import CODES

KIND, EVERYBODYS = "code", "ALL"
"""What is opened where a text has a code and no share: a page that is the same for everybody."""


class TextCode(msgspec.Struct, frozen=True):
    """Codes of one kind."""

    page: str
    """Where they are typed."""
    read: Callable[[str], str | None]
    """What somebody typed as a code, grouped; None where it is written like none."""
    find: Callable[[str], str | None]
    """The code in a text, grouped."""


class Found(NamedTuple):
    """A code in a text, and the page where it is typed."""

    code: str
    page: str


def read(typed: str) -> str | None:
    """What somebody typed as a code, grouped; None where it is written like none."""
    return next((code for kind in CODES.values() if (code := kind.read(typed))), None)


def find(text: str) -> Found | None:
    """The code in a text."""
    return next((Found(code, kind.page) for kind in CODES.values() if (code := kind.find(text))), None)
