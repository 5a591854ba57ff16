"""The poster with its mistakes marked: every place outlined and numbered, and what the numbers mean below it."""

from __future__ import annotations

import msgspec
from PIL import Image, ImageDraw

from chalicelib.pictures import layouts, typeset
from chalicelib.pictures.document import Box, Fault, Part
from chalicelib.pictures.found import around, corners, grown, on_page
from chalicelib.pictures.page import Page

MARK, PAPER, INK, GREY = "#d4001a", "#ffffff", "#1a1a1a", "#5c5c5c"
"""Of outlines and numbers, and of the legend."""
LINE = 6
DASH = 24
"""Pixels of a dash, and of the gap after it."""
DISC = 52
"""Pixels across of a number's disc."""
EDGE = 40
"""Pixels around the legend."""
BESIDE = 20
"""Pixels between a number and its words, and between two lines of the legend."""
ZH_SIZE, EN_SIZE, NUMBER_SIZE = 34, 28, 30

STAND_INS = {Part.TITLE: "周末一起去爬山", Part.BENEFIT: "扫码立减 18 元", Part.ACTION: "长按识别二维码"}
"""What a part that is missing could say, to see where the layout would put it."""


def marked(page: Page, faults: list[Fault]) -> Image.Image:
    """The page at its own size with the legend below it; faults of one wording share a number and a line of it.

    Where something is missing the outline is dashed. Numbers lie over all outlines.
    """
    numbers = {wording: number for number, wording in enumerate(dict.fromkeys((one.zh, one.en) for one in faults), 1)}
    legend = [_explained(zh, en, page.image.width - 2 * EDGE - DISC - BESIDE) for zh, en in numbers]
    high = sum(_height(texts) for texts in legend) + (2 * EDGE if legend else 0)
    whole = Image.new("RGB", (page.image.width, page.image.height + high), PAPER)
    whole.paste(page.image, (0, 0))
    places = [(fault, place) for fault in faults if (place := _place(page, fault) or _wanted(page, fault))]
    pen = ImageDraw.Draw(whole)
    for fault, box in places:
        if _place(page, fault) is None:
            _dashed(pen, _outline(page, box))
        else:
            pen.rectangle(_outline(page, box), outline=MARK, width=LINE)
    taken: list[Box] = []
    for fault, box in places:
        taken.append(_free(page, box, taken))
        _number(whole, numbers[fault.zh, fault.en], taken[-1])
    top = page.image.height + EDGE
    for number, texts in enumerate(legend, 1):
        _number(whole, number, Box(x=EDGE, y=top, w=DISC, h=DISC))
        y = top
        for laid, colour in zip(texts, (INK, GREY), strict=True):
            typeset.draw(whole, laid, EDGE + DISC + BESIDE, y, colour)
            y += laid.height
        top += _height(texts)
    return whole


def _explained(zh: str, en: str, width: int) -> tuple[typeset.Laid, typeset.Laid]:
    return typeset.lines(zh, ZH_SIZE, width), typeset.lines(en, EN_SIZE, width)


def _height(texts: tuple[typeset.Laid, typeset.Laid]) -> int:
    return max(sum(laid.height for laid in texts), DISC) + BESIDE


def _place(page: Page, fault: Fault) -> Box | None:
    """Where a fault is; of one that others found, where its part stands."""
    if fault.box is not None or fault.part is None:
        return fault.box
    return around(page, fault.part)


def _wanted(page: Page, fault: Fault) -> Box | None:
    """Where the layout would put the part that is missing."""
    if fault.part not in STAND_INS:
        return None
    words = msgspec.structs.replace(page.document.words, **{fault.part.value: STAND_INS[fault.part]})
    return on_page(layouts.boxes(msgspec.structs.replace(page.document, words=words))[fault.part], page)


def _dashed(pen: ImageDraw.ImageDraw, sides: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = sides
    for x in range(left, right + 1, 2 * DASH):
        for y in (top, bottom - LINE + 1):
            pen.rectangle((x, y, min(x + DASH - 1, right), y + LINE - 1), MARK)
    for y in range(top, bottom + 1, 2 * DASH):
        for x in (left, right - LINE + 1):
            pen.rectangle((x, y, x + LINE - 1, min(y + DASH - 1, bottom)), MARK)


def _outline(page: Page, box: Box) -> tuple[int, int, int, int]:
    left, top, right, bottom = corners(on_page(grown(box, LINE), page))
    return left, top, right - 1, bottom - 1


def _free(page: Page, box: Box, taken: list[Box]) -> Box:
    """The disc's place at the outline's corner, moved right where another number has it already."""
    x = min(max(box.x - DISC // 2, 0), page.image.width - DISC)
    y = min(max(box.y - DISC // 2, 0), page.image.height - DISC)
    while (
        any(abs(x - other.x) < DISC and abs(y - other.y) < DISC for other in taken) and x + 2 * DISC < page.image.width
    ):
        x += DISC
    return Box(x=x, y=y, w=DISC, h=DISC)


def _number(image: Image.Image, number: int, box: Box) -> None:
    draw = ImageDraw.Draw(image)
    left, top, right, bottom = corners(box)
    draw.ellipse((left, top, right - 1, bottom - 1), fill=MARK, outline=PAPER, width=3)
    laid = typeset.lines(str(number), NUMBER_SIZE, DISC, bold=True)
    typeset.draw(image, laid, box.x, box.y + (DISC - laid.height) // 2, PAPER, align="centre", width=DISC)
