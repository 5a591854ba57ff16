from __future__ import annotations

import io
from collections.abc import Iterable
from functools import cache
from itertools import combinations, pairwise

import msgspec
import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageStat

from chalicelib.core import files
from chalicelib.pictures import composer, drawing, faces, finishing, layouts, lint, phone
from chalicelib.pictures.colours import rgb
from chalicelib.pictures.document import Box, Fault, Format, Layout, Mistake, Part, Poster, Sticker, Words
from chalicelib.pictures.errands import DrawnPoster, DrawPoster, Refusal, Refused, Sharer
from chalicelib.pictures.finishing import MOST, encoded
from chalicelib.pictures.opening import NotTaken
from chalicelib.pictures.page import Page, Piece
from infra.local.wechat_sim import roundcode
from tests.emulator import Emulator
from tests.pictures import hostile, samples
from tests.pictures.samples import CASES, LINK, PHOTO, ROUND, SCENE, SCENE_MARK
from tests.proof.counts import EFFORT

FORMS = [(form, layout) for form in Format for layout in Layout]
EVERY = 1 if EFFORT.name == "long" else 5
"""Of so many samples one is drawn everyday, each form and each case among them; the sheet below shows all."""


def sampled(cases: Iterable[str]) -> list[tuple[str, Format, Layout]]:
    """Cases in forms, a third of them everyday."""
    pairs = ((n + k, (name, *form)) for n, name in enumerate(cases) for k, form in enumerate(FORMS))
    return [each for number, each in pairs if number % EVERY == 0]


GOOD = ["short", "long_name", "emoji", "no_portrait", "long_title", "english"]
SMALLEST = 30
"""Of any letter where the layout decides."""


@pytest.fixture
def there(type_there: Emulator) -> Emulator:
    """The samples' pictures in the bucket."""
    samples.lay(type_there)
    return type_there


@cache
def kept() -> dict[tuple[str, Format, Layout], Page]:
    return {}


def page(name: str, form: Format, layout: Layout) -> Page:
    """A sample's page, composed once in this process."""
    key = (name, form, layout)
    if key not in kept():
        kept()[key] = samples.composed(CASES[name], form, layout)
    return kept()[key]


def overlap(one: Box, other: Box) -> bool:
    across = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    down = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    return across > 0 and down > 0


def of(found: Page, part: Part) -> list[Piece]:
    return [piece for piece in found.pieces if piece.part is part]


@pytest.mark.parametrize(("name", "form", "layout"), sampled(CASES))
def test_everything_has_its_place_and_the_code_is_read_at_a_phone_s_size(
    name: str, form: Format, layout: Layout, there: Emulator
) -> None:
    found = page(name, form, layout)
    assert found.image.mode == "RGB" and found.image.size == form.size
    words, case = found.document.words, CASES[name]
    for piece in found.pieces:
        box = piece.box
        assert box.x >= 0 and box.y >= 0 and box.x + box.w <= form.size[0] and box.y + box.h <= form.size[1], piece
        assert box.w > 0 and box.h > 0
        if piece.laid is not None:
            assert piece.laid.size >= SMALLEST and piece.laid.lines, piece
            assert piece.laid.width <= box.w and piece.laid.height <= box.h
            assert name == "longest" or not piece.laid.cut, piece
    above = [piece for piece in found.pieces if piece.part is not Part.BACKGROUND]
    for one, other in combinations(above, 2):
        assert not overlap(one.box, other.box), (one, other)
    drawn = {piece.part for piece in found.pieces}
    asked = {part for part in Part if getattr(words, part.value, None)} | {Part.CODE, Part.PERSON}
    asked |= {Part.PICTURE} if case.picture else set()
    assert drawn == asked | ({Part.BACKGROUND} if case.background else set())
    assert len(of(found, Part.POINTS)) == len(words.points)
    assert not found.left_out
    with Image.open(io.BytesIO(encoded(found.image))) as file:
        small = file.resize((375, round(375 * file.height / file.width)), Image.Resampling.LANCZOS)
    low = io.BytesIO()
    small.save(low, "JPEG", quality=60)
    with Image.open(low) as seen:
        read = [one.text for one in zxingcpp.read_barcodes(seen)]
        round_ = roundcode.read(seen) if case.code == ROUND else None
    assert (read, round_) == (([], SCENE_MARK) if case.code == ROUND else ([LINK], None))


@pytest.mark.parametrize(("name", "form", "layout"), sampled(GOOD))
def test_good_words_make_a_poster_without_a_mistake(name: str, form: Format, layout: Layout, there: Emulator) -> None:
    assert lint.faults(page(name, form, layout)) == []


