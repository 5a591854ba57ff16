"""The simulator's mini-program codes: what it refuses, what it draws, and that a phone's camera reads it."""

from __future__ import annotations

import base64
import io
import json
import random
from typing import Any

import pytest
from PIL import Image, ImageDraw

from chalicelib.core import clock
from infra.local.wechat_sim import portraits, roundcode, rounddots
from infra.local.wechat_sim.refusal import ControlRefusal
from tests.simulator.raw import Answer
from tests.simulator.test_tokens import ask
from tests.wechat.scene import Scene

PAGE, WORDS = "pages/group/index", "s=96KAQDG43ZRGWEKA"
LAWFUL: dict[str, Any] = {"scene": WORDS, "page": PAGE}
TEXT = "Ab3-_xY9"


def send(scene: Scene, document: Any, token: str | None = None) -> Answer:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    token = ask(scene)["access_token"] if token is None else token
    return scene.sim.handle("POST", f"/wxa/getwxacodeunlimit?access_token={token}", {}, body)


def errcode(answer: Answer) -> int:
    """0 for a picture."""
    status, headers, body = answer
    assert status == 200
    if body[:1] != b"{":
        assert headers["Content-Type"].startswith("image/")
        return 0
    said = json.loads(body)
    assert " rid: " in said["errmsg"]
    return int(said["errcode"])


def opened(answer: Answer) -> Image.Image:
    return Image.open(io.BytesIO(answer[2]))


def jpeg(image: Image.Image, quality: int) -> Image.Image:
    written = io.BytesIO()
    image.convert("RGB").save(written, "jpeg", quality=quality)
    return Image.open(io.BytesIO(written.getvalue()))


def scans(scene: Scene, image: Image.Image, kind: str = "png") -> dict[str, Any]:
    written = io.BytesIO()
    image.save(written, kind)
    return scene.sim.control("POST", "/_sim/scan", {"picture": base64.b64encode(written.getvalue()).decode()})


def poster(code: Image.Image, side: int, seed: int) -> Image.Image:
    """A busy poster, 1080 by 1920, with a code of so many pixels on a white square."""
    rng = random.Random(seed)
    page = Image.new("RGB", (1080, 1920), (255, 230, 200))
    pen = ImageDraw.Draw(page)
    for _ in range(300):
        x, y = rng.randrange(1080), rng.randrange(1200)
        box = x, y, x + rng.randrange(5, 200), y + rng.randrange(5, 60)
        pen.rectangle(box, tuple(rng.randrange(256) for _ in range(3)))
    at = rng.randrange(30, 600), rng.randrange(1250, 1440)
    pen.rectangle((at[0] - 20, at[1] - 20, at[0] + side + 20, at[1] + side + 20), "white")
    page.paste(code.resize((side, side), Image.Resampling.LANCZOS), at)
    return page


