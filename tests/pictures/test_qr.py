"""QR codes promise: any reader reads them, their quiet zone is there, every module is sharp, again is the same."""

from __future__ import annotations

import msgspec
import pytest
import zxingcpp
from PIL import Image

from chalicelib.pictures import drawing, qr
from chalicelib.pictures.errands import MOST_QR_LETTERS, DrawnQr, DrawQr, QrForm
from tests.pictures.reading import opened, painted, read, scanned

PASS = "eyJhbGciOiJIUzI1NiIsImtpZCI6IjEifQ." + "eyJhdWQiOiJyaXBwbGU6cGFzcyIsIm1pZCI6IkEifQ" * 5 + ".c2lnbmVk_-"
TEXTS = {
    "a code": "K7M2Q-9XW0T-3H6T",
    "a long code": "K7M2-Q9XW-0T3H-6TAA",
    "a short code": "7KMQ-4X2A",
    "digits": "01234567",
    "an order": "PDMB2GJ341SCPWKG2QN7HENYK4:8K3M2Q7T",
    "a pass": PASS,
    "one letter": "a",
    "one foreign letter": "é",
    "Chinese": "涟漪：一起拼2026年秋茶礼盒",
    "one Chinese letter": "汉",
    "emoji": "👩‍👩‍👧‍👦🇨🇳👍🏽",
    "lines": "one\ntwo\tthree",
    "nothing to see": " ",
    "quotes": "\"><script>alert('x')</script>",
    "the longest of ASCII": "a" * MOST_QR_LETTERS,
    "the longest of digits": "7" * MOST_QR_LETTERS,
    "the longest in Chinese": "汉" * MOST_QR_LETTERS,
    "the longest of all": "😀" * MOST_QR_LETTERS,
}
TEXT = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
SHORT = pytest.mark.parametrize("text", [text for text in TEXTS.values() if len(text) < 300])


def drawn(text: str, form: QrForm) -> DrawnQr:
    """As the function does it, from JSON to JSON."""
    errand = msgspec.to_builtins({"do": "qr", "text": text, "form": form})
    return msgspec.convert(drawing.drawn(errand), DrawnQr)


@TEXT
def test_a_png_says_its_text(text: str) -> None:
    made = drawn(text, "png")
    image = opened(made.content)
    assert (image.format, image.mode, made.media, made.level, made.margin) == ("PNG", "1", "image/png", "M", 4)
    assert read(image) == [text]


@TEXT
def test_an_svg_says_its_text_and_holds_nothing_else(text: str) -> None:
    made = drawn(text, "svg")
    assert made.media == "image/svg+xml"
    assert read(painted(made.content, 4)) == [text]


@SHORT
def test_a_printed_and_scanned_code_says_its_text(text: str) -> None:
    image = scanned(opened(drawn(text, "png").content), scale=0.5)
    assert read(image) == [text]


@TEXT
def test_the_quiet_zone_is_four_modules_wide_and_every_module_is_sharp(text: str) -> None:
    made = drawn(text, "png")
    image = opened(made.content)
    cells = made.modules + 2 * made.margin
    module, rest = divmod(image.width, cells)
    assert (rest, image.height) == (0, image.width)
    assert module >= qr.LEAST_MODULE and image.width >= qr.LEAST_SIDE
    small = image.resize((cells, cells), Image.Resampling.NEAREST)
    assert small.resize(image.size, Image.Resampling.NEAREST).tobytes() == image.tobytes()
    dark = small.convert("L").point(lambda light: 255 - light)
    assert dark.getbbox() == (made.margin, made.margin, cells - made.margin, cells - made.margin)
    assert read(image)[0] == text


@TEXT
def test_png_and_svg_show_the_same(text: str) -> None:
    png, svg = opened(drawn(text, "png").content), painted(drawn(text, "svg").content, 1)
    assert png.resize(svg.size, Image.Resampling.NEAREST).convert("L").tobytes() == svg.tobytes()


@SHORT
@pytest.mark.parametrize("form", ["png", "svg"])
def test_the_same_text_gives_the_same_bytes(text: str, form: QrForm) -> None:
    assert drawn(text, form) == drawn(text, form)


@pytest.mark.parametrize("code", ["K7M2Q-9XW0T-3H6T", "K7M2-Q9XW-0T3H-6TAA", "01234567"])
def test_what_people_hold_is_as_small_as_a_code_can_be(code: str) -> None:
    assert drawn(code, "png").modules == 21


@TEXT
def test_a_reader_finds_the_correction_that_is_said(text: str) -> None:
    [seen] = zxingcpp.read_barcodes(opened(drawn(text, "png").content).convert("L"))
    assert seen.ec_level == drawn(text, "png").level == "M"


def test_a_spoiled_code_is_still_read() -> None:
    image = qr.image("K7M2Q-9XW0T-3H6T", 10)
    image.paste(1, (150, 150, 180, 180))
    assert read(image) == ["K7M2Q-9XW0T-3H6T"]


@pytest.mark.parametrize("text", ["", "a" * (MOST_QR_LETTERS + 1)])
def test_nothing_and_too_much_are_no_errand(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        drawn(text, "png")


@pytest.mark.parametrize("form", ["gif", "PNG", "", None])
def test_another_form_is_no_errand(form: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        drawing.drawn({"do": "qr", "text": "a", "form": form})


def test_no_symbol_says_nothing() -> None:
    with pytest.raises(ValueError, match="says something"):
        qr.symbol("")


def test_an_errand_of_qr_says_what_it_says() -> None:
    assert qr.done(DrawQr(text="a", form="svg")) == drawn("a", "svg")
