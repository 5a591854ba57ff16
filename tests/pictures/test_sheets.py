"""Sheets promise: every code of every page is read, also from paper; pages are A4, and made one by one."""

from __future__ import annotations

import subprocess
import sys

import msgspec
import pytest
from PIL import Image

from chalicelib.pictures import drawing, sheets, typeset
from chalicelib.pictures.errands import MOST_LABELS, DrawnSheet, DrawSheet, Label
from tests.pictures.reading import media_boxes, pages, read, scanned
from tests.pictures.test_qr import TEXTS

pytestmark = pytest.mark.usefixtures("type_there")

LETTERS = "0123456789ACDEFGHJKMNPQRTVWXY"


def codes(size: int) -> list[str]:
    """Codes as long as they come, all different."""
    digits = ("".join(LETTERS[(n * 7919 + place * n * n) % 29] for place in range(12)) for n in range(size))
    return [f"{n:04d}-{d[:4]}-{d[4:8]}-{d[8:]}" for n, d in enumerate(digits)]


def errand(texts: list[str], title: str = "双十一传单", subtitle: str = "00042 · 200") -> DrawSheet:
    return DrawSheet(title=title, subtitle=subtitle, labels=[Label(text=text, below=text[:32]) for text in texts])


def drawn(asked: DrawSheet) -> DrawnSheet:
    """As the function does it, from JSON to JSON."""
    return msgspec.convert(drawing.drawn(msgspec.to_builtins(asked)), DrawnSheet)


