"""Proportions and resolution: how a poster's parts stand to the page, to one another and to their own pixels."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.pictures.document import Fault, Mistake, Part
from chalicelib.pictures.found import NAMES, at, of_page, started
from chalicelib.pictures.page import Page, Piece

LEAST_TITLE = 54
"""A title's letters in pixels: a twentieth of the width, about 19 points on a phone, as a heading there has."""
MOST_TITLE = 0.5
"""Share of the page's height that a title takes at most."""
MARGIN = 24
"""Pixels of free edge for whatever is read: eight points on a phone, as its own pages have at least."""
MOST_STRETCHED = 1.1
"""Of a sticker's sides against its original's; more shows on faces and round things."""
MOST_CUT = 0.7
"""Share of a picture that its place cuts away: a photo of 16:9 still fits behind a tall poster; more spoils it."""
MOST_ENLARGED = 1.25
"""How much larger a picture's pixels are drawn: beyond a quarter it is soft on a phone of three pixels a point."""

SMALLER = (
    (Part.TITLE, frozenset({Part.SUBTITLE, Part.BENEFIT, Part.ACTION})),
    (Part.BENEFIT, frozenset({Part.POINTS, Part.ENDORSEMENT, Part.NOTE})),
)
"""What has larger letters than what: title, then benefit, then the rest."""


def proportions(page: Page) -> Iterator[Fault]:
    """Formats, pictures out of shape, the title's size, what is larger than what, and margins."""
    yield from _format(page)
    yield from _title(page)
    yield from _hierarchy(page)
    for piece in page.pieces:
        if piece.part is Part.CODE or (piece.laid is not None and piece.part is not Part.STICKERS):
            yield from _margin(page, piece)
    for part, cut in _cuts(page).items():
        if part in (Part.PICTURE, Part.BACKGROUND) and cut > MOST_CUT:
            zh, en = (
                "图片被裁掉太多，请换一张长宽接近的图。",
                "Too much of the picture is cut away; take one of another shape.",
            )
            yield at(page, _piece(page, part), Mistake.PROPORTIONS, zh, en, cut=cut, limit=MOST_CUT)
    if (sticker := page.sources.get(Part.STICKERS)) is not None:
        wide, high, box = sticker
        ratio = (wide / high) / (box.w / box.h)
        if (stretched := max(ratio, 1 / ratio)) > MOST_STRETCHED:
            zh, en = (
                "贴纸图片被拉伸变形了，请让位置和图片长宽一致。",
                "The sticker is stretched; give it a place of its own shape.",
            )
            piece = _piece(page, Part.STICKERS)
            yield at(page, piece, Mistake.PROPORTIONS, zh, en, stretched=stretched, limit=MOST_STRETCHED)


def resolution(page: Page) -> Iterator[Fault]:
    """Pictures, and the code, that are drawn larger than their own pixels are."""
    for part, (wide, high, box) in page.sources.items():
        enlarged = max(box.w / wide, box.h / high)
        if part not in (Part.PERSON, Part.CODE) and enlarged > MOST_ENLARGED:
            zh, en = (
                "图片像素不够，放大后会模糊，请换一张更大的。",
                "The picture has too few pixels and is blurred; send a larger one.",
            )
            yield at(page, _piece(page, part), Mistake.RESOLUTION, zh, en, enlarged=enlarged, limit=MOST_ENLARGED)
    for piece in page.pieces:
        enlarged = max(piece.box.w / page.code.width, piece.box.h / page.code.height)
        if piece.part is Part.CODE and enlarged > MOST_ENLARGED:
            widest = int(min(page.code.size) * MOST_ENLARGED)
            zh = f"码放得太大，会模糊：请缩小它的位置，最宽 {widest} 像素。"
            en = f"The code is drawn too large and blurs; make its place at most {widest} pixels wide."
            yield at(page, piece, Mistake.RESOLUTION, zh, en, enlarged=enlarged, limit=MOST_ENLARGED)


def _format(page: Page) -> Iterator[Fault]:
    wide, high = page.image.size
    if (wide, high) != page.document.format.size:
        zh, en = "海报应为 9:16 或 1:1。", "A poster is 9:16 or square."
        yield of_page("/format", Mistake.PROPORTIONS, zh, en, width=wide, height=high)


def _title(page: Page) -> Iterator[Fault]:
    for piece in page.pieces:
        if piece.part is not Part.TITLE or piece.laid is None:
            continue
        if piece.laid.size < LEAST_TITLE:
            zh, en = (
                "主标题的字太小，请写短一些或给它更大的位置。",
                "The title's letters are too small; shorten it or give it more room.",
            )
            yield at(page, piece, Mistake.PROPORTIONS, zh, en, size=piece.laid.size, limit=LEAST_TITLE)
        if (share := piece.laid.height / page.image.height) > MOST_TITLE:
            zh, en = "主标题占了半页以上，请写短一些。", "The title takes more than half of the page; shorten it."
            yield at(page, piece, Mistake.PROPORTIONS, zh, en, share=share, limit=MOST_TITLE)


def _hierarchy(page: Page) -> Iterator[Fault]:
    for part, others in SMALLER:
        sizes = [piece.laid.size for piece in page.pieces if piece.part is part and piece.laid is not None]
        for piece in page.pieces:
            if sizes and piece.part in others and piece.laid is not None and piece.laid.size > min(sizes):
                (zh_part, en_part), (zh_first, en_first) = NAMES[piece.part], NAMES[part]
                zh = f"{zh_part}的字比{zh_first}还大：请缩短{zh_first}，或给它更大的位置。"
                en = f"{started(en_part)} has larger letters than {en_first}; shorten {en_first}, or give it more room."
                yield at(page, piece, Mistake.PROPORTIONS, zh, en, size=piece.laid.size, limit=min(sizes))


def _margin(page: Page, piece: Piece) -> Iterator[Fault]:
    box, (wide, high) = piece.box, page.image.size
    free = min(box.x, box.y, wide - box.x - box.w, high - box.y - box.h)
    if 0 <= free < MARGIN:
        zh, en = f"离边太近，请留出至少 {MARGIN} 像素。", f"It is too near the edge; leave at least {MARGIN} pixels."
        yield at(page, piece, Mistake.PROPORTIONS, zh, en, margin=free, limit=MARGIN)


def _cuts(page: Page) -> dict[Part, float]:
    return {part: cut_away(wide / high, box.w / box.h) for part, (wide, high, box) in page.sources.items()}


def cut_away(source: float, place: float) -> float:
    """The share of a picture that is cut away where it fills a place; both as width over height.

    >>> cut_away(2.0, 1.0)
    0.5
    """
    return 1 - min(source / place, place / source)


def _piece(page: Page, part: Part) -> Piece:
    box = page.sources[part][2]
    drawn = next((piece for piece in page.pieces if piece.part is part and piece.box == box), None)
    return drawn or Piece(part, box, None, None, f"/{part}")
