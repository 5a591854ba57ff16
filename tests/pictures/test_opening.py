from __future__ import annotations

import base64
import contextlib
import io
import json
import random
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from PIL import Image, ImageFile

from chalicelib.pictures import drawing, sent
from chalicelib.pictures.errands import CheckedPicture, CheckPicture, Refusal, Refused
from chalicelib.pictures.opening import BYTES, ORIENTATION, PIXELS, TEXT_BYTES, UPRIGHT, NotTaken, opened
from tests.emulator import Emulator
from tests.pictures import hostile
from tests.pictures.hostile import encoded, photo, pixel
from tests.pictures.samples import code

ROOT = Path(__file__).absolute().parents[2]


def open_(content: bytes) -> Image.Image:
    return opened(content, least=64, most=PIXELS)


def refusal(content: bytes) -> tuple[Refusal, int | None]:
    with pytest.raises(NotTaken) as refused:
        open_(content)
    return refused.value.why, refused.value.limit


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_the_three_forms_are_opened_as_rgb(form: str) -> None:
    image = open_(encoded(photo(), form))
    assert image.mode == "RGB" and image.size == (320, 240) and not image.info
    red, _, blue = pixel(image.resize((1, 1)), 0, 0)
    assert abs(red - 103) < 3 and abs(blue - 152) < 3


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"\x89PNG", hostile.SVG, b"\xef\xbb\xbf" + hostile.SVG, hostile.HTML, hostile.GIF, hostile.HEIC),
        *(hostile.AVIF, hostile.BMP, hostile.PDF, hostile.TIFF, hostile.ICO, hostile.PSD, hostile.EPS, bytes(5000)),
        *(b"P6 9000 9000 255\n", b"RIFF\0\0\0\0WAVE", b" " + encoded(photo(), "PNG")),
    ],
)
def test_other_forms_are_no_pictures(content: bytes) -> None:
    assert refusal(content) == (Refusal.NOT_A_PICTURE, None)


def test_first_bytes_decide_and_no_other_plugin_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError

    Image.init()
    for form in set(Image.OPEN) - {"PNG", "JPEG", "WEBP"}:
        monkeypatch.setitem(Image.OPEN, form, (never, lambda prefix: True))
    assert open_(encoded(photo(), "PNG")).size == (320, 240)
    assert refusal(hostile.GIF) == (Refusal.NOT_A_PICTURE, None)
    assert refusal(b"\x89PNG\r\n\x1a\n" + hostile.GIF)[0] is Refusal.TRUNCATED


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.9, 0.99])
def test_half_a_file_is_truncated(form: str, share: float) -> None:
    whole = encoded(hostile.noise(200, 200), form)
    assert refusal(whole[: round(len(whole) * share)]) == (Refusal.TRUNCATED, None)
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_a_picture_may_not_move() -> None:
    assert refusal(hostile.frames("PNG")) == (Refusal.ANIMATED, None)
    assert refusal(hostile.frames("WEBP")) == (Refusal.ANIMATED, None)
    assert refusal(hostile.frames("GIF"))[0] is Refusal.NOT_A_PICTURE


def test_a_photo_that_carries_another_is_the_first_of_them() -> None:
    two = encoded(Image.new("RGB", (90, 90), "red"), "MPO", save_all=True, append_images=[Image.new("RGB", (90, 90))])
    assert pixel(open_(two), 40, 40)[0] > 240


def test_pixels_are_counted_before_any_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda image: pytest.fail("decoded"))
    assert refusal(hostile.bomb()) == (Refusal.TOO_LARGE, PIXELS)
    assert refusal(hostile.png(7000, 7000)) == (Refusal.TOO_LARGE, PIXELS)
    assert refusal(hostile.png(2**31 - 1, 2**31 - 1)) == (Refusal.TOO_LARGE, PIXELS)
    assert refusal(encoded(Image.new("L", (9000, 9000)), "JPEG")) == (Refusal.TOO_LARGE, PIXELS)
    assert refusal(encoded(Image.new("L", (9000, 9000)), "WEBP")) == (Refusal.TOO_LARGE, PIXELS)
    assert refusal(hostile.png(63, 300)) == (Refusal.TOO_SMALL, 64)
    with pytest.raises(NotTaken) as refused:
        opened(encoded(photo(), "PNG"), least=64, most=320 * 240 - 1)
    assert refused.value.limit == 320 * 240 - 1


def test_bytes_are_counted_before_any_is_looked_at() -> None:
    assert refusal(hostile.HTML + bytes(BYTES)) == (Refusal.TOO_LARGE, BYTES)
    assert open_(encoded(photo(), "PNG") + bytes(BYTES - 100_000)).size == (320, 240)


def test_small_files_that_unpack_to_much_are_too_large() -> None:
    assert len(hostile.profile_bomb()) < 250_000
    assert refusal(hostile.profile_bomb()) == (Refusal.TOO_LARGE, TEXT_BYTES)
    assert refusal(hostile.text_bomb()) == (Refusal.TOO_LARGE, TEXT_BYTES)
    assert refusal(hostile.texts_bomb()) == (Refusal.TOO_LARGE, TEXT_BYTES)
    assert open_(hostile.rows_bomb()).size == (80, 80)


