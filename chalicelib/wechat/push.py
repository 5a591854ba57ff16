"""What WeChat pushes to a mini-program's server (消息推送, safe mode, JSON): proved to be WeChat's, then opened.

The signature says nothing about when: WeChat names no limit and comes again with what it could not deliver, so no
message is too old. Whoever acts on one must be able to hear it twice and late.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from chalicelib.wechat.account import PushAccount
from chalicelib.wechat.http import json_object
from chalicelib.wechat.notification import Forged

BLOCK = 32
"""WeChat pads to this many bytes, twice what AES needs."""

NOISE, LENGTH = 16, 4
"""Before the text stand so many random bytes, and its length in so many."""


@dataclass(frozen=True, slots=True)
class Message:
    """One opened message. Duplicates, any order and long delays are normal."""

    kind: str
    """The event's name; of what is no event, the type of message."""
    fields: dict[str, Any]

    def text(self, name: str) -> str:
        """What a field says; nothing where it is not there or no text."""
        value = self.fields.get(name)
        return value if isinstance(value, str) else ""

    def happened(self, name: str) -> bool:
        """Whether a field says when something was: until then WeChat leaves it out, or empty, or zero."""
        value = self.fields.get(name)
        if isinstance(value, str):
            return value.isdecimal() and value.strip("0") != ""
        return isinstance(value, int) and value > 0


def verify(account: PushAccount, *, signature: str, timestamp: str, nonce: str) -> None:
    """Insist that WeChat asks whether this is the merchant's server. Raises `Forged`."""
    _insist_signed(signature, account.token, timestamp, nonce)


def read(account: PushAccount, *, signature: str, timestamp: str, nonce: str, raw_body: bytes) -> Message:
    """The message in ``raw_body``; ``signature`` is ``msg_signature``, which covers what is sealed.

    Whatever the sender wrote, this raises `Forged` and nothing else; ValueError means that ``account`` itself holds no
    usable key.
    """
    sealed = _object(raw_body).get("Encrypt")
    if not isinstance(sealed, str):
        raise Forged("form")
    _insist_signed(signature, account.token, timestamp, nonce, sealed)
    document = _object(_open(account, sealed))
    message = Message("", document)
    return Message(message.text("Event") or message.text("MsgType"), document)


def _object(text: bytes) -> dict[str, Any]:
    try:
        return json_object(text)
    except ValueError:
        raise Forged("form") from None


def _insist_signed(signature: str, *parts: str) -> None:
    ours = hashlib.sha1("".join(sorted(parts)).encode("utf-8", "replace")).hexdigest()
    if not hmac.compare_digest(ours.encode(), signature.encode("utf-8", "replace")):
        raise Forged("signature")


def _open(account: PushAccount, sealed: str) -> bytes:
    """The text that is sealed under the account's key for its mini-program."""
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES256
    from cryptography.hazmat.primitives.ciphers.modes import CBC

    key = base64.b64decode(account.aes_key + "=")
    cipher = Cipher(AES256(key), CBC(key[:16])).decryptor()
    try:
        padded = cipher.update(base64.b64decode(sealed, validate=True)) + cipher.finalize()
    except (binascii.Error, ValueError):
        raise Forged("ciphertext") from None
    padding = padded[-1] if padded else 0
    if not 1 <= padding <= BLOCK or padded[-padding:] != bytes([padding]) * padding:
        raise Forged("ciphertext")
    content = padded[NOISE:-padding]
    length = int.from_bytes(content[:LENGTH], "big")
    text, whose = content[LENGTH : LENGTH + length], content[LENGTH + length :]
    if not hmac.compare_digest(whose, account.appid.encode()):
        raise Forged("appid")
    return text
