"""The poster with its mistakes marked: outlines, dashed ones where something is missing, and numbers over them all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PIL import Image

from chalicelib.pictures import layouts, lint_words, marking
from chalicelib.pictures.document import Box, Fault, Mistake, Part
from chalicelib.pictures.found import overlap
from tests.pictures.posters import SHORT, but, poster
from tests.pictures.test_limits import page, text

pytestmark = pytest.mark.usefixtures("type_opened")

RED = (0xD4, 0x00, 0x1A)


def fault(box: Box | None, part: Part | None = None, zh: str = "一。") -> Fault:
    return Fault(mistake=Mistake.CLUTTER, zh=zh, en=f"{zh}.", part=part, box=box)


def edge(marked: Image.Image, box: Box) -> Iterator[bool]:
    """Along the outline's upper side from its disc on, whether it is drawn."""
    for x in range(box.x + marking.DISC, box.x + box.w):
        yield marked.getpixel((x, box.y - 3)) == RED


def test_no_outline_runs_through_a_number() -> None:
    lower, later = Box(x=300, y=300, w=300, h=300), Box(x=290, y=200, w=200, h=105)
    alone = marking.marked(page(), [fault(lower)])
    both = marking.marked(page(), [fault(lower), fault(later)])
    disc = (lower.x - 17, lower.y - 17, lower.x + 17, lower.y + 17)
    assert both.crop(disc).tobytes() == alone.crop(disc).tobytes()
    assert all(edge(both, lower))


def test_all_points_are_outlined_where_there_are_too_many() -> None:
    points = [text(Part.POINTS, 500 + 70 * n, 40, pointer=f"/words/points/{n}") for n in range(5)]
    of = page(*points, words=but(SHORT, points=["一"] * 5))
    found = list(lint_words.too_much(of))
    assert [one.box for one in found] == [Box(x=72, y=500, w=600, h=4 * 70 + 56)]
    for marked in (marking.marked(of, found), marking.marked(of, [fault(None, Part.POINTS)])):
        assert marked.getpixel((400, 500 + 4 * 70 + 56 + 2)) == RED
        assert all(marked.getpixel((400, point.box.y + 59)) != RED for point in points[:-1])


@pytest.mark.parametrize("part", [Part.BENEFIT, Part.ACTION, Part.TITLE])
def test_what_is_missing_is_dashed_where_the_layout_would_have_it(part: Part) -> None:
    words = but(SHORT, **{part.value: " "})
    of = page(words=words)
    of = of._replace(pieces=[piece for piece in of.pieces if piece.part is not part])
    marked = marking.marked(of, [fault(None, part)])
    box = layouts.boxes(poster(but(SHORT, **{part.value: marking.STAND_INS[part]})))[part]
    drawn = list(edge(marked, box))
    assert 0.35 < sum(drawn) / len(drawn) < 0.65
    assert all(edge(marking.marked(of, [fault(box)]), box))


def test_what_is_missing_is_dashed_at_the_documents_own_place() -> None:
    place = Box(x=100, y=1200, w=500, h=90)
    of = page(words=but(SHORT, action=None), places={Part.ACTION: place})
    of = of._replace(pieces=[piece for piece in of.pieces if piece.part is not Part.ACTION])
    marked = marking.marked(of, [fault(None, Part.ACTION)])
    assert any(edge(marked, place)) and not all(edge(marked, place))
    assert overlap(place, layouts.boxes(of.document)[Part.CODE]) == 0


def test_a_code_or_a_person_that_is_missing_has_no_place() -> None:
    of = page()._replace(pieces=[])
    for part in (Part.CODE, Part.PERSON, None):
        marked = marking.marked(of, [fault(None, part)])
        assert marked.crop((0, 0, *of.image.size)).tobytes() == of.image.tobytes()
