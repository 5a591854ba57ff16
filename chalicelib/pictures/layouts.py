"""Three ways to divide a poster, in two formats, and where the document's own places stand over them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import msgspec

from chalicelib.pictures.document import Box, Format, Layout, Part, Poster
from chalicelib.pictures.plans import Plan
from chalicelib.pictures.squares import square_band, square_card, square_photo
from chalicelib.pictures.talls import tall_band, tall_card, tall_photo
from chalicelib.pictures.wording import LEVELS, Level

DIVIDED: dict[tuple[Format, Layout], Callable[[Poster, Level], Plan]] = {
    (Format.TALL, Layout.BAND): tall_band,
    (Format.TALL, Layout.PHOTO): tall_photo,
    (Format.TALL, Layout.CARD): tall_card,
    (Format.SQUARE, Layout.BAND): square_band,
    (Format.SQUARE, Layout.PHOTO): square_photo,
    (Format.SQUARE, Layout.CARD): square_card,
}


def boxes(document: Poster) -> dict[Part, Box]:
    """Where each part stands that there is. Background and stickers are not among them."""
    return plan(document).boxes


def plan(document: Poster) -> Plan:
    """The most generous division in which everything fits, the tightest where nothing does; places over it."""
    return _planned(msgspec.json.encode(document))


@lru_cache(maxsize=8)
def _planned(encoded: bytes) -> Plan:
    document = msgspec.json.decode(encoded, type=Poster)
    divided = DIVIDED[document.format, document.layout]
    for level in LEVELS:
        found = divided(document, level)
        if found.left >= 0:
            break
    return found._replace(boxes=found.boxes | document.places)
