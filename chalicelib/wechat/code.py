"""Mini-program codes (``getUnlimitedQRCode``): round pictures that open a page of the mini-program when scanned.

Codes live for ever and WeChat makes as many as are asked for, 5,000 a minute of one mini-program. Asking twice makes
two, which harms nobody: each opens the page.
"""

from __future__ import annotations

import re

import msgspec

from chalicelib.wechat.account import AppAccount
from chalicelib.wechat.http import Unknown, call_api_for_file
from chalicelib.wechat.token import with_token

CODE_SECONDS = 5.0
"""WeChat draws before it answers."""

WIDTH = 430
"""Pixels of a side. A code that takes three tenths of a poster 1080 pixels wide is 324 there; of what is not enlarged
then, this is WeChat's own default, and leaves room up to two fifths."""

SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}")
"""What WeChat takes as a scene: no other letters, ``%`` least of all."""
PAGE = re.compile(r"[^/?#\s][^?#\s]*")
"""A page without a leading slash and without a query."""

NOT_RELEASED = "41030"
"""The released mini-program has no such page."""

PNG, JPEG = "image/png", "image/jpeg"
FORMS = {PNG: (b"\x89PNG\r\n\x1a\n", b"IEND"), JPEG: (b"\xff\xd8\xff", b"\xff\xd9")}
"""By media type: how such a file begins, and what stands at its end."""
END = 16
"""Bytes at a file's end in which its end must be found."""


class Picture(msgspec.Struct, frozen=True):
    """A code as WeChat drew it."""

    content: bytes
    media: str
    """``image/png`` or ``image/jpeg``, as its bytes say."""


def unlimited_code(app: AppAccount, *, page: str, scene: str, check_page: bool = True) -> Picture:
    """The code that opens ``page`` of the released mini-program with ``scene`` in its query.

    With ``check_page`` WeChat insists that the released version has the page.

    Raises ValueError for what WeChat never takes, `Unknown`, `Quota` (the minute's 5,000), and `WechatError`:
    `NOT_RELEASED`, 40097, 40169, 47001 (our request is wrong), 48001 (the account may not).
    """
    if not SCENE.fullmatch(scene) or not PAGE.fullmatch(page):
        raise ValueError(f"no code has page {page!r} and scene {scene!r}")

    def call(token: str) -> Picture:
        body = {"scene": scene, "page": page, "check_path": check_page, "env_version": "release", "width": WIDTH}
        query = {"access_token": token}
        return picture(call_api_for_file("POST", "/wxa/getwxacodeunlimit", query, body, timeout=CODE_SECONDS))

    return with_token(app, call)


def picture(content: bytes) -> Picture:
    """What sort of picture that is. Raises `Unknown` for anything else, and for one whose end is missing."""
    for media, (begins, ends) in FORMS.items():
        if content.startswith(begins) and ends in content[-END:]:
            return Picture(content, media)
    raise Unknown("answer is no whole picture")
