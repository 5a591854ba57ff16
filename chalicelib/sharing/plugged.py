"""What other rooms plug into sharing, filled by app.py, so that sharing knows no play; nothing is imported for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.core.lazily import Registry

if TYPE_CHECKING:
    from chalicelib.core.table import Item
    from chalicelib.sharing.entries import Mark, Word
    from chalicelib.sharing.held import Holding
    from chalicelib.sharing.objects import Kind
    from chalicelib.sharing.shapes import Tree
    from chalicelib.sharing.text_codes import TextCode

KINDS: Registry[str, Kind] = Registry()
"""Every kind of object that can be shared, by name."""

WORDS: Registry[str, Word] = Registry()
"""What texts are searched for beside shares, by name, in this order."""

MARKS: Registry[str, Mark] = Registry()
"""What scenes and queries are searched for where they have no share, by name."""

CODES: Registry[str, TextCode] = Registry()
"""What codes may stand in a text beside a share, by name."""

HELD: Registry[type[Item], Holding] = Registry()
"""Every kind of item that may wait for the merchant."""

TREES: Registry[str, Tree] = Registry()
"""What somebody may hang in whose shape speaks against him, by name."""
