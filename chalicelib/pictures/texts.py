"""Writing a poster's words into their boxes."""

from __future__ import annotations

from chalicelib.pictures import shapes, typeset
from chalicelib.pictures.colours import mixed
from chalicelib.pictures.document import Box, Part, Sticker
from chalicelib.pictures.drafts import Draft
from chalicelib.pictures.flow import ROOMY, quote_indent
from chalicelib.pictures.typeset import Laid
from chalicelib.pictures.wording import (
    Style,
    between,
    indent,
    padding,
    points_height,
    set_points,
    set_text,
    style,
    text,
)

FORCED = 12
"""Pixels of the smallest letter in a place that the document gives: too small to be read, and the lint says so."""

STICKER = Style(96, FORCED, 2, bold=True, align="centre")


def _style(draft: Draft, part: Part) -> Style:
    found = style(draft.document, part)
    return found._replace(smallest=FORCED) if draft.placed(part) else found


def put(draft: Draft, laid: Laid, box: Box, ink: str, align: str) -> Box:
    """Write lines at the upper edge of a box; returns what they cover."""
    left = box.x + (box.w - laid.width) // 2 if align == "centre" else box.x
    typeset.draw(draft.image, laid, left, box.y, ink, align="centre" if align == "centre" else "left", width=laid.width)
    return Box(x=left, y=box.y, w=laid.width, h=laid.height)


def write_text(draft: Draft, part: Part, box: Box) -> None:
    """Write a part that is one text."""
    said = text(draft.document, part)
    if said is None:
        return
    as_ = _style(draft, part)
    laid = set_text(said, box.w, box.h, as_)
    ink = draft.ink(part, box)
    draft.drew(part, put(draft, laid, box, ink, as_.align), laid=laid, ink=ink, pointer=f"/words/{part.value}")


def write_badge(draft: Draft, box: Box) -> None:
    """Write what whoever scans gets, on a badge of its own."""
    said = text(draft.document, Part.BENEFIT)
    if said is None:
        return
    as_ = _style(draft, Part.BENEFIT)
    beside, above = padding(min(as_.largest, box.h))
    laid = set_text(said, max(box.w - 2 * beside, 1), max(box.h - 2 * (above // 2), 1), as_)
    beside, above = padding(laid.size)[0], max((box.h - laid.height) // 2, 0)
    above = min(above, padding(laid.size)[1])
    wide = min(laid.width + 2 * beside, box.w)
    left = box.x + (box.w - wide) // 2 if as_.align == "centre" else box.x
    plate = Box(x=left, y=box.y, w=wide, h=laid.height + 2 * above)
    fill, ink = draft.badge(plate)
    shapes.panel(draft.image, plate, fill, plate.h // 2 if len(laid.lines) == 1 else 24)
    put(draft, laid, Box(x=left, y=box.y + above, w=wide, h=laid.height), ink, "centre")
    draft.drew(Part.BENEFIT, plate, laid=laid, ink=ink, pointer="/words/benefit")


def write_points(draft: Draft, box: Box) -> None:
    """Write the selling points, each with a mark before it."""
    points = draft.document.words.points
    if not points:
        return
    palette = draft.document.palette
    laid = set_points(points, box.w, box.h, _style(draft, Part.POINTS))
    size = laid[0].size
    spare = max(box.h - points_height(laid), 0) // max(len(laid) - 1, 1)
    step, y = between(size) + min(spare, ROOMY), box.y
    mark = round(size * 0.98)
    ticked = shapes.ticked(mark, palette.accent, palette.accent_ink)
    ink = draft.ink(Part.POINTS, box)
    for number, one in enumerate(laid):
        draft.image.paste(ticked, (box.x, y + (one.leading - mark) // 2), ticked)
        put(draft, one, Box(x=box.x + indent(size), y=y, w=box.w - indent(size), h=one.height), ink, "left")
        covered = Box(x=box.x, y=y, w=indent(size) + one.width, h=one.height)
        draft.drew(Part.POINTS, covered, laid=one, ink=ink, pointer=f"/words/points/{number}")
        y += one.height + step


def write_endorsement(draft: Draft, box: Box) -> None:
    """Write who speaks for it, with a large quotation mark beside it where there is room for one."""
    said = text(draft.document, Part.ENDORSEMENT)
    if said is None:
        return
    palette, as_ = draft.document.palette, _style(draft, Part.ENDORSEMENT)
    room = quote_indent(draft.document)
    laid = set_text(said, max(box.w - room, 1), box.h, as_)
    ink = draft.ink(Part.ENDORSEMENT, box)
    if room:
        shapes.quotation(
            draft.image, (box.x, box.y + laid.leading // 2), 40, mixed(palette.accent, palette.background, 0.35)
        )
    covered = put(draft, laid, Box(x=box.x + room, y=box.y, w=box.w - room, h=box.h), ink, as_.align)
    draft.drew(Part.ENDORSEMENT, covered, laid=laid, ink=ink, pointer="/words/endorsement")


def write_name(draft: Draft, nickname: str, box: Box) -> None:
    """Write whose poster it is, in the middle of a box's height."""
    as_ = _style(draft, Part.PERSON)
    laid = set_text(nickname, box.w, box.h, as_)
    ink = draft.ink(Part.PERSON, box)
    middle = Box(x=box.x, y=box.y + max(box.h - laid.height, 0) // 2, w=box.w, h=laid.height)
    draft.drew(Part.PERSON, put(draft, laid, middle, ink, "left"), laid=laid, ink=ink)


def write_sticker(draft: Draft, sticker: Sticker, pointer: str) -> None:
    """Write a sticker's few words on its colour."""
    box = sticker.box
    shapes.panel(draft.image, box, sticker.colour, min(box.h // 2, 28))
    beside = min(box.w // 8, 24)
    laid = set_text(sticker.text or "", max(box.w - 2 * beside, 1), box.h, STICKER)
    middle = Box(x=box.x + beside, y=box.y + max(box.h - laid.height, 0) // 2, w=box.w - 2 * beside, h=laid.height)
    put(draft, laid, middle, sticker.ink, "centre")
    draft.drew(Part.STICKERS, box, laid=laid, ink=sticker.ink, pointer=pointer)
