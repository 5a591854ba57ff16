"""Composing a poster: from its document, the pictures it names, whoever shares it, and its code."""

from __future__ import annotations

from PIL import Image

from chalicelib.core import files
from chalicelib.pictures import codes, faces, grounds, letters, shapes
from chalicelib.pictures.document import Box, Layout, LeftOut, Part, PictureId, Sticker
from chalicelib.pictures.drafts import Draft
from chalicelib.pictures.errands import CODE, DrawPoster, Refusal
from chalicelib.pictures.layouts import plan
from chalicelib.pictures.opening import PIXELS, NotTaken, opened
from chalicelib.pictures.page import Page
from chalicelib.pictures.plans import Kind
from chalicelib.pictures.sent import LEAST
from chalicelib.pictures.texts import (
    write_badge,
    write_endorsement,
    write_name,
    write_points,
    write_sticker,
    write_text,
)

LEAST_CODE = 100
"""Pixels of a code's picture; WeChat's smallest is 280."""

CORNERS = 28
"""Pixels of a picture's round corners."""

BESIDE = 20
"""Pixels between portrait and name."""

PLATE = 12
"""Pixels of white around a code that stands on a card."""

WRITTEN = (Part.TITLE, Part.SUBTITLE, Part.ACTION, Part.NOTE)
"""Parts that are one plain text."""


def page(errand: DrawPoster) -> Page:
    """The poster, and what was drawn where. The same errand and files give the same picture.

    Raises `NotTaken` for a picture of the merchant's that is gone (``which`` is its id), and for a code that is none.
    """
    document = errand.document
    code = _opened(errand.code, CODE, LEAST_CODE)
    draft = Draft(document, plan(document))
    _lay_grounds(draft, errand)
    for part in WRITTEN:
        if box := draft.plan.boxes.get(part):
            write_text(draft, part, box)
    for part, write in (
        (Part.BENEFIT, write_badge),
        (Part.POINTS, write_points),
        (Part.ENDORSEMENT, write_endorsement),
    ):
        if box := draft.plan.boxes.get(part):
            write(draft, box)
    if document.shows_person and (box := draft.plan.boxes.get(Part.PERSON)):
        _person(draft, errand, box)
    _code(draft, code, draft.plan.boxes[Part.CODE])
    for number, sticker in enumerate(document.stickers):
        _sticker(draft, errand, sticker, f"/stickers/{number}")
    return draft.page(code)


def _lay_grounds(draft: Draft, errand: DrawPoster) -> None:
    """Whatever is beneath the words, in its order: background, bands and pictures, sheets, panels."""
    document, plan_ = draft.document, draft.plan
    palette, size = document.palette, document.format.size
    around = _background(draft, errand)
    draft.image.paste(around)
    if document.background is not None:
        # Where words stand right on it; on a sheet they stand everywhere.
        sheets = [ground.box for ground in plan_.grounds if ground.kind is Kind.SHEET]
        free = [box for part, box in plan_.boxes.items() if draft.on(part) is Kind.PAGE and not draft.placed(part)]
        behind = grounds.veiled(around, sheets or free, palette)
        if not sheets:
            draft.image.paste(behind)
    else:
        behind = Image.new("RGB", size, palette.background)
    for ground in plan_.grounds:
        if ground.kind is Kind.SHEET:
            _picture(draft, errand)
            grounds.sheet(draft.image, ground, behind)
        elif ground.kind is Kind.FOLD:
            card = next(one.box for one in plan_.grounds if one.kind is Kind.CARD)
            grounds.fold(draft.image, ground, card, palette, around)
        else:
            grounds.lay(draft.image, ground, palette, pictured=document.background is not None)
    if document.layout is not Layout.PHOTO:
        _picture(draft, errand)


def _background(draft: Draft, errand: DrawPoster) -> Image.Image:
    """The page with nothing on it."""
    document = draft.document
    if document.background is None:
        return grounds.plain(document.format.size, document.palette, carded=document.layout is Layout.CARD)
    image = _merchants(errand, document.background)
    whole = Box(x=0, y=0, w=draft.image.width, h=draft.image.height)
    draft.sources[Part.BACKGROUND] = (*image.size, whole)
    draft.drew(Part.BACKGROUND, whole, pointer="/background")
    paper = Image.new("RGB", draft.image.size, document.palette.background)
    _lay(paper, shapes.covering(image, *paper.size), whole, 0)
    return paper


