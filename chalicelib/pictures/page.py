"""A composed poster: the picture, and what was drawn where, which the lint judges."""

from __future__ import annotations

from typing import NamedTuple

from PIL import Image

from chalicelib.pictures.document import Box, LeftOut, Part, Poster
from chalicelib.pictures.typeset import Laid


class Piece(NamedTuple):
    """Something drawn: one text, a picture, the code, a portrait."""

    part: Part
    box: Box
    """What it covers: of a text its lines, with their plate where they stand on one of their own; of the code its
    picture, whose own margin belongs to it."""
    laid: Laid | None
    """Its lines, where it is a text."""
    ink: str | None
    """The colour of its letters."""
    pointer: str | None
    """The field of the document; None of what comes from elsewhere (the person, the code)."""


class Page(NamedTuple):
    """A composed poster."""

    document: Poster
    image: Image.Image
    """RGB, of the format's size."""
    pieces: list[Piece]
    """In the order drawn: later ones lie over earlier ones."""
    code: Image.Image
    """The code as it was given."""
    left_out: list[LeftOut]
    sources: dict[Part, tuple[int, int, Box]]
    """Width and height of the pictures that were drawn, and the box that they fill. Background and picture are cut to
    its shape and the portrait to a circle; a sticker is stretched to it. Of several stickers the one that is enlarged
    the most."""