def test_thousands_of_passes_over_one_picture_are_too_large() -> None:
    assert len(hostile.passes_bomb()) < BYTES
    assert refusal(hostile.passes_bomb()) == (Refusal.TOO_LARGE, PIXELS)
    assert open_(encoded(photo(5000, 4000), "JPEG", progressive=True)).size == (5000, 4000)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_comes_out_upright_and_bare(orientation: int, form: str) -> None:
    upright = Image.new("RGB", (160, 80), "white")
    upright.paste("red", (0, 0, 40, 40))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010F] = "a phone"
    backwards = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}
    stored = upright.transpose(UPRIGHT[backwards[orientation]]) if orientation > 1 else upright
    image = open_(encoded(stored, form, exif=exif))
    assert image.size == (160, 80) and not image.info and not image.getexif()
    red, green, _ = pixel(image, 20, 20)
    assert red > 200 and green < 60


def test_garbled_exif_is_none_and_its_warnings_are_nobody_s(recwarn: pytest.WarningsRecorder) -> None:
    for garbled in (b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + bytes(30), b"Exif\0\0MM", b"Exif\0\0" + b"\xff" * 400):
        assert open_(encoded(photo(), "JPEG", exif=garbled)).size == (320, 240)
    exif = Image.Exif()
    exif[ORIENTATION] = 77
    assert open_(encoded(photo(), "JPEG", exif=exif)).size == (320, 240)
    assert not recwarn


def test_a_warning_of_pillow_s_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    load = ImageFile.ImageFile.load

    def warns(image: ImageFile.ImageFile) -> object:
        warnings.warn("something is odd", UserWarning, stacklevel=1)
        return load(image)

    monkeypatch.setattr(ImageFile.ImageFile, "load", warns)
    assert refusal(encoded(photo(), "PNG")) == (Refusal.TRUNCATED, None)


def test_colours_of_all_kinds_are_kept() -> None:
    for mode in ("CMYK", "L", "1", "YCbCr"):
        red = Image.new("RGB", (80, 80), "white").convert(mode)
        form = "PNG" if mode == "1" else "JPEG"
        image = open_(encoded(red, form))
        assert image.mode == "RGB" and min(pixel(image, 9, 9)) > 250, mode
    assert pixel(open_(encoded(Image.new("RGB", (80, 80), "red").convert("CMYK"), "JPEG")), 9, 9)[0] > 240
    for grey, seen in ((0, 0), (32768, 127), (65535, 255)):
        image = open_(encoded(Image.new("I;16", (80, 80), grey), "PNG"))
        assert image.mode == "RGB" and abs(pixel(image, 9, 9)[1] - seen) <= 1
    palette = photo(80, 80).quantize(16)
    assert open_(encoded(palette, "PNG")).mode == "RGB"
    assert open_(encoded(palette, "PNG", transparency=3)).mode == "RGBA"
    assert open_(encoded(palette, "PNG", transparency=bytes(range(0, 160, 10)))).mode == "RGBA"
    assert open_(encoded(Image.new("LA", (80, 80), (9, 100)), "PNG")).getpixel((5, 5)) == (9, 9, 9, 100)
    assert open_(encoded(Image.new("RGBA", (80, 80), (9, 8, 7, 255)), "PNG")).mode == "RGB"
    assert open_(encoded(Image.new("RGBA", (80, 80), (9, 8, 7, 128)), "WEBP", lossless=True)).mode == "RGBA"
    assert pixel(open_(encoded(Image.new("RGB", (80, 80), "red"), "PNG", transparency=(255, 0, 0))), 1, 1)[3] == 0


def test_whatever_the_bytes_are_there_is_a_picture_or_a_refusal() -> None:
    chance = random.Random(11)
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    whole = [encoded(photo(90, 70), form, exif=exif) for form in ("PNG", "JPEG", "WEBP")]
    whole += [encoded(photo(90, 70), "JPEG", progressive=True), encoded(photo(90, 70).quantize(9), "PNG")]
    opened_ = 0
    for _ in range(1500):
        content = bytearray(chance.choice(whole))
        for _ in range(chance.choice((1, 2, 5, 40))):
            content[chance.randrange(12, len(content))] = chance.randrange(256)
        if chance.random() < 0.2:
            del content[chance.randrange(len(content)) :]
        with contextlib.suppress(NotTaken):
            opened_ += open_(bytes(content)).mode in ("RGB", "RGBA")
    assert 100 < opened_ < 1400