@pytest.mark.parametrize("size", [1, 29, 30, 31, 75])
def test_every_code_is_on_its_page_and_read_there(size: int) -> None:
    texts = codes(size)
    sheet = drawn(errand(texts))
    made = list(pages(sheet.content))
    assert sheet.pages == len(made) == -(-size // sheets.A_PAGE) == len(media_boxes(sheet.content))
    for number, page in enumerate(made):
        assert (page.mode, page.size) == ("1", sheets.PAGE)
        assert read(page) == texts[number * sheets.A_PAGE : (number + 1) * sheets.A_PAGE]


@pytest.mark.parametrize("angle", [-3.0, 3.0])
def test_a_page_is_read_after_printing_and_scanning(angle: float) -> None:
    texts = codes(30)
    [page] = pages(drawn(errand(texts)).content)
    found = read(scanned(page, scale=0.5, angle=angle, blur=1.0))
    assert sorted(found) == sorted(texts)


def test_whatever_a_label_may_say_is_read() -> None:
    texts = [text for text in TEXTS.values() if len(text) <= 64] + ["汉" * 64, "😀" * 64, "a" * 64]
    [page] = pages(drawn(errand(texts)).content)
    assert sorted(read(page)) == sorted(texts)
    assert sorted(read(scanned(page, angle=2.0))) == sorted(texts)


def test_pages_are_a4() -> None:
    [box] = media_boxes(drawn(errand(["a"])).content)
    assert box == pytest.approx((210 / 25.4 * 72, 297 / 25.4 * 72), abs=0.15)


def test_every_module_stands_on_whole_dots_within_its_quiet_zone() -> None:
    texts = codes(30)
    [page] = pages(drawn(errand(texts)).content)
    cells = 29
    module = sheets.CODE // cells
    assert module >= 12, "a millimetre"
    for left, top in sheets._places():
        right, bottom = left + sheets.CELL[0], top + sheets.CELL[1] - sheets.BELOW - 40
        box = _dark(page.crop((left + 20, top + 20, right - 20, bottom)))
        x, y = left + 20 + box[0], top + 20 + box[1]
        assert (box[2] - box[0], box[3] - box[1]) == (21 * module, 21 * module)
        zone = page.crop((x - 4 * module, y - 4 * module, x + 25 * module, y + 25 * module))
        assert _dark(zone) == (4 * module, 4 * module, 25 * module, 25 * module), "nothing in the quiet zone"
        small = zone.resize((cells, cells), Image.Resampling.NEAREST)
        assert small.resize(zone.size, Image.Resampling.NEAREST).tobytes() == zone.tobytes()


def test_there_is_a_mark_at_each_corner_of_what_is_cut_out_and_white_about_the_page() -> None:
    [page] = pages(drawn(errand(codes(1))).content)
    for row in range(sheets.ROWS + 1):
        for column in range(sheets.COLUMNS + 1):
            at = sheets.EDGE + column * sheets.CELL[0], sheets.EDGE + sheets.HEAD + row * sheets.CELL[1]
            assert page.getpixel(at) == 0
    left, top, right, bottom = _dark(page)
    edge = sheets.EDGE - sheets.MARK
    assert left >= edge and top >= edge and right <= page.width - edge and bottom <= page.height - edge


def test_letters_and_head_are_written() -> None:
    [page] = pages(drawn(errand(codes(1))).content)
    [blank] = pages(
        drawn(msgspec.structs.replace(errand(["0"]), title="", subtitle="", labels=[Label("0", "")])).content
    )
    left, top = next(sheets._places())
    below = (left, top + sheets.CELL[1] - sheets.BELOW - 30, left + sheets.CELL[0], top + sheets.CELL[1] - 20)
    head = (sheets.EDGE, sheets.EDGE, page.width // 2, sheets.EDGE + sheets.HEAD - 20)
    for box in (below, head):
        assert _ink(page.crop(box)) > _ink(blank.crop(box)) + 500
    number = (page.width - sheets.EDGE - 300, sheets.EDGE, page.width - sheets.EDGE, sheets.EDGE + 100)
    assert _ink(page.crop(number)) > 300


@pytest.mark.parametrize("title", ["", "双" * 40, "W" * 200, "👩‍👩‍👧‍👦 emoji\nand a line"])
def test_whatever_its_title_a_sheet_is_drawn(title: str) -> None:
    [page] = pages(drawn(errand(codes(30), title=title, subtitle=title)).content)
    assert len(read(page)) == 30
    assert _dark(page)[2] <= page.width - sheets.EDGE + sheets.MARK + 1


def test_the_same_labels_give_the_same_bytes() -> None:
    asked = errand(codes(31))
    content = drawn(asked).content
    assert drawn(asked).content == content
    assert b"Date" not in content and b"/ID" not in content


@pytest.mark.parametrize("below", ["WWWW-WWWW-WWWW-WWWW", "1111-1111-1111-1111", "W", ""])
def test_what_stands_below_a_code_is_whole(below: str) -> None:
    size = sheets._size_below([Label("a", "0"), Label("a", below)])
    assert sheets.SMALLEST <= size <= sheets.LARGEST
    assert not typeset.one_line(below, size, sheets.CELL[0] - 2 * sheets.MARK).cut


def test_a_sheet_has_labels_and_not_too_many() -> None:
    for size in (0, MOST_LABELS + 1):
        with pytest.raises(msgspec.ValidationError):
            drawn(errand(["a"] * size))


def test_the_largest_sheet_fits_the_answer_of_a_function() -> None:
    """A page of codes is 32 KB, and in JSON a third more; Lambda takes six million bytes."""
    sheet = drawn(errand(codes(60)))
    assert len(msgspec.json.encode(sheet)) / 2 * (MOST_LABELS / sheets.A_PAGE + 1) < 3_000_000


MEASURED = """
import resource, sys
from chalicelib.pictures import sheets
from tests.pictures.test_sheets import codes, errand
from tests.conftest import EMULATOR
from tests.pictures import type as archived
EMULATOR.fresh()
archived.lay(EMULATOR)
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
sheets.done(errand(codes(60)))
before = peak()
sheets.done(errand(codes(330)))
print(peak() - before)
"""


def test_pages_are_in_memory_one_at_a_time() -> None:
    told = subprocess.run([sys.executable, "-c", MEASURED], capture_output=True, check=True, text=True)
    assert int(told.stdout) < 15_000, "KB more for nine pages more, of which each has 8,700"


def _dark(image: Image.Image) -> tuple[int, int, int, int]:
    """The box about all that is dark."""
    box = image.convert("L").point(lambda light: 255 - light).getbbox()
    assert box is not None
    return box


def _ink(image: Image.Image) -> int:
    """How many dots are dark."""
    return image.convert("L").histogram()[0]
