"""What other rooms plug into notices, filled by app.py; nothing is imported for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.core.lazily import Registry

if TYPE_CHECKING:
    from chalicelib.notices.card_items import Carded
    from chalicelib.notices.reasons import Reasons

PAGES: Registry[str, str] = Registry()
"""The page of each kind of object that a message opens, with ``{id}`` where the object's id goes; no leading slash."""

REASONS: Registry[str, Reasons] = Registry()
"""Who knows whether there is something to be reminded of, by the kind of object."""

CARDS: Registry[str, Carded] = Registry()
"""Every kind of object that is sent as a live card, by name."""
