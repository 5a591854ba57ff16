"""What becomes of a message, as a table."""

from __future__ import annotations

from enum import StrEnum

from chalicelib.core.states import Transition


class NoticeState(StrEnum):
    """What became of a message."""

    SENDING = "sending"
    """Decided, and its consent taken."""
    SENT = "sent"
    UNKNOWN = "unknown"
    """WeChat did not answer; it is not sent again."""
    REFUSED = "refused"
    """WeChat refused it."""
    DROPPED = "dropped"
    """It was not sent: ``why`` says what was in the way."""


class Why(StrEnum):
    """Why a message was not sent."""

    NO_CONSENT = "no_consent"
    """He has not agreed, or not often enough."""
    UNWANTED = "unwanted"
    """He wants none of the sort."""
    QUIET = "quiet"
    """It was night when it could have been sent."""
    ENOUGH = "enough"
    """He had his reminders of the day."""
    OVER = "over"
    """Its reason was gone."""
    LATE = "late"
    """It could not be sent within a day."""
    BANNED = "banned"
    """WeChat has banned the template."""
    UNTOLD = "untold"
    """The merchant has taken the template away since."""
    GONE = "gone"
    """His account is closed or blocked."""
    TOLD = "told"
    """He had been told already."""


MESSAGE = (
    Transition(
        "–", "decided", "consent left, wanted, not told before", "sending", "consent taken, marked, then the call"
    ),
    Transition(
        "–", "decided, a reminder", "also: awake, not enough today, reason stands", "sending", "as above, counted"
    ),
    Transition("–", "decided against", "–", "dropped", "why; no consent taken"),
    Transition("sending", "WeChat took it", "–", "sent", "its id"),
    Transition("sending", "43101", "–", "refused", "all consents of the template are gone"),
    Transition("sending", "43107, 40037", "–", "refused", "consent back, template banned, alarm"),
    Transition("sending", "another refusal", "–", "refused", "consent back"),
    Transition("sending", "43108, quota, no token", "–", "sending", "tried again alone, while it may still come"),
    Transition("sending", "may come no more", "surely not sent", "dropped", "consent back"),
    Transition("sending", "no answer, or death", "–", "unknown", "consent stays taken; never sent again"),
)
"""A message to a user of one object at one moment."""
