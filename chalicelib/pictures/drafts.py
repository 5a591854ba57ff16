"""A poster while it is drawn."""

from __future__ import annotations

from PIL import Image, ImageStat

from chalicelib.pictures.colours import mixed, readable, rgb
from chalicelib.pictures.document import Box, LeftOut, Part, Poster
from chalicelib.pictures.light import contrast
from chalicelib.pictures.page import Page, Piece
from chalicelib.pictures.plans import Kind, Plan
from chalicelib.pictures.typeset import Laid

BLACK = "#1a1a1a"
"""What can be read on a panel where none of the document's colours can."""

TOLD_APART = 1.6
"""Contrast of a badge with what it stands on."""


class Draft:
    """The picture, and what was drawn on it so far."""

    def __init__(self, document: Poster, plan: Plan) -> None:
        self.document = document
        self.plan = plan
        self.image = Image.new("RGB", document.format.size, document.palette.background)
        self.pieces: list[Piece] = []
        self.left_out: list[LeftOut] = []
        self.sources: dict[Part, tuple[int, int, Box]] = {}

    def page(self, code: Image.Image) -> Page:
        """The finished poster."""
        return Page(self.document, self.image, self.pieces, code, self.left_out, self.sources)

    def drew(
        self, part: Part, box: Box, *, laid: Laid | None = None, ink: str | None = None, pointer: str | None = None
    ) -> None:
        """Remember what was drawn."""
        self.pieces.append(Piece(part, box, laid, ink, pointer))

    def placed(self, part: Part) -> bool:
        """Whether the document says where it stands."""
        return part in self.document.places

    def on(self, part: Part) -> Kind:
        """What a part stands on, where the layout puts it."""
        return self.plan.on.get(part, Kind.PAGE)

    def beneath(self, box: Box) -> tuple[int, int, int]:
        """The mean colour of the picture in a box."""
        wide, high = self.image.size
        left, top = min(box.x, wide - 1), min(box.y, high - 1)
        cut = self.image.crop(
            (left, top, max(min(box.x + box.w, wide), left + 1), max(min(box.y + box.h, high), top + 1))
        )
        red, green, blue = (round(mean) for mean in ImageStat.Stat(cut).mean)
        return red, green, blue

    def ink(self, part: Part, box: Box) -> str:
        """The colour of a part's letters: its own where it can be read on what is beneath."""
        palette, kind = self.document.palette, self.on(part)
        if self.placed(part):
            return readable(self.beneath(box), palette.ink, palette.accent_ink)
        if kind is Kind.BAND:
            return palette.accent_ink
        if kind is Kind.PANEL:
            loud = (palette.accent,) if part is Part.ACTION else ()
            return readable("#ffffff", *loud, palette.ink, BLACK)
        if self.document.background is not None and kind is Kind.PAGE:
            return palette.ink
        if part in (Part.TITLE, Part.ACTION):
            return readable(palette.background, palette.accent, palette.ink)
        if part in (Part.NOTE, Part.ENDORSEMENT, Part.SUBTITLE):
            return readable(palette.background, mixed(palette.ink, palette.background, 0.25), palette.ink)
        return palette.ink

    def badge(self, box: Box) -> tuple[str, str]:
        """The colours of the benefit's badge and of its letters."""
        palette = self.document.palette
        beneath = self.beneath(box)
        if contrast(rgb(palette.accent), beneath) >= TOLD_APART:
            return palette.accent, palette.accent_ink
        return palette.accent_ink, readable(palette.accent_ink, palette.accent, palette.ink)
