"""WeChat's mini-program codes: what is asked for, what is a picture and what an error."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from chalicelib.wechat import http, token
from chalicelib.wechat.code import JPEG, NOT_RELEASED, PNG, WIDTH, Picture, picture, unlimited_code
from chalicelib.wechat.http import Quota, Response, Unknown, WechatError, use_transport
from infra.local.wechat_sim import roundcode
from tests.wechat.scene import Scene

pytestmark = pytest.mark.usefixtures("emulator")

PAGE, SCENE = "pages/group/index", "s=96KAQDG43ZRGWEKA"


def asked(scene: Scene, page: str = PAGE, words: str = SCENE) -> Picture:
    return unlimited_code(scene.app, page=page, scene=words)


def file(kind: str) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (9, 9)).save(written, kind)
    return written.getvalue()


class Recorded:
    """WeChat, whose answer to the code's question is ``answer`` where there is one."""

    def __init__(self, under: http.Transport, answer: Response | None = None) -> None:
        self.under, self.answer = under, answer
        self.sent: list[dict[str, Any]] = []

    def send(self, method: str, url: str, headers: dict[str, str], body: bytes | None, timeout: float) -> Response:
        if "getwxacodeunlimit" not in url:
            return self.under.send(method, url, headers, body, timeout)
        self.sent.append({"url": url, "headers": headers, "timeout": timeout, **json.loads(body or b"")})
        return self.answer or self.under.send(method, url, headers, body, timeout)


@pytest.fixture
def recorded(scene: Scene) -> Iterator[Recorded]:
    with use_transport(Recorded(http.transport())) as _:
        found = http.transport()
        assert isinstance(found, Recorded)
        yield found


def test_a_code_opens_its_page_with_its_scene(scene: Scene) -> None:
    made = asked(scene)
    assert made.media == JPEG
    image = Image.open(io.BytesIO(made.content))
    assert image.size == (WIDTH, WIDTH)
    text = roundcode.read(image)
    assert text is not None
    code = scene.sim.world.pages.codes[text]
    assert (code.appid, code.page, code.scene, code.env_version) == (scene.app.appid, PAGE, SCENE, "release")


def test_the_request_is_the_smallest_that_says_everything(scene: Scene, recorded: Recorded) -> None:
    asked(scene)
    [sent] = recorded.sent
    assert "access_token=" in sent.pop("url")
    assert sent.pop("headers")["Content-Type"] == "application/json"
    assert sent.pop("timeout") == 5.0
    assert sent == {"scene": SCENE, "page": PAGE, "check_path": True, "env_version": "release", "width": WIDTH}


def test_a_code_on_three_tenths_of_a_poster_is_not_enlarged() -> None:
    assert 280 <= 1080 * 3 // 10 <= WIDTH <= 1280


@pytest.mark.parametrize("words", ["s", "a" * 32, "0aZ!#$&'()*+,/:;=?@-._~"])
def test_every_scene_that_wechat_takes_is_sent(scene: Scene, words: str) -> None:
    assert asked(scene, words=words).content


@pytest.mark.parametrize("words", ["", "a" * 33, "s=%20", "s 1", "茶", "s\n", 'a"b', "a|b", "a\\b", "{}"])
def test_a_scene_that_wechat_does_not_take_is_never_sent(scene: Scene, recorded: Recorded, words: str) -> None:
    with pytest.raises(ValueError, match="no code has"):
        asked(scene, words=words)
    assert recorded.sent == []


@pytest.mark.parametrize("page", ["", "/pages/a", "pages/a?b=1", "pages/a#b", "pages/a b"])
def test_a_page_with_a_slash_before_it_or_a_query_is_never_sent(scene: Scene, recorded: Recorded, page: str) -> None:
    with pytest.raises(ValueError, match="no code has"):
        asked(scene, page=page)
    assert recorded.sent == []


def test_a_page_that_is_not_released_has_no_code(scene: Scene) -> None:
    with pytest.raises(WechatError) as refused:
        asked(scene, page="elsewhere/a")
    assert refused.value.code == NOT_RELEASED
    assert refused.value.request_id


@pytest.mark.parametrize("kind", ["busy", "lost", "garbled", "5xx", "unreachable", "slow"])
def test_no_answer_decides_nothing(scene: Scene, kind: str) -> None:
    scene.fault("code", kind)
    with pytest.raises(Unknown) as unknown:
        asked(scene)
    assert not isinstance(unknown.value, Quota)


def test_too_many_in_a_minute_is_said(scene: Scene) -> None:
    scene.sim.control("POST", "/_sim/allowances", {"api": "code", "minute": 1})
    asked(scene)
    with pytest.raises(Quota):
        asked(scene)


def test_a_stale_token_is_fetched_anew(scene: Scene) -> None:
    asked(scene)
    scene.sim.control("POST", "/_sim/tokens/kill", {"appid": scene.app.appid})
    assert asked(scene).content
    token.forget()


@pytest.mark.parametrize("media", ["image/jpeg", "image/png", "text/plain", "application/octet-stream", ""])
@pytest.mark.parametrize(("kind", "said"), [("png", PNG), ("jpeg", JPEG)])
def test_what_a_picture_is_its_bytes_say(scene: Scene, recorded: Recorded, media: str, kind: str, said: str) -> None:
    recorded.answer = Response(200, {"content-type": media}, file(kind))
    assert asked(scene) == Picture(file(kind), said)


WRONG: dict[str, tuple[str, bytes, type[Exception]]] = {
    "41030 as a picture": ("image/jpeg", b'{"errcode":41030,"errmsg":"invalid page rid: 1"}', WechatError),
    "45009 as text": ("text/plain", b'{"errcode":45009,"errmsg":"reach max"}', Quota),
    "busy": ("application/json; charset=UTF-8", b'{"errcode":-1,"errmsg":"system error"}', Unknown),
    "40097 after a space": ("application/json", b' {"errcode":40097,"errmsg":"invalid args"}', WechatError),
    "nothing wrong": ("application/json", b'{"errcode":0,"errmsg":"ok"}', Unknown),
    "an empty object": ("application/json", b"{}", Unknown),
    "cut JSON": ("image/jpeg", b'{"errcode":', Unknown),
    "a picture as JSON": ("application/json", file("jpeg"), Unknown),
    "nothing": ("image/jpeg", b"", Unknown),
    "a page": ("image/jpeg", b"<html>", Unknown),
    "a GIF": ("image/gif", b"GIF89a....", Unknown),
    "a GIF with a PNG's end": ("image/png", b"GIF89a" + file("png")[8:], Unknown),
    "a page with a JPEG's end": ("image/jpeg", b"<html>" + file("jpeg")[8:], Unknown),
    "half a PNG": ("image/png", file("png")[:-20], Unknown),
    "half a JPEG": ("image/jpeg", file("jpeg")[:-20], Unknown),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_error_is_told_from_a_picture(scene: Scene, recorded: Recorded, name: str) -> None:
    media, body, error = WRONG[name]
    recorded.answer = Response(200, {"content-type": media}, body)
    with pytest.raises(error):
        asked(scene)


def test_an_answer_that_is_not_ok_is_no_picture(scene: Scene, recorded: Recorded) -> None:
    recorded.answer = Response(500, {"content-type": "image/png"}, file("png"))
    with pytest.raises(Unknown):
        asked(scene)


def test_a_picture_may_end_with_a_few_bytes_of_nothing() -> None:
    assert picture(file("jpeg") + b"\n").media == JPEG
