"""The code of a poster: read or compared as a phone shows it; its size, its shape, its margin, what lies over it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw, ImageFilter

from chalicelib.pictures import lint_code, phone
from chalicelib.pictures.document import Box, Format, Mistake, Part
from chalicelib.pictures.page import Page, Piece
from tests.pictures.painted import LINK, OTHER_LINK, mini, qr
from tests.pictures.posters import poster

PLACE = Box(x=660, y=1500, w=296, h=296)

Change = Callable[[Image.Image], Image.Image]


def page(code: Image.Image, box: Box = PLACE, *, change: Change | None = None, ground: str = "#fff7ee") -> Page:
    """A page with nothing but its code, which ``change`` spoiled when it was drawn."""
    image = Image.new("RGB", (1080, 1920), ground)
    drawn = code.resize((box.w, box.h), Image.Resampling.LANCZOS)
    image.paste(change(drawn) if change else drawn, (box.x, box.y))
    return Page(poster(), image, [Piece(Part.CODE, box, None, None, None)], code, [], {})


def causes(of: Page) -> set[str]:
    """What was measured of each of the code's faults."""
    found = list(lint_code.faults(of))
    assert {fault.mistake for fault in found} <= {Mistake.CODE}
    return {name for fault in found for name in fault.measured if name != "limit"}


def covered(share: float) -> Change:
    """A dark square over that share of the code."""

    def change(code: Image.Image) -> Image.Image:
        side = round(code.width * share**0.5)
        ImageDraw.Draw(code).rectangle((50, 60, 50 + side, 60 + side), "#c8321f")
        return code

    return change


def faint(code: Image.Image) -> Image.Image:
    """The code hardly darker than its paper."""
    return Image.blend(code, Image.new("RGB", code.size, "white"), 0.9)


def blurred(code: Image.Image) -> Image.Image:
    """The code out of focus."""
    return code.filter(ImageFilter.GaussianBlur(9))


