"""What a merchant says as a whole: its editions, and what the log tells of a change."""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.core.ids import derived

EDITION_LETTERS = 16


def edition_after(name: str, edition: str | None, said: msgspec.Struct) -> str:
    """What the edition of ``name`` is called in which ``said`` replaces another: the same for the same change alone."""
    return derived(name, edition or "", _json(said), length=EDITION_LETTERS)


def changes(before: msgspec.Struct | None, after: msgspec.Struct) -> dict[str, str]:
    """By field, what it says now, and what it said."""
    changed = dict[str, str]()
    for name in after.__struct_fields__:
        now = getattr(after, name)
        if before is None:
            changed[name] = _json(now)
        elif getattr(before, name) != now:
            changed[name] = f"{_json(getattr(before, name))} → {_json(now)}"
    return changed


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
