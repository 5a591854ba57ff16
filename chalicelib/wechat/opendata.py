"""What a client hands over sealed by WeChat: AES-128-CBC under the user's session key."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import msgspec

from chalicelib.core import clock
from chalicelib.wechat.http import json_object

BLOCK = 16
FRESH = timedelta(minutes=10)


class Unreadable(Exception):
    """It was not sealed for this mini-program under this key, or too long ago."""


class _Watermark(msgspec.Struct):
    appid: str
    timestamp: int


def opened(session_key: str, iv: str, sealed: str, appid: str) -> dict[str, Any]:
    """The JSON object in ``sealed`` (all three in base64). A watermark, where there is one, is ours and fresh.

    Raises `Unreadable` whatever is wrong with it.
    """
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import CBC

    try:
        key, start, text = (base64.b64decode(part, validate=True) for part in (session_key, iv, sealed))
        if len(key) != BLOCK or not text:
            raise ValueError("not AES-128")
        opener = Cipher(AES(key), CBC(start)).decryptor()
        document = json_object(_unpadded(opener.update(text) + opener.finalize()))
        mark = msgspec.convert(document["watermark"], _Watermark) if "watermark" in document else None
    except (ValueError, msgspec.ValidationError):
        raise Unreadable from None
    if mark and (mark.appid != appid or abs(clock.now().timestamp() - mark.timestamp) > FRESH.total_seconds()):
        raise Unreadable
    return document


def _unpadded(plain: bytes) -> bytes:
    """Without its PKCS#7 padding."""
    count = plain[-1]
    if not 1 <= count <= BLOCK or plain[-count:] != bytes([count]) * count:
        raise ValueError("padding")
    return plain[:-count]
