"""Contrast: WCAG's arithmetic against published pairs, and what is measured on the pixels of a text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from chalicelib.pictures import ink, light, typeset
from chalicelib.pictures.document import Box, Part
from chalicelib.pictures.page import Page, Piece
from tests.pictures.posters import poster

colours = st.tuples(*[st.integers(0, 255)] * 3)

WHITE = (255, 255, 255)
PUBLISHED = {
    (0, 0, 0): 21.0,
    (255, 255, 255): 1.0,
    (0x59, 0x59, 0x59): 7.0,
    (0x76, 0x76, 0x76): 4.54,
    (0x77, 0x77, 0x77): 4.48,
    (0x94, 0x94, 0x94): 3.03,
    (0x95, 0x95, 0x95): 2.99,
    (255, 0, 0): 4.0,
    (0, 255, 0): 1.37,
    (0, 0, 255): 8.59,
    (255, 255, 0): 1.07,
    (0, 128, 0): 5.14,
}
"""Ratios to white as checkers of WCAG publish them, with two digits."""


@pytest.mark.parametrize("colour", PUBLISHED)
def test_ratios_are_the_published_ones(colour: tuple[int, int, int]) -> None:
    assert light.contrast(colour, WHITE) == pytest.approx(PUBLISHED[colour], abs=0.006)


@given(colours, colours)
def test_a_ratio_has_no_order_and_its_bounds(one: tuple[int, int, int], other: tuple[int, int, int]) -> None:
    ratio = light.contrast(one, other)
    assert ratio == light.contrast(other, one)
    assert 1 <= ratio <= 21.0001
    assert light.contrast(one, one) == 1


@given(colours, st.integers(0, 2), st.integers(1, 255))
def test_more_of_a_colour_is_more_light(colour: tuple[int, int, int], band: int, more: int) -> None:
    lighter = list(colour)
    lighter[band] = min(colour[band] + more, 255)
    assert light.luminance(lighter) >= light.luminance(colour)


def written(text: str, colour: str, ground: Image.Image, **how: Any) -> Page:
    """A page with one text of 60 pixels in a box that is wider than it."""
    align, place = how.get("align", "left"), how.get("place", 0.0)
    laid = typeset.lines(text, 60, 800)
    left = 40 + round(place * (900 - laid.width))
    typeset.draw(ground, laid, left, 200, colour, align=align, width=laid.width)
    piece = Piece(Part.NOTE, Box(x=40, y=200 - 10, w=900, h=laid.height + 20), laid, colour, "/words/note")
    return Page(poster(), ground, [piece], Image.new("RGB", (300, 300)), [], {})


def plain(colour: str) -> Image.Image:
    """A square page of one colour."""
    return Image.new("RGB", (1080, 1080), colour)


@pytest.mark.usefixtures("type_there")
class TestInk:
    @pytest.mark.parametrize(("align", "place"), [("left", 0.0), ("centre", 0.5), ("left", 1.0), ("left", 0.5)])
    def test_letters_are_found_wherever_they_are_set(self, align: str, place: float) -> None:
        page = written("短句\n比前一句长一些的一句", "#767676", plain("#ffffff"), align=align, place=place)
        assert ink.worst_contrast(page, page.pieces[0]) == pytest.approx(4.54, abs=0.05)

    def test_the_worst_place_counts_and_not_the_mean(self) -> None:
        ground = plain("#ffffff")
        ImageDraw.Draw(ground).rectangle((160, 150, 230, 330), "#555555")
        page = written("白底深字一处暗了", "#333333", ground)
        assert ink.worst_contrast(page, page.pieces[0]) == pytest.approx(
            light.contrast((0x33,) * 3, (0x55,) * 3), abs=0.1
        )

    def test_what_is_in_the_box_and_not_around_letters_is_nothing(self) -> None:
        ground = plain("#ffffff")
        ImageDraw.Draw(ground).rectangle((700, 150, 940, 330), "#333333")
        page = written("短句", "#333333", ground)
        assert ink.worst_contrast(page, page.pieces[0]) > 12

    def test_emoji_are_no_ink(self) -> None:
        page = written("好😀👍茶", "#111111", plain("#ffffff"))
        assert ink.worst_contrast(page, page.pieces[0]) > 15
        page = written("😀👍", "#ffffff", plain("#ffffff"))
        assert ink.worst_contrast(page, page.pieces[0]) == ink.MOST

    def test_the_ink_is_what_was_drawn(self) -> None:
        page = written("说是黑的", "#dddddd", plain("#ffffff"))
        said = page.pieces[0]._replace(ink="#000000")
        assert ink.worst_contrast(page._replace(pieces=[said]), said) < 1.5

    def test_what_lies_over_the_text_is_no_ground(self) -> None:
        page = written("白底黑字一句话", "#000000", plain("#ffffff"))
        cover = Box(x=150, y=150, w=100, h=200)
        ImageDraw.Draw(page.image).rectangle((150, 150, 249, 349), "#000000")
        bare = ink.worst_contrast(page, page.pieces[0])
        covered = page._replace(pieces=[*page.pieces, Piece(Part.STICKERS, cover, None, None, None)])
        assert bare < 2
        assert ink.worst_contrast(covered, covered.pieces[0]) > 15
