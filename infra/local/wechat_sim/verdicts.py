"""What WeChat says of texts and of pictures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """What WeChat says of a text in which a word stands."""

    suggest: str
    label: int


@dataclass(frozen=True)
class Look:
    """What WeChat says of a picture whose address has a part in it, and how long that takes."""

    suggest: str
    label: int
    errcode: int = 0
    """Something else where it could not look."""
    after: float = 3.0
    """Seconds."""


def usual_words() -> dict[str, Word]:
    """What is doubtful from the start."""
    return {"加微信": Word("review", 10001), "赌博": Word("risky", 20006)}
