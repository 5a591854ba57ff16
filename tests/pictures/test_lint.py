"""The lint of the ten usual mistakes: who makes one is told of it and of no other; who makes none is left alone."""

from __future__ import annotations

import msgspec
import pytest

from chalicelib.pictures import lint, marking
from chalicelib.pictures.document import Box, Fault, Mistake, Part
from chalicelib.pictures.page import Page
from tests.emulator import Emulator
from tests.pictures.posters import BAD, GOOD, composed, lay

POINTED = frozenset(Mistake) - {Mistake.CODE, Mistake.CLUTTER, Mistake.RESOLUTION}
"""Mistakes of a field of the document, whatever made them."""


@pytest.fixture(autouse=True)
def laid(type_there: Emulator) -> None:
    """The pictures and codes are in the bucket."""
    lay()


def inside(box: Box, page: Page) -> bool:
    """Whether all of the box is on the page."""
    wide, high = page.image.size
    return min(box.x, box.y, box.w - 1, box.h - 1, wide - box.x - box.w, high - box.y - box.h) >= 0


def test_there_is_a_judge_and_a_bad_poster_for_each_of_the_ten() -> None:
    assert list(lint.JUDGES) == list(Mistake)
    assert {case.mistake for case in BAD.values()} == set(Mistake)
    assert len(GOOD) == 10


@pytest.mark.parametrize("name", GOOD)
def test_a_good_poster_has_no_fault(name: str) -> None:
    assert lint.faults(composed(GOOD[name])) == []


@pytest.mark.parametrize("nickname", ["安妮", "西门吹雪与叶孤城的猫呀", "🐳小鲸鱼🌊", "Maximilian Wu"])
def test_nobodys_name_is_a_fault(nickname: str) -> None:
    assert lint.faults(composed(GOOD["square band"], nickname)) == []


@pytest.mark.parametrize("name", BAD)
def test_a_mistake_trips_its_own_lint_and_no_other(name: str) -> None:
    page = composed(BAD[name])
    found = lint.faults(page)
    assert {fault.mistake for fault in found} == {BAD[name].mistake}
    for fault in found:
        assert fault.zh.endswith("。")
        assert fault.en.endswith(".")
        assert fault.box is None or inside(fault.box, page)
        assert fault.mistake not in POINTED or fault.pointer is not None
        assert fault.mistake in (Mistake.NO_ACTION, Mistake.NO_BENEFIT) or "limit" in fault.measured
        assert msgspec.json.decode(msgspec.json.encode(fault), type=Fault) == fault


def test_the_same_page_has_the_same_faults() -> None:
    first, again = (composed(BAD["a pale sticker"]) for _ in range(2))
    assert lint.faults(first) == lint.faults(again)


def test_a_marked_poster_shows_every_place_and_tells_every_wording_once() -> None:
    page = composed(BAD["a small note"])
    plain = page.image.copy()
    note = next(piece.box for piece in page.pieces if piece.part is Part.NOTE)
    faults = [*lint.faults(page), Fault(mistake=Mistake.EXAGGERATED, zh="用词夸张。", en="Big words.", part=Part.TITLE)]
    marked = marking.marked(page, faults)
    assert marked.width == page.image.width
    assert marked.height > page.image.height
    assert page.image.tobytes() == plain.tobytes()
    for piece in page.pieces:
        above = marked.getpixel((piece.box.x + piece.box.w // 2, piece.box.y - 3))
        assert _outlined(above) == (piece.part in (Part.TITLE, Part.NOTE))
    assert _outlined(marked.getpixel((note.x + note.w // 2, note.y + note.h + 2)))
    twice = marking.marked(page, [*faults, *faults])
    assert twice.height == marked.height
    assert marking.marked(page, []).tobytes() == plain.tobytes()


def _outlined(pixel: object) -> bool:
    return pixel == (0xD4, 0x00, 0x1A)