def test_pieces_stand_where_they_say(there: Emulator) -> None:
    """What is on the picture only because of one field is inside the boxes that the field's pieces have."""
    for form, layout in FORMS:
        found = page("short", form, layout)
        for piece in found.pieces:
            if piece.laid is None or piece.ink is None:
                continue
            cut = found.image.crop((piece.box.x, piece.box.y, piece.box.x + piece.box.w, piece.box.y + piece.box.h))
            ink = Image.new("RGB", cut.size, piece.ink)
            near = ImageChops.difference(cut, ink).convert("L").point(lambda level: 255 if level < 12 else 0)
            assert near.getbbox() is not None and ImageStat.Stat(near).mean[0] > 8, (form, layout, piece.part)


def test_the_title_is_the_largest_and_the_benefit_comes_next(there: Emulator) -> None:
    for form, layout in FORMS:
        found = page("short", form, layout)
        sizes = {piece.part: piece.laid.size for piece in found.pieces if piece.laid}
        order = [sizes[part] for part in (Part.TITLE, Part.BENEFIT, Part.SUBTITLE)]
        assert order == sorted(order, reverse=True) and len(set(order)) == 3, (form, layout, sizes)
        assert sizes[Part.POINTS] >= sizes[Part.ENDORSEMENT] >= sizes[Part.NOTE]


def test_the_call_to_action_and_the_person_are_near_the_code(there: Emulator) -> None:
    for name in ("short", "english", "emoji"):
        for form, layout in FORMS:
            found = page(name, form, layout)
            code = of(found, Part.CODE)[0].box
            for part in (Part.ACTION, Part.PERSON):
                for piece in of(found, part):
                    across = max(piece.box.x - code.x - code.w, code.x - piece.box.x - piece.box.w, 0)
                    down = max(piece.box.y - code.y - code.h, code.y - piece.box.y - piece.box.h, 0)
                    assert across <= 500 and down <= 120, (form, layout, part)


def test_what_is_absent_leaves_no_hole(there: Emulator) -> None:
    """With fewer words the others are as large or larger, and no two neighbours are further apart than twice."""
    for form, layout in FORMS:
        full = samples.document(CASES["emoji"], form, layout)
        for part in (Part.SUBTITLE, Part.BENEFIT, Part.ENDORSEMENT, Part.NOTE, Part.ACTION, Part.POINTS):
            words = msgspec.structs.replace(full.words, **{part.value: [] if part is Part.POINTS else None})
            fewer = layouts.boxes(msgspec.structs.replace(full, words=words))
            before = layouts.boxes(full)
            assert part in before and part not in fewer
            assert set(fewer) == set(before) - {part}
            assert fewer[Part.TITLE].h >= before[Part.TITLE].h * 0.75
            column = sorted((fewer[one] for one in fewer if one in COLUMN), key=lambda box: box.y)
            gaps = [below.y - above.y - above.h for above, below in pairwise(column)]
            assert all(0 <= gap <= 420 for gap in gaps), (form, layout, part, gaps)


COLUMN = {Part.TITLE, Part.SUBTITLE, Part.BENEFIT, Part.PICTURE, Part.POINTS, Part.ENDORSEMENT}


def errand(document: Poster, **other: object) -> DrawPoster:
    asked = samples.errand(CASES["short"], document.format, document.layout)
    return msgspec.structs.replace(asked, **{"document": document, "person": Sharer(nickname="安妮"), **other})


def placed(form: Format = Format.TALL, layout: Layout = Layout.BAND, **fields: object) -> Poster:
    return msgspec.structs.replace(samples.document(CASES["short"], form, layout), **fields)


@pytest.mark.parametrize(("form", "layout"), FORMS)
def test_places_are_obeyed_exactly(form: Format, layout: Layout, there: Emulator) -> None:
    places = {
        Part.TITLE: Box(x=40, y=500, w=500, h=200),
        Part.CODE: Box(x=600, y=30, w=301, h=301),
        Part.PICTURE: Box(x=37, y=40, w=333, h=222),
        Part.ACTION: Box(x=100, y=950, w=300, h=100),
        Part.BENEFIT: Box(x=600, y=400, w=300, h=70),
        Part.PERSON: Box(x=600, y=500, w=400, h=90),
        Part.POINTS: Box(x=600, y=600, w=400, h=200),
        Part.NOTE: Box(x=600, y=900, w=80, h=30),
    }
    document = placed(form, layout, places=places)
    found = composer.page(errand(document))
    assert {part: box for part, box in layouts.boxes(document).items() if part in places} == places
    assert of(found, Part.PICTURE)[0].box == places[Part.PICTURE]
    for part, box in places.items():
        for piece in of(found, part):
            assert box.x <= piece.box.x and piece.box.x + piece.box.w <= box.x + box.w, part
            assert box.y <= piece.box.y and piece.box.y + piece.box.h <= box.y + box.h, part
    note = of(found, Part.NOTE)[0]
    assert note.laid is not None and note.laid.size < SMALLEST
    assert {Mistake.UNREADABLE} <= {fault.mistake for fault in lint.faults(found)}


