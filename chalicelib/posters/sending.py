"""Pictures that merchants send: opened by the drawing function, and kept as it has taken them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.core import clock
from chalicelib.core.decision import decided
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import query, read, read_all, read_one
from chalicelib.core.transaction import Transaction
from chalicelib.merchants import audit
from chalicelib.pictures.asking import asked
from chalicelib.pictures.errands import CheckedPicture, CheckPicture, Refused
from chalicelib.posters.items import Picture, picture_index, picture_key
from chalicelib.posters.problems import PICTURE_REFUSED, WHY


def send(intent: Intent, name: str, content: bytes) -> Picture:
    """Take a picture. Raises `PICTURE_REFUSED`, which says why, and `PICTURES_BUSY`."""
    mid = intent.mid
    ident = intent.ident("picture")
    key = picture_key(mid, ident)

    def attempt() -> Picture:
        before = read(key).item(Picture, key)
        if before is not None:
            intent.insist_same(before.fingerprint)
            return before
        # Named by what is in it: of two that are sent under one key each has a file of its own.
        file = f"sent/{mid}/{ident}-{intent.fingerprint}"
        taken = asked(CheckPicture(content=content, into=file), CheckedPicture)
        if isinstance(taken, Refused):
            zh, en = WHY[taken.why]
            raise RippleError(PICTURE_REFUSED, "/content", why=taken.why.value, why_zh=zh, why_en=en)
        picture = Picture(
            *key,
            name=name,
            file=file,
            media=taken.media,
            width=taken.width,
            height=taken.height,
            size=taken.size,
            reads=taken.reads,
            fingerprint=intent.fingerprint,
            created_at=clock.now(),
            created_by=intent.actor,
        )
        picture.gsi1pk, picture.gsi1sk = picture_index(mid), ident
        tx = Transaction().put("picture", picture)
        audit.add(tx, mid, intent.actor, "picture.send", ident)
        tx.commit()
        return picture

    return decided(attempt)


def picture(mid: MerchantId, ident: str) -> Picture:
    """A picture that the merchant sent. Raises NOT_FOUND."""
    found = read_one(Picture, picture_key(mid, ident))
    if found is None:
        raise RippleError(NOT_FOUND)
    return found


def known(mid: MerchantId, ident: str) -> tuple[str, str | None] | None:
    """Where a picture that the merchant sent lies, and what a QR code in it says; None where he sent no such one."""
    found = read_one(Picture, picture_key(mid, ident))
    return (found.file, found.reads) if found is not None else None


def pictures(mid: MerchantId, limit: int, after: dict[str, Any] | None) -> tuple[list[Picture], dict[str, Any] | None]:
    """A page of the merchant's pictures, the newest first."""
    page = query(picture_index(mid), index="gsi1", limit=limit, forward=False, after=after)
    return [item for item in read_all(page.keys) if isinstance(item, Picture)], page.after


def there(mid: MerchantId, idents: Iterable[str]) -> Mapping[str, Picture]:
    """Which of these pictures the merchant has sent, by their ids."""
    keys = {ident: picture_key(mid, ident) for ident in idents}
    if not keys:
        return {}
    found = read(*keys.values())
    items = ((ident, found.item(Picture, key)) for ident, key in keys.items())
    return {ident: item for ident, item in items if item is not None}
