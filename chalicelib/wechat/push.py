"""What WeChat pushes to a mini-program's server (消息推送, safe mode, JSON or XML): proved to be WeChat's, then opened.

XML begins with an angle: what the request says of its own type is not asked. The signature says nothing about when:
WeChat names no limit and comes again with what it could not deliver, so no message is too old. Whoever acts on one must
be able to hear it twice and late.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from chalicelib.core.ids import derived
from chalicelib.wechat.account import PushAccount
from chalicelib.wechat.http import json_object
from chalicelib.wechat.notification import Forged
from chalicelib.wechat.xml import xml_object

BLOCK = 32
"""WeChat pads to this many bytes, twice what AES needs."""

NOISE, LENGTH = 16, 4
"""Before the text stand so many random bytes, and its length in so many."""

MOST_DIGITS = 11
"""Of a time in seconds, what has more is none."""


@dataclass(frozen=True, slots=True)
class Message:
    """One opened message. Duplicates, any order and long delays are normal."""

    kind: str
    """The event's name; of what is no event, the type of message."""
    fields: dict[str, Any]

    @property
    def ident(self) -> str:
        """What the message is known by: its like is the same message, however often and in whatever order it comes."""
        return derived("push", msgspec.json.encode(self.fields, order="sorted").decode())

    @property
    def openid(self) -> str:
        """Whom it is about."""
        return self.text("FromUserName")

    def text(self, name: str) -> str:
        """What a field says; nothing where it is not there or no text."""
        return text_of(self.fields, name)

    def when(self, name: str) -> datetime | None:
        """When something was; until it is, WeChat leaves the field out, or empty, or zero."""
        value = self.fields.get(name)
        said = text_of(self.fields, name) or (str(value) if isinstance(value, int) else "")
        seconds = int(said) if said.isascii() and said.isdecimal() and len(said) <= MOST_DIGITS else 0
        return datetime.fromtimestamp(seconds, UTC) if seconds else None

    def happened(self, name: str) -> bool:
        """Whether a field says when something was."""
        return self.when(name) is not None

    def listed(self) -> list[dict[str, Any]]:
        """The entries of an event about several things (`List`): one alone has no list around it.

        They stand at the top or in a member named after the event, as ``SubscribeMsgPopupEvent``.
        """
        named = "".join(part.capitalize() for part in self.kind.split("_"))
        holders = [self.fields, *_dicts(self.fields.get(named))]
        return [entry for holder in holders for entry in _dicts(holder.get("List"))]


def text_of(fields: dict[str, Any], name: str) -> str:
    """What a member says; nothing where it is not there or no text."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _dicts(value: Any) -> list[dict[str, Any]]:
    many = value if isinstance(value, list) else [value]
    return [each for each in many if isinstance(each, dict)]


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
        return xml_object(text) if text.lstrip()[:1] == b"<" else json_object(text)
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