def on_phone(page: Image.Image, quality: int) -> Image.Image:
    """What is left of a poster when it has gone through a chat and is shown 375 pixels wide."""
    sent = jpeg(page, 60)
    return jpeg(sent.resize((375, 375 * page.height // page.width), Image.Resampling.LANCZOS), quality)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scene": ""}, 40169),
        ({"scene": "a" * 33}, 40169),
        ({"scene": "a" * 32}, 0),
        ({"scene": "0aZ!#$&'()*+,/:;=?@-._~"}, 0),
        ({"scene": "a%20"}, 40129),
        ({"scene": "茶"}, 40129),
        ({"scene": "a b"}, 40129),
        ({"scene": "scancode_time=1"}, 85096),
        ({"scene": 12}, 47001),
        ({"scene": None}, 47001),
        ({"page": "/pages/group/index"}, 41030),
        ({"page": "pages/group/index?g=1"}, 41030),
        ({"page": "elsewhere/index"}, 41030),
        ({"page": "pages/scancode_time"}, 85096),
        ({"page": 1}, 47001),
        ({"check_path": False, "page": "elsewhere/index"}, 0),
        ({"check_path": False, "page": "/pages/index"}, 41030),
        ({"check_path": False, "page": "elsewhere?a=1"}, 41030),
        ({"check_path": 0}, 47001),
        ({"env_version": "trial"}, 0),
        ({"env_version": "develop"}, 0),
        ({"env_version": "beta"}, 40097),
        ({"env_version": True}, 47001),
        ({"width": 280}, 0),
        ({"width": 1280}, 0),
        ({"width": 279}, 40097),
        ({"width": 1281}, 40097),
        ({"width": "430"}, 47001),
        ({"width": 430.0}, 47001),
        ({"width": True}, 47001),
        ({"auto_color": 1}, 47001),
        ({"auto_color": True}, 0),
        ({"line_color": {"r": 10, "g": 20, "b": 30}}, 0),
        ({"line_color": {"r": 10, "g": 20}}, 47001),
        ({"line_color": {"r": "10", "g": 20, "b": 30}}, 47001),
        ({"line_color": {"r": 10, "g": 20, "b": 256}}, 40097),
        ({"line_color": "#000000"}, 47001),
        ({"is_hyaline": 1}, 47001),
        ({"is_hyaline": True}, 0),
        ({"hyaline": True}, 47001),
        ({"path": PAGE}, 47001),
    ],
)
def test_everything_is_checked(scene: Scene, changes: dict[str, Any], code: int) -> None:
    assert errcode(send(scene, {**LAWFUL, **changes})) == code
    assert len(scene.sim.world.pages.codes) == (1 if code == 0 else 0)


@pytest.mark.parametrize("body", [b"", b"scene=a&page=pages/a", b"[]", b'"scene"', b"{", b"null"])
def test_what_is_no_json_object_is_refused(scene: Scene, body: bytes) -> None:
    assert errcode(send(scene, body)) == 47001


def test_a_scene_is_needed_and_a_page_is_not(scene: Scene) -> None:
    assert errcode(send(scene, {"page": PAGE})) == 40169
    assert errcode(send(scene, {"scene": "a"})) == 0
    [code] = scene.sim.world.pages.codes.values()
    assert (code.page, code.env_version) == ("pages/index/index", "release")


def test_a_token_is_needed(scene: Scene) -> None:
    assert errcode(send(scene, LAWFUL, "")) == 41001
    assert errcode(send(scene, LAWFUL, "wrong")) == 40001


def test_a_page_is_there_once_it_is_released(scene: Scene) -> None:
    page = {"appid": scene.app.appid, "page": PAGE}
    scene.sim.control("POST", "/_sim/pages", {**page, "released": False})
    assert errcode(send(scene, LAWFUL)) == 41030
    assert errcode(send(scene, {**LAWFUL, "page": "pages/other/index"})) == 0
    scene.sim.control("POST", "/_sim/pages", {**page, "released": True})
    assert errcode(send(scene, LAWFUL)) == 0


def test_pages_that_are_not_released_are_counted(scene: Scene) -> None:
    scene.sim.world.pages.most_unchecked = 1
    answers = [send(scene, {"scene": "a", "page": page, "check_path": False}) for page in ("a", "a", "b", PAGE)]
    assert [errcode(answer) for answer in answers] == [0, 0, 45009, 0]


def test_five_thousand_are_made_a_minute_and_no_day_is_too_long(scene: Scene) -> None:
    assert scene.sim.world.allowances["code"].minute == 5_000
    scene.sim.control("POST", "/_sim/allowances", {"api": "code", "minute": 2})
    assert [errcode(send(scene, LAWFUL)) for _ in range(3)] == [0, 0, 45009]
    assert errcode(send(scene, {**LAWFUL, "width": 1})) == 40097
    clock.advance(60)
    assert errcode(send(scene, LAWFUL)) == 0


@pytest.mark.parametrize(
    ("kind", "code", "made"), [("busy", -1, 0), ("quota", 45011, 0), ("invalid_page", 41030, 0), ("slow", 0, 1)]
)
def test_faults_are_met_once(scene: Scene, kind: str, code: int, made: int) -> None:
    scene.fault("code", kind)
    assert errcode(send(scene, LAWFUL)) == code
    assert len(scene.sim.world.pages.codes) == made
    assert errcode(send(scene, LAWFUL)) == 0


def test_a_garbled_answer_is_half_a_picture(scene: Scene) -> None:
    scene.fault("code", "garbled")
    with pytest.raises(OSError, match="truncated"):
        opened(send(scene, LAWFUL)).load()


def test_a_jpeg_comes_on_white_and_a_png_on_nothing(scene: Scene) -> None:
    plain, clear = send(scene, LAWFUL), send(scene, {**LAWFUL, "is_hyaline": True, "width": 300})
    assert (plain[1]["Content-Type"], opened(plain).format, opened(plain).size) == ("image/jpeg", "JPEG", (430, 430))
    assert (clear[1]["Content-Type"], opened(clear).format, opened(clear).size) == ("image/png", "PNG", (300, 300))
    assert opened(plain).getpixel((2, 2)) == (255, 255, 255)
    assert opened(clear).getpixel((2, 2)) == (0, 0, 0, 0)
    assert {scans(scene, opened(answer))["scene"] for answer in (plain, clear)} == {WORDS}


def test_lines_have_the_colour_that_was_asked_for(scene: Scene) -> None:
    asked = {**LAWFUL, "is_hyaline": True, "line_color": {"r": 120, "g": 20, "b": 30}}
    red, green, blue, shown = (band.tobytes() for band in opened(send(scene, asked)).split())
    colours = {(r, g, b) for r, g, b, whole in zip(red, green, blue, shown, strict=True) if whole == 255}
    assert colours == {(120, 20, 30)}
    assert scans(scene, opened(send(scene, asked)))["page"] == PAGE


def test_whoever_scans_comes_to_the_page_with_its_scene(scene: Scene) -> None:
    opened_by = scans(scene, opened(send(scene, {**LAWFUL, "env_version": "trial"})))
    assert opened_by == {
        "appid": scene.app.appid,
        "page": PAGE,
        "scene": WORDS,
        "env_version": "trial",
        "query": "scene=s%3D96KAQDG43ZRGWEKA",
        "scene_value": 1047,
    }
    assert [code["scene"] for code in scene.sim.control("GET", "/_sim/codes")["codes"]] == [WORDS]


def test_nobody_scans_what_is_no_code(scene: Scene) -> None:
    with pytest.raises(ControlRefusal, match="no code"):
        scans(scene, Image.new("RGB", (400, 400), "white"))
    with pytest.raises(ControlRefusal, match="no code"):
        scans(scene, roundcode.drawn(TEXT, 430))
    for spoiled in ("!", base64.b64encode(b"GIF").decode(), base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()):
        with pytest.raises(ControlRefusal, match="no picture"):
            scene.sim.control("POST", "/_sim/scan", {"picture": spoiled})


def test_a_text_is_eight_letters() -> None:
    assert rounddots.text_of([1.0 if bit else -1.0 for bit in rounddots.bits_of(TEXT)] * 3) == TEXT
    for text in ("", "Ab3-_xY", "Ab3-_xY9a", "Ab3-_xY!"):
        with pytest.raises(ValueError, match="is not 8 of"):
            rounddots.bits_of(text)


def test_a_third_of_the_dots_may_be_lost_and_wrong_ones_are_nobodys() -> None:
    dots = [1.0 if bit else -1.0 for bit in rounddots.bits_of(TEXT)] * 3
    assert rounddots.text_of([0.0] * rounddots.BITS + dots[rounddots.BITS :]) == TEXT
    assert rounddots.text_of([-dot for dot in dots]) is None
    assert rounddots.text_of([0.0] * len(dots)) is None


def test_no_dot_touches_a_disc_or_another() -> None:
    places = rounddots.places()
    assert len({(round(x, 6), round(y, 6)) for x, y in places}) == len(places) == 192
    nearest = min((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 for n, a in enumerate(places) for b in places[:n])
    assert nearest**0.5 > 2 * rounddots.DOT
    assert max(x * x + y * y for x, y in places) ** 0.5 + rounddots.DOT < 1


@pytest.mark.parametrize("width", [280, 324, 430, 860, 1280])
@pytest.mark.parametrize("clear", [False, True])
def test_a_code_is_read_at_every_width(width: int, clear: bool) -> None:
    assert roundcode.read(roundcode.drawn(TEXT, width, clear=clear)) == TEXT


@pytest.mark.parametrize("side", [240, 324, 420])
@pytest.mark.parametrize("quality", [30, 50, 80])
def test_a_code_is_read_on_a_poster_at_a_phones_size(side: int, quality: int) -> None:
    rng = random.Random(side + quality)
    for seed in range(3):
        text = "".join(rng.choice(rounddots.LETTERS) for _ in range(rounddots.TEXT))
        page = poster(roundcode.drawn(text, 430), side, seed)
        assert roundcode.read(on_phone(page, quality)) == text


@pytest.mark.parametrize("margin", [0, 10, 60])
def test_a_code_is_read_in_a_crop_with_whatever_margin(margin: int) -> None:
    page = Image.new("RGB", (112 + 2 * margin,) * 2, "white")
    page.paste(roundcode.drawn(TEXT, 430).resize((112, 112), Image.Resampling.LANCZOS), (margin, margin))
    assert roundcode.read(jpeg(page, 50)) == TEXT


@pytest.mark.parametrize("degrees", [7, 90, 180, 237])
def test_a_code_is_read_from_any_side(degrees: int) -> None:
    turned = roundcode.drawn(TEXT, 430).rotate(degrees, expand=True, fillcolor=(255, 255, 255))
    assert roundcode.read(turned) == TEXT


def test_a_code_is_read_on_a_tinted_card_and_not_without_contrast() -> None:
    assert roundcode.read(roundcode.drawn(TEXT, 430, ink=(90, 20, 20))) == TEXT
    faint = Image.blend(roundcode.drawn(TEXT, 430), Image.new("RGB", (430, 430), "white"), 0.95)
    assert roundcode.read(faint) is None


@pytest.mark.parametrize("box", [(0, 0, 200, 200), (230, 0, 430, 200), (0, 0, 430, 180), (100, 150, 430, 430)])
def test_a_code_that_is_covered_is_not_read(box: tuple[int, int, int, int]) -> None:
    code = roundcode.drawn(TEXT, 430).copy()
    ImageDraw.Draw(code).rectangle(box, (200, 50, 30))
    assert roundcode.read(code) is None


def test_what_is_no_code_is_read_as_none_in_time() -> None:
    for picture in (Image.effect_noise((200, 200), 80), Image.new("L", (1, 1)), Image.new("RGB", (3000, 20), "black")):
        assert roundcode.read(picture) is None


def portrait(scene: Scene, path: str = "/avatars/thirdwx.qlogo.cn/mmopen/ann/132") -> Answer:
    return scene.sim.handle("GET", path, {}, b"")


def test_a_portrait_follows_from_its_address(scene: Scene) -> None:
    status, headers, body = portrait(scene)
    assert (status, headers["Content-Type"], opened(portrait(scene)).size) == (200, "image/jpeg", (132, 132))
    assert portrait(scene)[2] == body
    other = portrait(scene, "/avatars/thirdwx.qlogo.cn/mmopen/ben/132.png")
    assert (other[1]["Content-Type"], opened(other).format) == ("image/png", "PNG")
    assert other[2] != body


@pytest.mark.parametrize(
    ("kind", "status", "media"),
    [
        ("5xx", 502, "text/html"),
        ("absent", 404, "text/html"),
        ("svg", 200, "image/svg+xml"),
        ("truncated", 200, "image/jpeg"),
        ("slow", 200, "image/jpeg"),
    ],
)
def test_a_portrait_may_be_anything(scene: Scene, kind: str, status: int, media: str) -> None:
    scene.fault("portrait", kind, match="ann")
    assert portrait(scene, "/avatars/thirdwx.qlogo.cn/ben")[0] == 200
    spoiled = portrait(scene)
    assert (spoiled[0], spoiled[1]["Content-Type"]) == (status, media)
    assert portrait(scene)[0] == 200


def test_a_portrait_may_be_huge_elsewhere_or_not_to_be_had(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    scene.fault("portrait", "elsewhere")
    status, headers, _ = portrait(scene)
    assert (status, headers["Location"]) == (302, "https://example.com/portrait.jpg")
    scene.fault("portrait", "unreachable")
    with pytest.raises(Exception, match="unreachable"):
        portrait(scene)
    scene.fault("portrait", "huge")
    assert opened(portrait(scene)).size == (portraits.HUGE, portraits.HUGE)


def test_a_slow_portrait_says_how_slow(scene: Scene) -> None:
    scene.fault("portrait", "slow", seconds=7)
    assert scene.sim.exchange("GET", "/avatars/thirdwx.qlogo.cn/ann", {}, b"").delay == 7