def test_a_code_in_a_flat_place_is_flat_and_the_lint_says_so(there: Emulator) -> None:
    found = composer.page(errand(placed(places={Part.CODE: Box(x=100, y=1500, w=500, h=250)})))
    assert of(found, Part.CODE)[0].box == Box(x=100, y=1500, w=500, h=250)
    assert Mistake.CODE in {fault.mistake for fault in lint.faults(found)}


def test_stickers_lie_over_everything_exactly_where_they_are_put(there: Emulator) -> None:
    words = Sticker(box=Box(x=700, y=1400, w=200, h=200), text="限时", colour="#123456", ink="#ffffff")
    picture = Sticker(box=Box(x=10, y=20, w=300, h=100), picture=PHOTO)
    beyond = Sticker(box=Box(x=1000, y=1900, w=400, h=300), picture=PHOTO)
    found = composer.page(errand(placed(stickers=[words, picture, beyond])))
    drawn = found.pieces[-3:]
    assert [piece.box for piece in drawn] == [words.box, picture.box, beyond.box]
    assert [piece.pointer for piece in drawn] == ["/stickers/0", "/stickers/1", "/stickers/2"]
    assert found.image.getpixel((800, 1410)) == rgb("#123456")
    assert found.sources[Part.STICKERS] == (1600, 1200, beyond.box)
    assert Mistake.CODE in {fault.mistake for fault in lint.faults(found)}, "the code is covered"


def test_sources_are_the_files_pixels_and_the_box_they_fill(there: Emulator) -> None:
    document = placed(background=SCENE)
    found = composer.page(errand(document))
    boxes = layouts.boxes(document)
    assert found.sources[Part.BACKGROUND] == (1400, 1900, Box(x=0, y=0, w=1080, h=1920))
    assert found.sources[Part.PICTURE] == (1600, 1200, boxes[Part.PICTURE])
    assert found.sources[Part.CODE][:2] == found.code.size
    assert found.pieces[0].part is Part.BACKGROUND and Part.PERSON not in found.sources


