"""What is left of a poster on a phone, and whether its code can still be read there."""

from __future__ import annotations

import io
from typing import Any

import zxingcpp
from PIL import Image, ImageChops, ImageFilter, ImageOps

from chalicelib.pictures.document import WIDTH, Box, Fault, Mistake, Part
from chalicelib.pictures.found import at, corners, first, of_part, overlap
from chalicelib.pictures.opening import on_white
from chalicelib.pictures.page import Page, Piece

SENT_SIDE = 1440
"""The longer side, at most, of a picture that a chat passes on; a cautious reading of what WeChat does."""
SENT_QUALITY = 50
"""Of the JPEG that a chat passes on, with colours halved (4:2:0); likewise cautious."""
SHOWN_WIDTH = 375
"""Points across the narrower phones of today, on which a poster fills the screen."""
POINT = WIDTH / SHOWN_WIDTH
"""Pixels of a poster that are one point there."""
SEEN = 3
"""A camera sees every point of another phone's screen on about so many pixels a side."""

CELLS = 48
"""Cells a side on which the shapes of two codes are compared: a dot of WeChat's codes, or a little more, is a cell."""
AROUND = 6
"""A cell is dark or light against the mean of so many cells on each side."""
SURE = 56
"""Levels of 255 by which a cell of the original differs from its surroundings where it is surely dark or light."""
KEPT = 0.2
"""Of that difference so much must be left in the finished poster: that of a code which is just dark enough."""
MOST_CHANGED = 0.02
"""Share of the sure cells that may be changed: JPEG and what is around the code change none; a fiftieth is a stain."""

FORMATS = zxingcpp.QRCode | zxingcpp.DataMatrix | zxingcpp.Aztec | zxingcpp.PDF417 | zxingcpp.Code128 | zxingcpp.EAN13
"""What WeChat's camera would read; the frailer formats would be seen in photographs too."""


def at_phone_size(image: Image.Image) -> Image.Image:
    """What remains of a picture that is sent in a chat and shown on a phone: `SHOWN_WIDTH` across, RGB."""
    sent = image.convert("RGB")
    sent.thumbnail((SENT_SIDE, SENT_SIDE), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    sent.save(file, "JPEG", quality=SENT_QUALITY, subsampling="4:2:0")
    with Image.open(file) as come:
        high = round(come.height * SHOWN_WIDTH / come.width)
        return come.resize((SHOWN_WIDTH, high), Image.Resampling.LANCZOS)


def grey(image: Image.Image) -> Image.Image:
    """The grey levels of a picture whose clear parts show paper."""
    return on_white(image).convert("L")


def read(image: Image.Image) -> list[Any]:
    """The codes in a picture, as zxing tells them."""
    found: list[Any] = zxingcpp.read_barcodes(grey(image), formats=FORMATS)
    return found


def code_fault(page: Page) -> tuple[Fault | None, str | None]:
    """Whether the page's code can still be read at a phone's size, and what it says.

    The code is read from the whole picture; where nothing but WeChat reads its form, its shape is compared. Other codes
    are looked for at the poster's full size too, at which people press long on it.
    """
    shown = at_phone_size(page.image)
    seen = shown.resize((shown.width * SEEN, shown.height * SEEN), Image.Resampling.BICUBIC)
    found = [code.text for code in read(seen)]
    meant = [code.text for code in read(page.code)]
    piece = first(page, Part.CODE)
    if piece is None:
        zh, en = "海报上没有码，请留出放码的位置。", "The poster has no code; leave a place for it."
        return of_part(page, Part.CODE, "/places/code", Mistake.CODE, zh, en), None
    everywhere = dict.fromkeys([*found, *(code.text for code in read(page.image))])
    if others := [text for text in everywhere if text not in meant]:
        zh = "海报上还能扫出别的码，扫码的人会走错，请去掉图片里的码。"
        en = "Another code can be read on the poster, and people would go astray; remove it from the pictures."
        return at(page, piece, Mistake.CODE, zh, en, other_codes=len(others), limit=0), None
    if not meant:
        return _shape_fault(page, piece, shown), None
    if meant[0] not in found:
        zh = "海报经微信发送、在手机上显示后，码扫不出来：请放大码，四周留白，不要遮挡或变形。"
        en = "Sent by WeChat and shown on a phone, the code cannot be read: make it larger, with white around it."
        return at(page, piece, Mistake.CODE, zh, en, read=0, limit=1), None
    return None, meant[0]


def changed(original: Image.Image, size: tuple[int, int], shown: Image.Image, box: Box) -> float:
    """Of a code's sure cells the share that is not as in the original.

    ``size`` is a poster's before it is sent, ``shown`` what a phone shows of it, ``box`` the code's place on it. Both
    are compared as a phone shows them, the original alone, black on white paper. What is off the page is lost.
    """
    there_at_all = overlap(box, Box(x=0, y=0, w=size[0], h=size[1])) / (box.w * box.h)
    if there_at_all == 0:
        return 1.0
    alone = Image.new("L", size, 255)
    alone.paste(ImageOps.autocontrast(grey(original)).resize((box.w, box.h), Image.Resampling.LANCZOS), (box.x, box.y))
    meant, there = (_cells(seen, box, size[0]) for seen in (at_phone_size(alone), shown))
    sure = [(one, other) for one, other in zip(meant, there, strict=True) if abs(one) >= SURE]
    lost = sum(other * (1 if one > 0 else -1) < abs(one) * KEPT for one, other in sure)
    return 1 - there_at_all * (1 - lost / max(len(sure), 1))


def _cells(shown: Image.Image, box: Box, width: int) -> list[int]:
    """How much lighter than its surroundings every cell of a code is, negative where it is darker."""
    scale = shown.width / width
    left, top, right, bottom = (side * scale for side in corners(box))
    place = max(left, 0), max(top, 0), min(right, shown.width), min(bottom, shown.height)
    cells = shown.convert("L").resize((CELLS, CELLS), Image.Resampling.BOX, box=place)
    around = cells.filter(ImageFilter.BoxBlur(AROUND))
    lighter, darker = ImageChops.subtract(cells, around), ImageChops.subtract(around, cells)
    return [up - down for up, down in zip(lighter.tobytes(), darker.tobytes(), strict=True)]


def _shape_fault(page: Page, piece: Piece, shown: Image.Image) -> Fault | None:
    lost = changed(page.code, page.image.size, shown, piece.box)
    if lost > MOST_CHANGED:
        zh = "海报经微信发送、在手机上显示后，码和原来的样子不一样了：请放大码，不要遮挡或变形。"
        en = (
            "Sent by WeChat and shown on a phone, the code is not what it was: make it larger, and cover nothing of it."
        )
        return at(page, piece, Mistake.CODE, zh, en, changed=lost, limit=MOST_CHANGED)
    return None
