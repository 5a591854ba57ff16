"""How a whole cut is split over its parts: fixed by amount, number and manner alone, and told beforehand (rules W6)."""

from __future__ import annotations

from enum import StrEnum


class Split(StrEnum):
    """How the whole cut is split over the helpers: all alike, or the earlier the more."""

    EQUAL = "equal"
    FALLING = "falling"
    """Each a little less than the one before, the last about half of the first."""
    FRONT_LOADED = "front_loaded"
    """The first one half, the others share the rest."""


def slots(cut_fen: int, parts: int, split: Split) -> list[int]:
    """What each part cuts, in fen and in order: each at least 1, none more than the one before, together ``cut_fen``.

    Raises ValueError where the cut does not reach for a fen a part.
    """
    if not 1 <= parts <= cut_fen:
        raise ValueError(f"{cut_fen} fen do not make {parts} parts")
    if split is Split.FALLING:
        return [1 + more for more in _weighed(cut_fen - parts, range(2 * parts, parts, -1))]
    if split is Split.FRONT_LOADED and parts > 1:
        first = min(cut_fen - cut_fen // 2, cut_fen - (parts - 1))
        return [first, *_weighed(cut_fen - first, [1] * (parts - 1))]
    return _weighed(cut_fen, [1] * parts)


def _weighed(total: int, weights: range | list[int]) -> list[int]:
    """``total`` by falling weights; what does not divide goes to the first, one each."""
    whole = [total * weight // sum(weights) for weight in weights]
    left = total - sum(whole)
    return [share + (n < left) for n, share in enumerate(whole)]