def test_a_picture_that_a_merchant_sends_is_kept_plain(emulator: Emulator) -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[0x8825] = 6, {1: "N"}
    content = encoded(photo(4000, 3000), "JPEG", exif=exif, comment=b"secret")
    answer = drawing.drawn({"do": "picture", "content": base64.b64encode(content).decode(), "into": "sent/a"})
    assert answer["is"] == "picture"
    assert (answer["width"], answer["height"], answer["media"]) == (1920, 2560, "image/jpeg")
    kept = emulator.pictures()["sent/a"]
    assert answer["size"] == len(kept) <= BYTES and b"secret" not in kept and b"Exif" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == (1920, 2560) and image.mode == "RGB" and not image.getexif()
    again = sent.done(CheckPicture(content=content, into="sent/a"))
    assert emulator.pictures()["sent/a"] == kept and isinstance(again, CheckedPicture)


def test_what_is_kept_can_be_opened_again(emulator: Emulator) -> None:
    for number, image in enumerate((hostile.noise(950, 950), hostile.noise(850, 850, "RGBA"), photo(80, 5000))):
        answer = sent.done(CheckPicture(content=encoded(image, "PNG"), into=f"sent/{number}"))
        assert isinstance(answer, CheckedPicture), answer
        again = open_(emulator.pictures()[f"sent/{number}"]) if number < 2 else None
        assert again is None or (again.mode, again.size) == (image.mode, (answer.width, answer.height))
    clear = sent.done(CheckPicture(content=encoded(hostile.noise(400, 300, "RGBA"), "WEBP"), into="sent/clear"))
    assert isinstance(clear, CheckedPicture) and clear.media == "image/png"


def test_what_a_code_in_a_picture_says_is_read(emulator: Emulator) -> None:
    paper = photo(900, 1200)
    paper.paste(code("https://weixin.qq.com/g/AQYAAH0"), (300, 500))
    told = sent.done(CheckPicture(content=encoded(paper, "JPEG"), into="sent/group"))
    assert isinstance(told, CheckedPicture) and told.reads == "https://weixin.qq.com/g/AQYAAH0"
    clear = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    drawn = code("扫码进群").convert("RGBA")
    clear.paste(drawn, (30, 30), drawn.convert("L").point(lambda level: 255 - level))
    told = sent.done(CheckPicture(content=encoded(clear, "PNG"), into="sent/clear"))
    assert isinstance(told, CheckedPicture) and told.reads == "扫码进群"
    plain = sent.done(CheckPicture(content=encoded(photo(), "PNG"), into="sent/plain"))
    assert isinstance(plain, CheckedPicture) and plain.reads is None


def test_a_refused_picture_is_not_kept(emulator: Emulator) -> None:
    said = sent.done(CheckPicture(content=hostile.SVG, into="sent/x"))
    assert said == Refused(why=Refusal.NOT_A_PICTURE)
    assert sent.done(CheckPicture(content=hostile.bomb(), into="sent/x")) == Refused(why=Refusal.TOO_LARGE)
    assert not emulator.pictures()


WORST = """
import sys
from PIL import Image
from chalicelib.core import files
from chalicelib.pictures import sent
from chalicelib.pictures.errands import CheckPicture
from tests.pictures import hostile
files.keep = lambda name, content, media: None
what = sys.argv[1]
size = (6320, 6320)
if what == "bombs":
    errands = [hostile.bomb(), hostile.profile_bomb(), hostile.texts_bomb(), hostile.rows_bomb()]
elif what == "passes":
    errands = [hostile.passes_bomb(10)]
else:
    mode = "RGBA" if what in ("PNG", "WEBP") else "CMYK"
    image = hostile.photo(*size).convert(mode)
    if mode == "RGBA":
        image.putalpha(100)
    exif = Image.Exif()
    exif[0x0112] = 6
    ways = {"JPEG": {"progressive": True, "quality": 40}, "WEBP": {"quality": 30, "method": 0}}
    how = ways.get(what, {})
    content = hostile.encoded(image, what, exif=exif, **how)
    open(sys.argv[2], "wb").write(content)
    sys.exit()
for content in errands:
    sent.done(CheckPicture(content=content, into="x"))
print(1024 * int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]))
"""
OPENED = """
import sys
from chalicelib.core import files
from chalicelib.pictures import sent
from chalicelib.pictures.errands import CheckPicture
files.keep = lambda name, content, media: None
print(sent.done(CheckPicture(content=open(sys.argv[1], "rb").read(), into="x")).width, file=sys.stderr)
print(1024 * int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]))
"""


def setting() -> int:
    """The function's memory in bytes."""
    stage = json.loads((ROOT / ".chalice" / "config.json").read_text())["stages"]["api"]
    return int(stage["lambda_functions"]["pictures"]["lambda_memory_size"]) * 1024 * 1024


def run(program: str, *arguments: str) -> str:
    """What a process of its own says."""
    asked = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(asked, check=False, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_the_largest_picture_that_is_taken_has_room_in_memory(form: str, tmp_path: Path) -> None:
    file = tmp_path / "worst"
    run(WORST, form, str(file))
    assert file.stat().st_size <= BYTES
    assert int(run(OPENED, str(file))) < setting() * 0.75


@pytest.mark.parametrize("what", ["bombs", "passes"])
def test_what_is_refused_takes_no_memory(what: str) -> None:
    assert int(run(WORST, what)) < setting() * 0.75