def test_a_qr_code_is_drawn_in_whole_modules(there: Emulator) -> None:
    for form, layout in FORMS:
        found = page("short", form, layout)
        box = of(found, Part.CODE)[0].box
        cut = found.image.crop((box.x, box.y, box.x + box.w, box.y + box.h))
        assert {colour for _, colour in cut.getcolors() or []} == {(0, 0, 0), (255, 255, 255)}
        assert box.w % (samples.code(LINK).width // 8) == 0
        assert box.w >= 300


def test_another_code_is_made_smaller_with_its_shape(there: Emulator) -> None:
    """As a code of WeChat's, which is no QR code."""
    drawing_ = Image.radial_gradient("L").resize((430, 430)).point(lambda level: 0 if level // 24 % 2 else 255)
    files.keep("codes/round", samples.png(drawing_), "image/png")
    found = composer.page(errand(placed(), code="codes/round"))
    box = of(found, Part.CODE)[0].box
    assert box.w == box.h == layouts.boxes(found.document)[Part.CODE].w
    fault, reads = phone.code_fault(found)
    assert fault is None and reads is None


def test_a_portrait_that_cannot_be_had_is_left_out_and_the_poster_made(
    there: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(url: str) -> bytes:
        raise NotTaken(Refusal.UNREACHABLE)

    monkeypatch.setattr(faces, "fetched", refused)
    found = composer.page(errand(placed(), person=Sharer(nickname="安妮", avatar_url=samples.AVATAR)))
    assert [(one.part, one.why) for one in found.left_out] == [(Part.PERSON, Refusal.UNREACHABLE)]
    monkeypatch.setattr(faces, "fetched", lambda url: hostile.SVG)
    again = composer.page(errand(placed(), person=Sharer(nickname="安妮", avatar_url=samples.AVATAR)))
    assert again.left_out[0].why == Refusal.NOT_A_PICTURE and again.image.tobytes() == found.image.tobytes()
    nobody = composer.page(errand(placed(), person=Sharer(nickname="\u3164\u200b")))
    assert len(of(nobody, Part.PERSON)) == 1 and not nobody.left_out


def test_a_poster_may_show_nobody(there: Emulator) -> None:
    for form, layout in FORMS:
        found = composer.page(errand(placed(form, layout, shows_person=False)))
        assert not of(found, Part.PERSON) and Part.PERSON not in layouts.boxes(found.document)


def test_words_on_any_background_can_be_read(there: Emulator) -> None:
    pictures = {"black": Image.new("RGB", (1080, 1920), "black"), "white": Image.new("RGB", (1080, 1920), "white")}
    pictures["busy"] = hostile.noise(270, 480).resize((1080, 1920), Image.Resampling.NEAREST)
    for name, picture in pictures.items():
        files.keep(f"sent/{name}", samples.jpeg(picture), "image/jpeg")
        for case in ("short", "no_portrait"):
            for form, layout in FORMS[:: min(EVERY, 2)] if case == "short" else FORMS[:1]:
                asked = samples.errand(CASES[case], form, layout)
                document = msgspec.structs.replace(asked.document, background=SCENE, picture=None)
                found = composer.page(
                    msgspec.structs.replace(
                        asked, document=document, pictures={SCENE: f"sent/{name}"}, person=Sharer(nickname="安妮")
                    )
                )
                wrong = [fault for fault in lint.faults(found) if fault.mistake is Mistake.CONTRAST]
                assert not wrong, (name, case, form, layout, wrong[0])


def test_the_same_errand_gives_the_same_bytes(there: Emulator) -> None:
    for form, layout in FORMS:
        again = samples.composed(CASES["emoji"], form, layout)
        assert encoded(again.image) == encoded(page("emoji", form, layout).image)


def test_a_finished_poster_is_kept_and_told(there: Emulator) -> None:
    asked = errand(placed(), into="made/a", marked_into="seen/a")
    told = drawing.drawn(msgspec.to_builtins(asked))
    answer = msgspec.convert(told, DrawnPoster)
    assert (answer.width, answer.height, answer.faults, answer.reads) == (1080, 1920, [], LINK)
    kept_ = there.pictures()
    assert answer.size == len(kept_["made/a"]) <= MOST
    with Image.open(io.BytesIO(kept_["made/a"])) as image, Image.open(io.BytesIO(kept_["seen/a"])) as marked:
        assert image.format == marked.format == "JPEG" and image.size == (1080, 1920)
    before = kept_["made/a"]
    assert finishing.done(asked) == answer and there.pictures()["made/a"] == before


def test_what_others_found_is_told_and_marked_with_the_rest(there: Emulator) -> None:
    given = Fault(Mistake.EXAGGERATED, "不可说“最”", "not the best", Part.TITLE, None, "/words/title")
    asked = errand(placed(words=Words(title="全城最好喝的咖啡")), faults=[given], marked_into="seen/a", into="made/a")
    answer = finishing.done(asked)
    assert isinstance(answer, DrawnPoster) and answer.faults[0] == given
    assert {fault.mistake for fault in answer.faults[1:]} >= {Mistake.NO_ACTION, Mistake.NO_BENEFIT}
    assert there.pictures()["seen/a"] != there.pictures()["made/a"]


def test_pictures_that_are_gone_or_none_refuse_the_poster(there: Emulator) -> None:
    files.keep("sent/page", hostile.HTML, "image/png")
    for changes, refused in (
        ({"code": "codes/none"}, Refused(why=Refusal.UNREACHABLE, which="code")),
        ({"code": "sent/page"}, Refused(why=Refusal.NOT_A_PICTURE, which="code")),
        ({"pictures": {}}, Refused(why=Refusal.UNREACHABLE, which=PHOTO)),
        ({"pictures": {PHOTO: "sent/none"}}, Refused(why=Refusal.UNREACHABLE, which=PHOTO)),
        ({"pictures": {PHOTO: "sent/page"}}, Refused(why=Refusal.NOT_A_PICTURE, which=PHOTO)),
    ):
        assert finishing.done(errand(placed(), **changes)) == refused
    assert "made/sample" not in there.pictures()


def test_a_poster_of_noise_is_small_enough_to_be_sent(there: Emulator) -> None:
    content = encoded(hostile.noise(1080, 1920))
    assert len(content) <= MOST


def test_the_sheet_in_the_documents_is_what_is_drawn_now(there: Emulator) -> None:
    """Compared as a whole: another release of a library may draw a pixel otherwise."""
    content = samples.SHEET.read_bytes()
    assert len(content) <= 600_000
    with Image.open(io.BytesIO(content)) as file:
        before = file.convert("RGB")
    now = samples.sheet(lambda name, form, layout: page(name, form, layout).image)
    assert before.size == now.size, "python -m tests.pictures.samples"
    coarse = [
        picture.resize((before.width // 4, before.height // 4), Image.Resampling.BOX) for picture in (before, now)
    ]
    difference = ImageChops.difference(*coarse).convert("L")
    assert ImageStat.Stat(difference).mean[0] < 1.5, "python -m tests.pictures.samples"
    blocks = difference.resize((before.width // 40, before.height // 40), Image.Resampling.BOX)
    assert max(blocks.tobytes()) < 24, "python -m tests.pictures.samples"
