"""What another room plugs into live codes, filled by app.py: the pictures that merchants upload."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.core.ids import MerchantId
from chalicelib.core.lazily import Registry

PICTURES: Registry[str, Callable[[MerchantId, str], str | None]] = Registry()
"""By name, who knows merchants' pictures: of an id its file's name (`core.files`), None for no such picture."""


def picture(mid: MerchantId, ident: str) -> str | None:
    """The file of a merchant's picture; None where there is none of that id."""
    return next((file for look in PICTURES.values() if (file := look(mid, ident)) is not None), None)
