"""What other rooms plug into rewards, filled by app.py; nothing is imported for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.core.lazily import Registry

if TYPE_CHECKING:
    from chalicelib.rewards.grants import Source

SOURCES: Registry[str, Source] = Registry()
"""Who decides about grants, by the name that a grant's ``source`` is."""
