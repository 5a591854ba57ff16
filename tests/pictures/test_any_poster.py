"""Whatever a merchant writes within a document's bounds is composed, judged and marked."""

from __future__ import annotations

from unittest import mock

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.pictures import drawing, faces
from chalicelib.pictures.document import Box, Fault, Format, Layout, Mistake, Palette, Part, Poster, Sticker, Words
from chalicelib.pictures.errands import DrawnPoster, DrawPoster, Sharer
from tests.emulator import Emulator
from tests.pictures import samples
from tests.pictures.painted import BADGE, CODED, CODES, PHOTO, PICTURES, SCENE
from tests.pictures.posters import COFFEE, SHORT, lay, poster
from tests.proof.counts import EFFORT

EXAMPLES = 1500 if EFFORT.name == "long" else 8

NAMED = (CODED, PHOTO, SCENE, BADGE)
ODD = [
    "😀",
    "👨‍👩‍👧‍👦",
    "🇨",
    "1️⃣",
    "\u200d",
    "\ufe0f",
    "\u202e",
    "\u3164",
    "\x00",
    "\n",
    "\u3000",
    "□",
    "한",
    "م",
    "𠮷",
    "\u0301",
]
LETTERS = st.sampled_from([*"春夏秋冬。，！（）「」“”…—《 ab12.¥%", *ODD]) | st.characters(exclude_categories=["Cs"])


def texts(most: int) -> st.SearchStrategy[str]:
    """A text of at most so many letters, also one that is all of one kind."""
    mixed = st.lists(LETTERS, min_size=1, max_size=most).map(lambda found: "".join(found)[:most])
    return mixed | st.builds(lambda letter, count: (letter * count)[:most], LETTERS, st.integers(1, most))


def sides(most: int, least: int = 0) -> st.SearchStrategy[int]:
    """A length within its bounds, often at one."""
    return st.sampled_from([least, least + 1, most - 1, most]) | st.integers(least, most)


BOXES = st.builds(Box, x=sides(1080), y=sides(1920), w=sides(1080, 1), h=sides(1920, 1))
COLOURS = st.from_regex(r"#[0-9a-fA-F]{6}", fullmatch=True) | st.sampled_from(["#000000", "#ffffff", "#FFF7EE"])
SAID = st.builds(
    Words,
    title=texts(60),
    subtitle=st.none() | texts(80),
    benefit=st.none() | texts(40),
    points=st.lists(texts(60), max_size=8),
    endorsement=st.none() | texts(80),
    action=st.none() | texts(40),
    note=st.none() | texts(120),
)
PICTURED = st.none() | st.sampled_from(NAMED)
POSTERS = st.builds(
    Poster,
    name=st.just("any"),
    format=st.sampled_from(Format),
    layout=st.sampled_from(Layout),
    words=SAID | st.sampled_from([COFFEE, SHORT]),
    palette=st.builds(Palette, background=COLOURS, ink=COLOURS, accent=COLOURS, accent_ink=COLOURS),
    background=PICTURED,
    picture=PICTURED,
    shows_person=st.booleans(),
    places=st.dictionaries(st.sampled_from(Part), BOXES, max_size=len(Part)),
    stickers=st.lists(
        st.builds(Sticker, box=BOXES, picture=PICTURED, text=st.none() | texts(20), colour=COLOURS, ink=COLOURS),
        max_size=6,
    ),
)
SHARERS = st.builds(
    Sharer, nickname=st.none() | texts(32) | st.just(""), avatar_url=st.none() | st.just(samples.AVATAR)
)
NOBODY = Sharer()
GIVEN = st.lists(
    st.builds(
        Fault, mistake=st.just(Mistake.EXAGGERATED), zh=st.just("一。"), en=st.just("One."), part=st.sampled_from(Part)
    ),
    max_size=2,
)


@pytest.fixture
def there(type_there: Emulator) -> None:
    """The pictures and codes are in the bucket."""
    lay()


def looked_at(document: Poster, code: str = "codes/mini", person: Sharer = NOBODY, *given: Fault) -> list[Fault]:
    """What is found wrong with a poster, which is composed and marked; its portrait comes from here."""
    errand = DrawPoster(
        document=document,
        pictures={name: f"sent/{name}" for name in PICTURES},
        person=person,
        code=code,
        into="made/any",
        faults=list(given),
        marked_into="seen/any",
    )
    with mock.patch.object(faces, "fetched", return_value=samples.png(samples.face())):
        answer = msgspec.convert(drawing.drawn(msgspec.to_builtins(errand)), DrawnPoster)
    assert (answer.width, answer.height) == document.format.size
    return answer.faults


@settings(
    derandomize=True, deadline=None, max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(POSTERS, st.sampled_from(sorted(CODES)), SHARERS, GIVEN)
def test_any_lawful_poster_is_drawn_judged_and_marked(
    there: None, document: Poster, code: str, person: Sharer, given: list[Fault]
) -> None:
    assert msgspec.json.decode(msgspec.json.encode(document), type=Poster) == document
    assert looked_at(document, code, person, *given)[: len(given)] == given


@pytest.mark.parametrize("box", [Box(x=100, y=100, w=1, h=90), Box(x=100, y=100, w=400, h=1)])
@pytest.mark.parametrize("nickname", ["安妮", None])
def test_a_person_may_have_one_pixel(box: Box, nickname: str | None, there: None) -> None:
    looked_at(poster(SHORT, places={Part.PERSON: box}), person=Sharer(nickname=nickname, avatar_url=samples.AVATAR))
    looked_at(poster(SHORT, places={Part.PERSON: box}), person=Sharer(nickname=nickname))


@pytest.mark.parametrize("y", [1000, 1079, 1080, 1500, 1920])
@pytest.mark.parametrize("code", ["codes/mini", "codes/qr"])
def test_a_code_off_the_page_is_a_fault_of_the_code(y: int, code: str, there: None) -> None:
    document = poster(SHORT, Format.SQUARE, places={Part.CODE: Box(x=600, y=y, w=300, h=300)})
    unread = [fault for fault in looked_at(document, code) if {"changed", "read"} & set(fault.measured)]
    assert [(fault.mistake, fault.part) for fault in unread] == [(Mistake.CODE, Part.CODE)]
