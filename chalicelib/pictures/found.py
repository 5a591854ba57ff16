"""How the lint tells a mistake: in both languages, at its place on the picture, with what was measured."""

from __future__ import annotations

from chalicelib.pictures.document import Box, Fault, Mistake, Part
from chalicelib.pictures.page import Page, Piece

NAMES = {
    Part.BACKGROUND: ("背景", "the background"),
    Part.PICTURE: ("图片", "the picture"),
    Part.TITLE: ("主标题", "the title"),
    Part.SUBTITLE: ("副标题", "the subtitle"),
    Part.BENEFIT: ("利益点", "the benefit"),
    Part.POINTS: ("卖点", "a point"),
    Part.ENDORSEMENT: ("背书", "the endorsement"),
    Part.ACTION: ("行动引导", "the call to action"),
    Part.NOTE: ("附注", "the note"),
    Part.PERSON: ("头像或昵称", "portrait or name"),
    Part.CODE: ("码", "the code"),
    Part.STICKERS: ("贴纸", "a sticker"),
}
"""What parts are called, in both languages."""


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


def started(sentence: str) -> str:
    """With a capital letter.

    >>> started("the title")
    'The title'
    """
    return sentence[0].upper() + sentence[1:]


def first(page: Page, part: Part) -> Piece | None:
    """The first piece of a part, or None where none was drawn."""
    return next((piece for piece in page.pieces if piece.part is part), None)


def at(page: Page, piece: Piece, mistake: Mistake, zh: str, en: str, **measured: float) -> Fault:
    """A mistake of one piece of the page."""
    box, pointer = on_page(piece.box, page), piece.pointer
    return Fault(mistake=mistake, zh=zh, en=en, part=piece.part, box=box, pointer=pointer, measured=_rounded(measured))


def around(page: Page, part: Part) -> Box | None:
    """What all pieces of a part cover together, on the page; None where none was drawn."""
    sides = [corners(on_page(piece.box, page)) for piece in page.pieces if piece.part is part]
    if not sides:
        return None
    lefts, tops, rights, bottoms = zip(*sides, strict=True)
    left, top = min(lefts), min(tops)
    return Box(x=left, y=top, w=max(rights) - left, h=max(bottoms) - top)


def of_part(page: Page, part: Part, pointer: str, mistake: Mistake, zh: str, en: str, **measured: float) -> Fault:
    """A mistake of all that belongs to a part, or of its not being there."""
    box = around(page, part)
    return Fault(mistake=mistake, zh=zh, en=en, part=part, box=box, pointer=pointer, measured=_rounded(measured))


def of_page(pointer: str | None, mistake: Mistake, zh: str, en: str, **measured: float) -> Fault:
    """A mistake of the whole page."""
    return Fault(mistake=mistake, zh=zh, en=en, pointer=pointer, measured=_rounded(measured))


def _rounded(measured: dict[str, float]) -> dict[str, float]:
    return {name: round(float(value), 3) for name, value in measured.items()}
