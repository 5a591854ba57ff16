"""getUnlimitedQRCode: a round code that opens a page with a scene, drawn as ours is (`roundcode`).

Ours, since the documents are silent: the order of the checks; 40129 for letters that no scene has, 40097 for a width or
version that there is not, 41030 also for a page with a slash before it or a query, 45009 for too many pages that are
not released; what ``auto_color`` chooses. Every answer is another code, which opens the same.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
from typing import Any, NamedTuple

from PIL import Image, UnidentifiedImageError

from infra.local.wechat_sim import roundcode, rounddots, tokens, visits
from infra.local.wechat_sim.documents import document, member
from infra.local.wechat_sim.pages import HOME, CodeMade
from infra.local.wechat_sim.refusal import ApiRefusal, ControlRefusal
from infra.local.wechat_sim.world import World

SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]+")
SCENE_LETTERS = 32
WIDTHS = range(280, 1281)
VERSIONS = ("release", "trial", "develop")
ABSENT: dict[str, Any] = {
    "scene": "",
    "page": HOME,
    "check_path": True,
    "env_version": "release",
    "width": 430,
    "auto_color": False,
    "line_color": {"r": 0, "g": 0, "b": 0},
    "is_hyaline": False,
}
"""Every field, and what stands for one that was not sent."""
AUTO = (20, 60, 110)
RESERVED = "scancode_time"


class File(NamedTuple):
    """What is answered instead of JSON."""

    content: bytes
    media: str


def unlimited(world: World, query: dict[str, str], body: bytes) -> File:
    """POST /wxa/getwxacodeunlimit."""
    appid = tokens.check(world, query)
    sent = document(body)
    if not sent.keys() <= ABSENT.keys():
        raise ApiRefusal(47001, "data format error")
    asked = {name: member(sent, name, absent) for name, absent in ABSENT.items()}
    ink = _ink(asked["line_color"])
    _insist_lawful(world, appid, asked)
    visits.spend(world, appid, "code", 45009)
    text = world.letters(rounddots.TEXT, rounddots.LETTERS)
    world.pages.codes[text] = CodeMade(appid, asked["page"], asked["scene"], asked["env_version"])
    clear = asked["is_hyaline"]
    picture = roundcode.drawn(text, asked["width"], ink=AUTO if asked["auto_color"] else ink, clear=clear)
    kind = "png" if clear else "jpeg"
    written = io.BytesIO()
    picture.save(written, kind, quality=90)
    return File(written.getvalue(), f"image/{kind}")


def _ink(colour: dict[str, Any]) -> roundcode.Ink:
    if colour.keys() != {"r", "g", "b"} or not all(type(part) is int for part in colour.values()):
        raise ApiRefusal(47001, "data format error")
    if not all(0 <= part <= 255 for part in colour.values()):
        raise ApiRefusal(40097, "invalid args")
    return colour["r"], colour["g"], colour["b"]


def _insist_lawful(world: World, appid: str, asked: dict[str, Any]) -> None:
    scene, page = asked["scene"], asked["page"]
    if not 1 <= len(scene) <= SCENE_LETTERS:
        raise ApiRefusal(40169, "invalid length for scene, or the data is not json string")
    if not SCENE.fullmatch(scene):
        raise ApiRefusal(40129, "invalid scene")
    if RESERVED in scene or RESERVED in page:
        raise ApiRefusal(85096, "not allow include scancode_time field")
    if asked["width"] not in WIDTHS or asked["env_version"] not in VERSIONS:
        raise ApiRefusal(40097, "invalid args")
    if world.pages.released(appid, page):
        return
    if asked["check_path"] or page.startswith("/") or "?" in page:
        raise ApiRefusal(41030, "invalid page")
    unchecked = world.pages.unchecked.setdefault(appid, set())
    if len(unchecked | {page}) > world.pages.most_unchecked:
        raise ApiRefusal(45009, "reach max unreleased page limit")
    unchecked.add(page)


def scanned(world: World, picture: str) -> CodeMade:
    """What somebody's phone opens who scans the code in a picture (its bytes in base64)."""
    try:
        image = Image.open(io.BytesIO(base64.b64decode(picture, validate=True)))
        image.load()
    except (binascii.Error, UnidentifiedImageError, OSError) as wrong:
        raise ControlRefusal(400, f"that is no picture: {wrong}") from None
    text = roundcode.read(image)
    if text is None or text not in world.pages.codes:
        raise ControlRefusal(404, "no code can be read in it")
    return world.pages.codes[text]
