"""Sealing text that is stored: AES-256-GCM under a merchant's key, bound to the item that it belongs to.

A sealed text names its key, so that an old key still opens what it sealed after a newer one seals.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from chalicelib.core import chance

NONCE_BYTES = 12


class Unsealable(Exception):
    """What is sealed does not open: ``reason`` is a fixed word (form, key, or seal), never a part of the text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def seal(keys: Mapping[str, str], kid: str, plain: bytes, about: str) -> str:
    """``plain`` sealed with the key ``kid`` for ``about`` alone. Raises `Unsealable` where there is no such key."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = chance.token_bytes(NONCE_BYTES)
    closed = AESGCM(_key(keys, kid)).encrypt(nonce, plain, _bound(about))
    return f"{kid}.{base64.b64encode(nonce + closed).decode()}"


def open_(keys: Mapping[str, str], sealed: str, about: str) -> bytes:
    """What `seal` sealed for ``about``. Raises `Unsealable` for anything else."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    kid, _, text = sealed.partition(".")
    key = _key(keys, kid)
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Unsealable("form") from None
    if len(raw) <= NONCE_BYTES:
        raise Unsealable("form")
    try:
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(about))
    except InvalidTag:
        raise Unsealable("seal") from None


def _key(keys: Mapping[str, str], kid: str) -> bytes:
    if kid not in keys:
        raise Unsealable("key")
    return bytes.fromhex(keys[kid])


def _bound(about: str) -> bytes:
    return about.encode()
