"""The states of a poster, as a table that can be printed."""

from __future__ import annotations

from enum import StrEnum

from chalicelib.core.states import Transition


class TemplateState(StrEnum):
    """Where a poster is."""

    DRAFT = "draft"
    """Nobody gets it yet."""
    RELEASED = "released"
    """People get what was released last, whatever becomes of the draft."""
    WITHDRAWN = "withdrawn"
    """Nobody gets it any more, until it is released again."""


TEMPLATE_TABLE = (
    Transition("–", "create", "–", "draft", "PT, audit"),
    Transition("any", "edit", "edition as read", "the same", "PT: draft, edition + 1; audit"),
    Transition(
        "any",
        "release",
        "edition as read; its words and three sample pictures have no mistake (POSTER_LINT)",
        "released",
        "PT: the release, released + 1; REL#n, record, audit",
    ),
    Transition("released", "withdraw", "released", "withdrawn", "PT; record, audit"),
)
