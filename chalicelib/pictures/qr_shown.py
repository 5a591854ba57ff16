"""A QR code as rooms hand it out: drawn elsewhere, with the text that it says. Nothing is imported to draw here."""

from __future__ import annotations

import msgspec

from chalicelib.pictures.asking import asked
from chalicelib.pictures.errands import DrawnQr, DrawQr, QrForm


class ToDraw(msgspec.Struct, forbid_unknown_fields=True):
    """As what a QR code is wanted."""

    form: QrForm = "png"


class QrCode(msgspec.Struct, kw_only=True):
    """A QR code, black on white with its quiet zone. Show it whole, and sharp: at a multiple of its own size."""

    text: str
    """What it says."""
    content: bytes
    """The picture, in base64."""
    media: str
    """image/png | image/svg+xml"""
    modules: int
    """Cells of one side, without the margin."""
    margin: int
    """Cells of the quiet zone on each side."""
    level: str
    """Of error correction: L, M, Q or H."""


def drawn(text: str, form: QrForm) -> QrCode:
    """The QR code of a text. Raises `PICTURES_BUSY`."""
    made = asked(DrawQr(text=text, form=form), DrawnQr)
    assert isinstance(made, DrawnQr)
    return QrCode(text=text, **msgspec.structs.asdict(made))