def turned(code: Image.Image) -> Image.Image:
    """The code askew and stretched, on its own paper."""
    return code.rotate(11, fillcolor="white").resize((code.width, code.height // 2)).resize(code.size)


def test_what_a_phone_shows_is_small_and_a_jpeg() -> None:
    image = Image.effect_noise((1080, 1920), 120).convert("RGB")
    shown = phone.at_phone_size(image)
    assert shown.size == (375, 667)
    assert shown.mode == "RGB"
    assert phone.at_phone_size(Image.new("RGB", Format.SQUARE.size)).size == (375, 375)
    assert shown.tobytes() != image.resize((375, 667), Image.Resampling.LANCZOS).tobytes()


def test_a_qr_code_says_the_same_on_a_phone() -> None:
    assert phone.code_fault(page(qr())) == (None, LINK)
    assert causes(page(qr())) == set()


def test_a_code_of_wechats_is_as_it_was_and_says_nothing() -> None:
    for side, ground in ((lint_code.LEAST, "#c8321f"), (296, "#14182b")):
        of = page(mini(), Box(x=661, y=1503, w=side, h=side), ground=ground)
        assert phone.code_fault(of) == (None, None)
        assert causes(of) == set()


@pytest.mark.parametrize("change", [covered(0.2), blurred], ids=["covered", "blurred"])
def test_a_spoiled_qr_code_is_not_read(change: Change) -> None:
    fault, reads = phone.code_fault(page(qr(), change=change))
    assert reads is None
    assert fault is not None
    assert (fault.part, fault.box, fault.measured) == (Part.CODE, PLACE, {"read": 0, "limit": 1})


@pytest.mark.parametrize(
    "change",
    [covered(0.04), covered(0.2), faint, blurred, turned],
    ids=["stained", "covered", "faint", "blurred", "turned"],
)
def test_a_spoiled_code_of_wechats_is_not_what_it_was(change: Change) -> None:
    fault, reads = phone.code_fault(page(mini(), change=change))
    assert reads is None
    assert fault is not None
    assert fault.measured["changed"] > fault.measured["limit"] == phone.MOST_CHANGED


def test_another_code_of_wechats_is_not_the_same() -> None:
    other = mini(2).resize((PLACE.w, PLACE.h))
    fault, _ = phone.code_fault(page(mini(), change=lambda _: other))
    assert fault is not None


def test_a_code_is_dark_on_light() -> None:
    """By two fifths of all light; a grey of 203 sends back 0.597 of it, one of 206 0.617."""
    assert causes(page(mini(ink=203))) == causes(page(qr(), change=lambda code: code.point(_no_darker(203)))) == set()
    assert "contrast" in causes(page(mini(ink=206)))
    assert causes(page(qr(), change=lambda code: code.point(_no_darker(206)))) == {"contrast"}


def _no_darker(level: int) -> list[int]:
    return [max(level, value) for value in range(256)] * 3


@pytest.mark.parametrize("code", [qr(), mini()], ids=["qr", "mini"])
def test_nothing_else_is_read_as_a_code(code: Image.Image) -> None:
    of = page(code)
    of.image.paste(qr(OTHER_LINK).resize((400, 400)), (300, 300))
    fault, reads = phone.code_fault(of)
    assert reads is None
    assert fault is not None
    assert fault.measured == {"other_codes": 1, "limit": 0}


def test_a_small_code_that_only_the_full_picture_shows_is_another() -> None:
    """People press long on the full picture; at a phone's size it is 29 pixels wide, a cell of one."""
    of = page(qr())
    of.image.paste(qr(OTHER_LINK).resize((99, 99)), (300, 300))
    shown = phone.at_phone_size(of.image)
    assert OTHER_LINK not in [code.text for code in phone.read(shown.resize((1125, 2001)))]
    fault, reads = phone.code_fault(of)
    assert reads is None
    assert fault is not None
    assert fault.measured == {"other_codes": 1, "limit": 0}


@pytest.mark.parametrize(("y", "least", "most"), [(1920, 1, 1), (1919, 0.99, 1), (1772, 0.5, 0.52), (1624, 0, 0.02)])
def test_what_of_a_code_is_off_the_page_is_lost(y: int, least: float, most: float) -> None:
    of = page(mini(), Box(x=660, y=y, w=296, h=296))
    lost = phone.changed(of.code, of.image.size, phone.at_phone_size(of.image), of.pieces[0].box)
    assert least <= lost <= most
    assert (phone.code_fault(of)[0] is None) is (y == 1624)


def test_a_page_without_a_code_has_a_fault() -> None:
    fault, reads = phone.code_fault(page(qr())._replace(pieces=[]))
    assert fault is not None
    assert (fault.part, fault.box, reads) == (Part.CODE, None, None)


def test_a_fifth_of_the_width_is_the_least() -> None:
    least = lint_code.LEAST
    assert least * 5 == 1080
    assert "width" not in causes(page(qr(), Box(x=660, y=1500, w=least, h=least)))
    assert "width" in causes(page(qr(), Box(x=660, y=1500, w=least - 1, h=least - 1)))


def test_a_code_has_its_own_shape() -> None:
    assert causes(page(mini(), Box(x=660, y=1500, w=300, h=294))) == set()
    assert "stretched" in causes(page(mini(), Box(x=660, y=1500, w=300, h=288)))
    assert "stretched" in causes(page(mini(), Box(x=660, y=1500, w=288, h=300)))


def test_nothing_lies_over_a_code() -> None:
    of = page(qr())
    over = Piece(Part.STICKERS, Box(x=PLACE.x - 50, y=PLACE.y, w=51, h=40), None, None, None)
    beside = over._replace(box=Box(x=PLACE.x - 50, y=PLACE.y, w=50, h=40))
    assert causes(of._replace(pieces=[*of.pieces, over])) == {"covered"}
    assert causes(of._replace(pieces=[*of.pieces, beside])) == set()
    assert causes(of._replace(pieces=[over, *of.pieces])) == set()


@pytest.mark.parametrize("side", ["left", "top", "right", "bottom"])
def test_a_code_has_its_margin_on_every_side(side: str) -> None:
    """Something dark of the margin's own width, outside the code's dark, on one side."""
    of = page(qr(), ground="#ffffff")
    cells = 33 + 8
    margin = round(PLACE.w * 4 / cells)
    strips = {
        "left": (PLACE.x + margin // 2, PLACE.y, PLACE.x + margin // 2 + 3, PLACE.y + PLACE.h),
        "right": (PLACE.x + PLACE.w - margin // 2 - 3, PLACE.y, PLACE.x + PLACE.w - margin // 2, PLACE.y + PLACE.h),
        "top": (PLACE.x, PLACE.y + margin // 2, PLACE.x + PLACE.w, PLACE.y + margin // 2 + 3),
        "bottom": (PLACE.x, PLACE.y + PLACE.h - margin // 2 - 3, PLACE.x + PLACE.w, PLACE.y + PLACE.h - margin // 2),
    }
    ImageDraw.Draw(of.image).rectangle(strips[side], "#333333")
    assert "disturbed" in causes(of)


def test_a_margin_may_be_the_pages_own_where_it_is_light() -> None:
    assert causes(page(qr(border=0))) == set()
    assert causes(page(qr(border=0), ground="#f2e6d8")) == set()
    assert "disturbed" in causes(page(qr(border=0), ground="#8a7f70"))
    assert "disturbed" in causes(page(qr(border=0), Box(x=1080 - 296, y=1500, w=296, h=296)))


def test_a_margin_is_four_cells_of_the_code() -> None:
    assert lint_code.quiet_share(qr()) == 4 / 29
    assert lint_code.quiet_share(mini()) == lint_code.QUIET_SHARE
