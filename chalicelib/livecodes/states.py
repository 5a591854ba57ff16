"""The states of a live code, of its targets, and of a person's place, as tables that can be printed."""

from __future__ import annotations

from enum import StrEnum

from chalicelib.core.states import Transition


class LiveState(StrEnum):
    """Where a live code is."""

    LIVE = "live"
    PAUSED = "paused"
    """Nobody is given a place; who has one keeps it."""
    ENDED = "ended"


class TargetState(StrEnum):
    """Whether people are sent to a target. That it is full, or its QR code is over, is no state: both are looked at."""

    OPEN = "open"
    CLOSED = "closed"


class Standing(StrEnum):
    """What somebody's place is worth now."""

    GOOD = "good"
    EXPIRED = "expired"
    """The QR code of his group is over: its merchant uploads the next one, and he is not moved."""
    CLOSED = "closed"
    """Its merchant closed the target: the next call moves him."""


MOVES: dict[str, tuple[tuple[LiveState, ...], LiveState]] = {
    "pause": ((LiveState.LIVE,), LiveState.PAUSED),
    "resume": ((LiveState.PAUSED,), LiveState.LIVE),
    "end": ((LiveState.LIVE, LiveState.PAUSED), LiveState.ENDED),
}
"""What a merchant may do with a live code: from which states, and to which."""

LIVE_TABLE = (
    Transition("–", "create", "not created yet", "live", "META; the parts of its targets; due: a QR code that ends"),
    Transition("live", "pause", "edition as read", "paused", "META: edition + 1. No part is touched"),
    Transition("paused", "resume", "edition as read", "live", "META: edition + 1"),
    Transition("live, paused", "end", "edition as read", "ended", "META: edition + 1; nothing is due"),
    Transition("live, paused", "edit its texts", "edition as the merchant saw it", "same", "META: edition + 1"),
    Transition("live, paused", "due", "as leased", "same", "told: QR codes of groups that end in a day; the next due"),
)

TARGET_TABLE = (
    Transition("–", "add", "edition as read, parts are left", "open", "META: the target; its parts are new"),
    Transition("open", "close", "edition as read", "closed", "META; every part of it: closed"),
    Transition("closed", "reopen", "edition as read", "open", "META; every part of it: open"),
    Transition(
        "open, closed",
        "edit: a new picture, another capacity",
        "edition as the merchant saw it; so much is left of every part",
        "same",
        "META; its parts: left − or +, until when the QR code is good; new parts where it grows wide",
    ),
)

PLACE_TABLE = (
    Transition(
        "–",
        "ask for a place",
        "none yet; of the part: open, left ≥ 1, its QR code good",
        "placed",
        "PLACE; part: left − 1, taken + 1; a scan; the day's count + 1",
    ),
    Transition("placed", "ask again, its target is open", "–", "placed", "the same answer, and nothing is written"),
    Transition(
        "placed",
        "ask again, its target was closed",
        "PLACE as seen; the part it was of is closed; of the new part as above",
        "placed elsewhere",
        "as above, of the new target; the old one keeps its scan and what is taken of it",
    ),
)
