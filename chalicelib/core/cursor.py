"""Opaque cursors: where the next page of a listing begins, as text that a client hands back unchanged.

A cursor names a position, never a partition: the partition is the asker's own, so that a forged cursor only skips rows.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Annotated, Any

import msgspec

from chalicelib.core.errors import INVALID_FIELD, RippleError

POINTER = "?cursor"


class Page(msgspec.Struct, forbid_unknown_fields=True):
    """The query of every listing: how many, and where to go on."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20
    cursor: Annotated[str, msgspec.Meta(min_length=1, max_length=1024)] | None = None


def encode(after: dict[str, Any] | None) -> str | None:
    """The cursor of a page's end; None where there is no more."""
    if after is None:
        return None
    position = {name: typed["S"] for name, typed in after.items() if not name.endswith("pk") or name == "pk"}
    return base64.urlsafe_b64encode(msgspec.json.encode(position)).decode().rstrip("=")


def decode(text: str | None, partition: str, index: str | None = None, begins: str = "") -> dict[str, Any] | None:
    """Where a query of ``partition`` goes on, of what ``begins`` so there.

    Raises `INVALID_FIELD` for what `encode` did not write, and for the cursor of another listing.
    """
    if text is None:
        return None
    wanted = {"pk", "sk", f"{index}sk"} if index else {"pk", "sk"}
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        position = msgspec.json.decode(raw, type=dict[str, str])
    except (ValueError, binascii.Error, msgspec.DecodeError, RecursionError):
        raise _wrong() from None
    owner = partition.split("|", 1)[0]
    if set(position) != wanted or position["pk"].split("|", 1)[0] != owner or not all(position.values()):
        raise _wrong()
    if index is None and position["pk"] != partition:
        raise _wrong()
    if not position[f"{index}sk" if index else "sk"].startswith(begins):
        raise _wrong()
    key = {name: {"S": value} for name, value in position.items()}
    return {**key, f"{index}pk": {"S": partition}} if index else key


def of_position(position: str | None) -> str | None:
    """The cursor of a listing that is put together from several partitions: a place in their common order."""
    return base64.urlsafe_b64encode(position.encode()).decode().rstrip("=") if position else None


def position(text: str | None, form: re.Pattern[str], pointer: str = POINTER) -> str | None:
    """The place that `of_position` wrote. Raises `INVALID_FIELD` for what has not its ``form``."""
    if text is None:
        return None
    try:
        place = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (ValueError, binascii.Error):
        raise _wrong(pointer) from None
    if not form.fullmatch(place):
        raise _wrong(pointer)
    return place


def _wrong(pointer: str = POINTER) -> RippleError:
    return RippleError(INVALID_FIELD, pointer, reason=("不是有效的游标", "not a cursor of this listing"))
