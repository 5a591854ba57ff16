"""What the drawing function is asked for and what it answers: JSON on both sides.

Whatever it makes of an errand is the same when it is asked again, and a file that it writes has the name that it was
given: an errand may be repeated, and its answer lost.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.pictures.document import Fault, LeftOut, Poster


class Refusal(StrEnum):
    """Why a picture that somebody sent is not taken."""

    NOT_A_PICTURE = "not_a_picture"
    """No PNG, JPEG or WebP; also SVG, GIF, HEIC and pages."""
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    """More bytes or pixels than allowed; also a small file that unpacks to very many."""
    TOO_SMALL = "too_small"
    ANIMATED = "animated"
    UNREACHABLE = "unreachable"
    """It could not be fetched, or not in time."""


CODE = "code"
"""What a refusal calls the code of a poster, where a picture of the merchant's has its id."""


class Sharer(msgspec.Struct, frozen=True, kw_only=True):
    """Whose poster it is, as others may see him."""

    nickname: str | None = None
    avatar_url: str | None = None
    """On a host of WeChat's (``*.qlogo.cn``)."""


class DrawPoster(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="poster"):
    """Compose a poster, look at it, and keep it."""

    document: Poster
    pictures: dict[str, str] = {}
    """Where the document's pictures lie, by their ids."""
    person: Sharer
    code: str
    """Where its code lies: a PNG or JPEG of WeChat's, or a QR code."""
    into: str
    """What the finished poster is to be called."""
    faults: list[Fault] = []
    """What others found wrong with its words, to be marked with the rest; only their parts are known."""
    marked_into: str | None = None
    """What the poster with its mistakes marked is to be called, where somebody wants to see them."""


class DrawnPoster(msgspec.Struct, frozen=True, kw_only=True, tag_field="is", tag="poster"):
    """What became of a poster. One that has faults is kept too: its asker decides who sees it."""

    width: int
    height: int
    size: int
    """Bytes of the file, a JPEG."""
    faults: list[Fault]
    """All mistakes, those that were given among them."""
    left_out: list[LeftOut] = []
    reads: str | None = None
    """What was read from its code at a phone's size; None where its form is one that only WeChat reads, and what was
    compared instead is its shape."""


class CheckPicture(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="picture"):
    """Open a picture that a merchant sent, and keep it as a plain one: upright, without anything beside its pixels."""

    content: bytes
    """In JSON base64."""
    into: str


class CheckedPicture(msgspec.Struct, frozen=True, kw_only=True, tag_field="is", tag="picture"):
    """What it is."""

    width: int
    height: int
    media: str
    size: int
    reads: str | None = None
    """What a QR code in it says, such as the link of a group."""


QrForm = Literal["png", "svg"]
"""As what a QR code is drawn."""

MOST_QR_LETTERS = 512
"""What a QR code says at most: also of four bytes each they fit into one."""


class DrawQr(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="qr"):
    """Draw a QR code of our own."""

    text: Annotated[str, Meta(min_length=1, max_length=MOST_QR_LETTERS)]
    form: QrForm


class DrawnQr(msgspec.Struct, frozen=True, kw_only=True, tag_field="is", tag="qr"):
    """A QR code."""

    content: bytes
    media: str
    modules: int
    """Cells of one side, without the margin."""
    margin: int
    """Cells of the quiet zone on each side."""
    level: str
    """Of error correction: L, M, Q or H."""


MOST_LABELS = 600
"""Codes of one PDF, twenty pages: drawn within ten seconds by a function that has just begun, which is waited for
fifteen. They are 0.7 MB, of six that a function answers."""


class Label(msgspec.Struct, frozen=True):
    """One code of a sheet: what its QR code says, and what stands below it."""

    text: Annotated[str, Meta(min_length=1, max_length=64)]
    below: Annotated[str, Meta(max_length=32)]


class DrawSheet(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="sheet"):
    """Draw codes to be printed and cut."""

    title: str
    subtitle: str
    labels: Annotated[list[Label], Meta(min_length=1, max_length=MOST_LABELS)]


class DrawnSheet(msgspec.Struct, frozen=True, kw_only=True, tag_field="is", tag="sheet"):
    """A PDF on A4."""

    content: bytes
    pages: int


class Refused(msgspec.Struct, frozen=True, kw_only=True, tag_field="is", tag="refused"):
    """A picture is not what was asked for: which one, and why."""

    why: Refusal
    which: str = ""


Errand = DrawPoster | CheckPicture | DrawQr | DrawSheet
Answer = DrawnPoster | CheckedPicture | DrawnQr | DrawnSheet | Refused