def _picture(draft: Draft, errand: DrawPoster) -> None:
    """The document's picture in its box, cut to its shape."""
    document, box = draft.document, draft.plan.boxes.get(Part.PICTURE)
    if document.picture is None or box is None:
        return
    image = _merchants(errand, document.picture)
    draft.sources[Part.PICTURE] = (*image.size, box)
    draft.drew(Part.PICTURE, box, pointer="/picture")
    edges = document.layout is Layout.PHOTO and not draft.placed(Part.PICTURE)
    _lay(draft.image, shapes.covering(image, box.w, box.h), box, 0 if edges else CORNERS)


def _person(draft: Draft, errand: DrawPoster, box: Box) -> None:
    """Portrait and name, of which letters that cannot be drawn are left out; without a portrait a figure instead."""
    side, person = min(box.h, box.w), errand.person
    nickname = letters.drawable(person.nickname or "")
    figure = faces.missing(person.nickname, side, draft.document.palette)
    if person.avatar_url is not None:
        try:
            portrait = faces.portrait(person.avatar_url)
            figure = faces.round_portrait(portrait, side)
            draft.sources[Part.PERSON] = (*portrait.size, Box(x=box.x, y=box.y, w=side, h=side))
        except NotTaken as refused:
            draft.left_out.append(LeftOut(Part.PERSON, refused.why))
    draft.image.paste(figure, (box.x, box.y), figure)
    draft.drew(Part.PERSON, Box(x=box.x, y=box.y, w=side, h=side))
    room = box.w - side - BESIDE
    if nickname and room > 0:
        write_name(draft, nickname, Box(x=box.x + side + BESIDE, y=box.y, w=room, h=box.h))


def _code(draft: Draft, code: Image.Image, box: Box) -> None:
    drawn = codes.drawn(code, box.w, box.h)
    x, y = box.x + (box.w - drawn.width) // 2, box.y + (box.h - drawn.height) // 2
    covered = Box(x=x, y=y, w=drawn.width, h=drawn.height)
    if draft.on(Part.CODE) is Kind.CARD and not draft.placed(Part.CODE):
        plate = Box(x=box.x - PLATE, y=box.y - PLATE, w=box.w + 2 * PLATE, h=box.h + 2 * PLATE)
        shapes.panel(draft.image, plate, grounds.PAPER, CORNERS)
    draft.image.paste(drawn, (x, y))
    draft.sources[Part.CODE] = (*code.size, covered)
    draft.drew(Part.CODE, covered)


def _sticker(draft: Draft, errand: DrawPoster, sticker: Sticker, pointer: str) -> None:
    if sticker.picture is None:
        write_sticker(draft, sticker, pointer)
        return
    image, box = _merchants(errand, sticker.picture), sticker.box
    _lay(draft.image, image.resize((box.w, box.h), Image.Resampling.LANCZOS), box, 0)
    draft.drew(Part.STICKERS, box, pointer=pointer)
    before = draft.sources.get(Part.STICKERS)
    if before is None or _enlarged(*image.size, box) > _enlarged(*before):
        draft.sources[Part.STICKERS] = (*image.size, box)


def _enlarged(width: int, height: int, box: Box) -> float:
    return max(box.w / width, box.h / height)


def _lay(image: Image.Image, what: Image.Image, box: Box, radius: int) -> None:
    """Put a picture into a box, with what can be seen through it."""
    mask = shapes.rounded(box.w, box.h, radius)
    if what.mode == "RGBA":
        mask = shapes.within(mask, what.getchannel("A"))
    image.paste(what.convert("RGB"), (box.x, box.y), mask)


def _merchants(errand: DrawPoster, picture: PictureId) -> Image.Image:
    return _opened(errand.pictures.get(picture, ""), picture, LEAST)


def _opened(name: str, which: str, least: int) -> Image.Image:
    content = files.kept(name) if name else None
    if content is None:
        raise NotTaken(Refusal.UNREACHABLE, which=which)
    try:
        return opened(content, least=least, most=PIXELS)
    except NotTaken as refused:
        raise NotTaken(refused.why, refused.limit, which) from None
