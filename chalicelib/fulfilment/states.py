"""The states of an after-sale case, and what may become of goods and of cases, as tables that can be printed."""

from __future__ import annotations

from enum import StrEnum

from chalicelib.core.states import Transition


class CaseState(StrEnum):
    """Where an after-sale case is."""

    ASKED = "asked"
    """The buyer asked; the merchant owes an answer."""
    GRANTED = "granted"
    """The merchant agreed; the goods must come back first."""
    RETURNING = "returning"
    """The buyer has sent them back; the merchant owes a look at them."""
    PAID_BACK = "paid_back"
    """The money is owed back, or was sent back."""
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """By the buyer, or because he sent nothing back in time."""


OPEN_CASES = (CaseState.ASKED, CaseState.GRANTED, CaseState.RETURNING)
"""A case that is not decided yet."""


class Reason(StrEnum):
    """Why a buyer wants his money."""

    CHANGED_MIND = "changed_mind"
    NOT_ARRIVED = "not_arrived"
    DAMAGED = "damaged"
    WRONG = "wrong"
    OTHER = "other"


DELIVERY_TABLE = (
    Transition("–", "order confirmed", "–", "waiting", "due = ship_by"),
    Transition("waiting, part", "some parcels sent", "confirmed, no case, as seen", "part", "upload owed"),
    Transition("waiting, part", "all parcels sent", "as above", "sent", "upload owed, due = sent + complete_days"),
    Transition("waiting", "handed over", "as above, the buyer's code", "done", "upload owed, due removed"),
    Transition("waiting, part", "due", "now ≥ ship_by", "same", "stuck money: not_shipped"),
    Transition("sent", "corrected", "express, not corrected before, no case", "sent", "upload owed once more"),
    Transition("sent", "received, settled in WeChat, or due", "confirmed, no case, as seen", "done", "due removed"),
    Transition("any", "all of its money goes back", "as seen", "same, order refund", "off every list, due removed"),
)

CASE_TABLE = (
    Transition("–", "asked", "order confirmed, no open case, as much live, in time", "asked", "due = answer_by"),
    Transition("asked", "granted, nothing comes back", "as seen", "paid_back", "refund owed, order as it was"),
    Transition("asked", "granted, goods come back", "as seen", "granted", "due = return_by"),
    Transition("asked", "refused", "as seen", "refused", "order due now"),
    Transition("asked, granted", "withdrawn; not sent back by return_by", "as seen", "withdrawn", "order due now"),
    Transition("granted", "sent back", "as seen", "returning", "due = answer_by"),
    Transition("returning", "goods are back", "as seen", "paid_back", "refund owed"),
    Transition("asked, returning", "due", "now ≥ answer_by", "same", "stuck money: case_unanswered, due removed"),
)
