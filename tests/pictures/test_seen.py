"""Letters that the font has not, and texts of which nothing is to be seen."""

from __future__ import annotations

import msgspec
import pytest
from PIL import Image

from chalicelib.pictures import faces, layouts, lint, lint_sight, lint_words, typeset
from chalicelib.pictures.document import Box, Layout, Mistake, Palette, Part, Sticker
from chalicelib.pictures.flow import quote_indent
from chalicelib.pictures.page import Page, Piece
from tests.emulator import Emulator
from tests.pictures.posters import COFFEE, SHORT, Case, but, composed, lay, poster
from tests.pictures.test_limits import page, text, told


@pytest.fixture(autouse=True)
def laid(type_there: Emulator) -> None:
    """The pictures and codes are in the bucket."""
    lay()


def written(part: Part, said: str, pointer: str | None = None) -> Piece:
    """A line that is set."""
    piece = text(part, 1800 if part is Part.NOTE else 1400, 30, pointer=pointer)
    return piece._replace(laid=typeset.lines(said, 30, 600))


def name(of: Page) -> list[str]:
    """What stands beside the portrait."""
    return [line.text for piece in of.pieces if piece.part is Part.PERSON and piece.laid for line in piece.laid.lines]


def test_letters_that_the_font_lacks_are_a_fault_that_names_them() -> None:
    assert told(lint_sight.unreadable, page(written(Part.NOTE, "春𝓐😀夏□"))) == []
    note = written(Part.NOTE, "春한夏م한\u0301")
    (fault,) = lint_sight.unreadable(page(note))
    assert (fault.part, fault.box, fault.pointer) == (Part.NOTE, note.box, "/words/note")
    assert fault.measured == {"lacking": 2, "limit": 0}
    assert fault.zh == "字库里没有这些字：한、م，会显示成方框，请换掉。"
    assert fault.en == "The font lacks 한, م, which would be drawn as boxes; use other letters."


def test_stickers_letters_are_the_merchants_and_a_names_are_not() -> None:
    box = Box(x=700, y=100, w=300, h=200)
    document = poster(SHORT, layout=Layout.PHOTO, stickers=[Sticker(box=box, text="한")])
    (fault,) = lint.faults(composed(Case(document)))
    assert (fault.mistake, fault.part, fault.pointer, fault.box) == (
        Mistake.UNREADABLE,
        Part.STICKERS,
        "/stickers/0",
        box,
    )
    assert told(lint_sight.unreadable, page(written(Part.PERSON, "한국"))) == []


def test_a_name_is_drawn_without_letters_that_cannot_be() -> None:
    case = Case(poster(SHORT))
    assert name(composed(case, "한 Lina 국🐳")) == ["Lina 🐳"]
    assert lint.faults(composed(case, "한Lina")) == []
    of, nobody = composed(case, "한국 م"), composed(case, "")
    assert name(of) == []
    assert of.image.tobytes() == nobody.image.tobytes()


def test_the_figure_of_a_missing_portrait_has_the_first_letter_that_can_be_drawn() -> None:
    palette = Palette()
    assert faces.missing("한국", 96, palette).tobytes() == faces.missing(None, 96, palette).tobytes()
    own = faces.missing("한Lina", 96, palette)
    assert _white(own).tobytes() == _white(faces.missing("Lina", 96, palette)).tobytes()
    assert faces.missing("Lina", 1, palette).size == faces.missing(None, 1, palette).size == (1, 1)


def _white(figure: Image.Image) -> Image.Image:
    """Where it is all white."""
    return figure.convert("L").point([0] * 255 + [255])


@pytest.mark.parametrize("blank", [" ", "\u200b\u2060", "\u3164", "\n\u3000", "\ufe0f"])
def test_what_shows_nothing_is_missing(blank: str) -> None:
    document = poster(but(SHORT, title=blank, benefit=blank, action=blank, subtitle=blank))
    of = composed(Case(document))
    assert {Part.TITLE, Part.BENEFIT, Part.ACTION, Part.SUBTITLE}.isdisjoint({piece.part for piece in of.pieces})
    found = {(fault.mistake, fault.part, fault.pointer) for fault in lint.faults(of)}
    assert found == {
        (Mistake.UNREADABLE, Part.TITLE, "/words/title"),
        (Mistake.NO_ACTION, Part.ACTION, "/words/action"),
        (Mistake.NO_BENEFIT, Part.BENEFIT, "/words/benefit"),
    }


def test_blank_words_are_none_whatever_was_drawn() -> None:
    assert len(told(lint_words.no_action, page(words=but(SHORT, action="\u200b")))) == 1
    (missing,) = lint_words.no_benefit(page(words=but(SHORT, benefit="\u200b")))
    assert missing.zh == "没有利益点，请写明扫码能得到什么。"
    assert told(lint_sight.unreadable, page(words=but(SHORT, title="\u200b"))) == [{"letters": 0, "limit": 1}]


def test_a_colour_may_have_capitals() -> None:
    lower, upper = ({"background": "#fff7ee", "accent": "#c8321f"}, {"background": "#FFF7EE", "accent": "#C8321F"})
    one, other = (
        composed(Case(poster(SHORT, palette=msgspec.convert(palette, Palette)))) for palette in (lower, upper)
    )
    assert one.image.tobytes() == other.image.tobytes()
    for wrong in ("#FFF7E", "#FFF7EG", "FFF7EE", "#FFF7EEE"):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({"ink": wrong}, Palette)


@pytest.mark.parametrize("mark", ["“", '"', "「", "『"])
def test_a_quotation_that_has_its_mark_gets_no_other(mark: str) -> None:
    plain = poster(COFFEE)
    quoted = poster(but(COFFEE, endorsement=f"{mark}{COFFEE.endorsement}"))
    assert (quote_indent(plain), quote_indent(quoted)) == (64, 0)
    box = layouts.boxes(quoted)[Part.ENDORSEMENT]
    (piece,) = (one for one in composed(Case(quoted)).pieces if one.part is Part.ENDORSEMENT)
    assert piece.box.x == box.x
    (drawn,) = (one for one in composed(Case(plain)).pieces if one.part is Part.ENDORSEMENT)
    assert drawn.box.x == box.x + 64
