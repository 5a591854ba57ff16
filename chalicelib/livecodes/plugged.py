"""What another room plugs into live codes, filled by app.py: the pictures that merchants send."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from chalicelib.core.ids import MerchantId
from chalicelib.core.lazily import Registry


class Sent(NamedTuple):
    """A picture that a merchant sent."""

    file: str
    """Where it lies (`core.files`)."""
    reads: str | None
    """What a QR code in it says."""


PICTURES: Registry[str, Callable[[MerchantId, str], tuple[str, str | None] | None]] = Registry()
"""By name, who knows merchants' pictures: of an id the two things of `Sent`, None for no such picture."""


def picture(mid: MerchantId, ident: str) -> Sent | None:
    """A merchant's picture; None where there is none of that id."""
    found = (look(mid, ident) for look in PICTURES.values())
    return next((Sent(*each) for each in found if each is not None), None)
