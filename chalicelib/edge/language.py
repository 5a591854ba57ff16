"""Which of the two languages a client reads: Accept-Language as RFC 9110 §12.5.4 has it, Chinese by default."""

from __future__ import annotations

import re
from functools import lru_cache

from chalicelib.core.errors import Language

DEFAULT: Language = "zh"
_QUALITY = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_LONGEST = 1024


@lru_cache(maxsize=256)
def preferred(header: str) -> Language:
    """``zh`` or ``en``: the one of higher quality; of two equals the one named first; Chinese when neither is named.

    ``*`` stands for whichever is not named; ``q=0`` refuses a language; what cannot be parsed is passed over.
    """
    qualities: dict[str, tuple[float, int]] = {}
    for position, part in enumerate(header[:_LONGEST].split(",")):
        tag, _, parameters = part.partition(";")
        primary = tag.strip().lower().split("-", 1)[0]
        if primary not in ("zh", "en", "*"):
            continue
        quality = _quality(parameters.strip().lower())
        if quality is not None and (primary not in qualities or quality > qualities[primary][0]):
            qualities[primary] = (quality, -position)
    rest = qualities.get("*")
    chinese = qualities.get("zh", rest)
    english = qualities.get("en", rest)
    if english is None or english[0] == 0.0:
        return DEFAULT
    if chinese is None:
        return "en"
    return "en" if english > chinese else DEFAULT


def _quality(parameters: str) -> float | None:
    if not parameters:
        return 1.0
    found = _QUALITY.fullmatch(parameters)
    return float(found[1]) if found else None
