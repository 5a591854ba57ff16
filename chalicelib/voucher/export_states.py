"""The states of an export, as a table that can be printed."""

from __future__ import annotations

from enum import StrEnum

from chalicelib.core.states import Transition


class ExportState(StrEnum):
    """Where an export is."""

    ASKED = "asked"
    """By one key; another has to agree."""
    MAKING = "making"
    READY = "ready"
    """Its file may be fetched."""
    GONE = "gone"


class Why(StrEnum):
    """Why an export is gone."""

    NOT_APPROVED = "not_approved"
    BATCH_ENDED = "batch_ended"
    KEY_CHANGED = "key_changed"
    """The batch got a new key: the file's codes are good no more."""
    NOT_MADE = "not_made"
    """It could not be made in a day."""
    DAY_OVER = "day_over"
    """Its file was there for a day."""


EXPORT_TABLE = (
    Transition(
        "–",
        "ask, none was ready under this key version",
        "batch live, key version; none is asked or being made",
        "making",
        "EXP (due = now), audit",
    ),
    Transition("–", "ask again", "as above", "asked", "EXP (due = a day), audit"),
    Transition(
        "asked",
        "approve, by another key and name",
        "asked, batch live, key version",
        "making",
        "EXP (due = now), audit",
    ),
    Transition("asked", "due, a day is over", "as leased", "gone", "EXP (due removed)"),
    Transition("making", "due", "as leased", "making", "S3: the next part; EXP: its mark, the next serial (due = now)"),
    Transition("making", "due, no sheets are drawn now", "as leased", "making", "EXP (due backs off)"),
    Transition("making", "due, S3 lost the upload", "as leased", "making", "EXP: from the first part on (due = now)"),
    Transition(
        "making",
        "due, all parts are there",
        "as leased, batch live, key version",
        "ready",
        "S3: the file; EXP (due = a day), audit",
    ),
    Transition(
        "making",
        "due, the batch has ended or has another key, or a day is over",
        "as leased",
        "gone",
        "S3: nothing is left; EXP (due removed)",
    ),
    Transition("ready", "link, by the key that asked", "ready, batch live, key version", "ready", "audit"),
    Transition("ready", "due, a day is over", "as leased", "gone", "S3: the file is removed; EXP (due removed)"),
)
