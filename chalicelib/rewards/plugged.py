"""What other rooms plug into rewards, filled by app.py; nothing is imported for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.core.lazily import Registry

if TYPE_CHECKING:
    from chalicelib.core.table import Item
    from chalicelib.rewards.grants import Source
    from chalicelib.rewards.lines import Listed

SOURCES: Registry[str, Source] = Registry()
"""Who decides about grants, by the name that a grant's ``source`` is."""

LINES: Registry[type[Item], Listed] = Registry()
"""Every kind of item that users' statements list (`items.statement_entry`): what it says there, and what it moved."""
