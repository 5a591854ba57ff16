"""State machines as tables that can be printed."""

from __future__ import annotations

from typing import NamedTuple


class Transition(NamedTuple):
    """One line of a state table."""

    source: str
    event: str
    condition: str
    target: str
    effects: str
