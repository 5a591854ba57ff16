"""How the lint tells a mistake: in both languages, at its place on the picture, with what was measured."""

from __future__ import annotations

from chalicelib.pictures.document import Box, Fault, Mistake, Part
from chalicelib.pictures.page import Page, Piece


def overlap(one: Box, other: Box) -> int:
    """The square pixels that both boxes have."""
    wide = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    high = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    return max(wide, 0) * max(high, 0)


def apart(one: Box, other: Box) -> float:
    """The pixels between the nearest points of two boxes; 0 where they meet."""
    wide = max(one.x - other.x - other.w, other.x - one.x - one.w, 0)
    high = max(one.y - other.y - other.h, other.y - one.y - one.h, 0)
    return float((wide**2 + high**2) ** 0.5)


def grown(box: Box, by: int) -> Box:
    """The box with so many pixels more on every side; it may leave the page."""
    return Box(x=box.x - by, y=box.y - by, w=box.w + 2 * by, h=box.h + 2 * by)


def corners(box: Box) -> tuple[int, int, int, int]:
    """Left, top, right and bottom."""
    return box.x, box.y, box.x + box.w, box.y + box.h


def on_page(box: Box, page: Page) -> Box:
    """What of the box is on the page, at least a pixel."""
    wide, high = page.image.size
    left, top = min(max(box.x, 0), wide - 1), min(max(box.y, 0), high - 1)
    right, bottom = min(box.x + box.w, wide), min(box.y + box.h, high)
    return Box(x=left, y=top, w=max(right - left, 1), h=max(bottom - top, 1))


def first(page: Page, part: Part) -> Piece | None:
    """The first piece of a part, or None where none was drawn."""
    return next((piece for piece in page.pieces if piece.part is part), None)


def at(page: Page, piece: Piece, mistake: Mistake, zh: str, en: str, **measured: float) -> Fault:
    """A mistake of one piece of the page."""
    box, pointer = on_page(piece.box, page), piece.pointer
    return Fault(mistake=mistake, zh=zh, en=en, part=piece.part, box=box, pointer=pointer, measured=_rounded(measured))


def of_part(page: Page, part: Part, pointer: str, mistake: Mistake, zh: str, en: str, **measured: float) -> Fault:
    """A mistake of all that belongs to a part, or of its not being there: its box is the first piece's."""
    piece = first(page, part)
    box = None if piece is None else on_page(piece.box, page)
    return Fault(mistake=mistake, zh=zh, en=en, part=part, box=box, pointer=pointer, measured=_rounded(measured))


def of_page(pointer: str | None, mistake: Mistake, zh: str, en: str, **measured: float) -> Fault:
    """A mistake of the whole page."""
    return Fault(mistake=mistake, zh=zh, en=en, pointer=pointer, measured=_rounded(measured))


def _rounded(measured: dict[str, float]) -> dict[str, float]:
    return {name: round(float(value), 3) for name, value in measured.items()}
