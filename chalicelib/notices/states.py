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
