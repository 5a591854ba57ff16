"""The states of a punch card and of a use of it, as tables that can be printed."""

from __future__ import annotations

from enum import StrEnum

from chalicelib.core.states import Transition


class CardState(StrEnum):
    """Where a card is."""

    GOOD = "good"
    """Units of it can be used."""
    USED_UP = "used_up"
    PAID_BACK = "paid_back"
    """What was not used of it was paid back."""


CARD_TABLE = (
    Transition("–", "its order is paid", "as an order is captured", "good", "CRD: left = units; the order's part"),
    Transition(
        "good",
        "use n, by the staff",
        "left ≥ n; META active, MBR active, cooled, or META closed and he its last owner",
        "good, used up at 0",
        "CRD left − n; USE; AUD",
    ),
    Transition(
        "good, used up", "undo a use, by the staff", "USE not undone, within a day; not paid back", "good", "left + n"
    ),
    Transition(
        "good",
        "pay back, by its buyer or the owner's key",
        "its buyer: within 7 days of the payment; left as seen; the order confirmed, its parts as seen",
        "paid back",
        "CRD left = 0; the order's money owed; stock + 1 where nothing was used; AUD of the key",
    ),
)

USE_TABLE = (
    Transition("–", "use, with a pass", "no USE of this pass; as above", "used", "as above"),
    Transition("used", "undo", "as above", "undone", "as above; the pass is good for nothing more"),
)
