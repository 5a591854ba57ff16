"""The states of an order and of a captured payment, as tables that can be printed."""

from __future__ import annotations

from enum import StrEnum

from chalicelib.core.states import Transition


class OrderState(StrEnum):
    """Where an order is on its way to goods or money back."""

    HELD = "held"
    """Made, with a seat held; may be paid until its deadline."""
    CLOSING = "closing"
    """Past its deadline or cancelled; WeChat is being asked whether money came."""
    RELEASED = "released"
    """Proven unpaid; what it held went back."""
    PAID = "paid"
    """Paid; the play has not decided yet."""
    CONFIRMED = "confirmed"
    """The play succeeded: goods are owed."""
    REFUND = "refund"
    """The play failed or the payment came too late: the money is owed back, or was sent back."""


class Disposition(StrEnum):
    """What captured money is: every fen of it always exactly one of these."""

    LIVE = "live"
    """Pays for a live promise."""
    OWED = "owed"
    """Is owed back to the payer; an outbox entry carries it there."""
    REFUNDED = "refunded"
    """WeChat said conclusively that it went back."""


class Cause(StrEnum):
    """Why money goes back."""

    PLAY_FAILED = "play_failed"
    TOO_LATE = "too_late"
    PAID_TWICE = "paid_twice"
    AFTER_SALE = "after_sale"
    """The buyer asked, and the merchant agreed."""
    MERCHANT = "merchant"
    """The merchant gave it back by himself."""


class Delivery(StrEnum):
    """Where the goods of a confirmed order are."""

    WAITING = "waiting"
    """The merchant owes them."""
    PART = "part"
    """Some parcels are on their way."""
    SENT = "sent"
    """All are on their way."""
    DONE = "done"
    """Received: said by the buyer, proved by his code, or so long ago that it counts as received."""


ORDER_TABLE = (
    Transition("–", "open, join", "id absent", "held", "due = deadline, intent_at, attempt 1"),
    Transition("held", "prepay, repeated prepay", "now ≤ deadline − 60 s", "held", "intent_at, then the call"),
    Transition(
        "held", "WeChat says the attempt is closed", "attempt as seen, in time", "held", "attempt + 1, a new number"
    ),
    Transition("held", "cancel", "–", "closing", "due = now"),
    Transition("held", "due", "now ≥ deadline", "closing", "due = lease"),
    Transition(
        "held, closing",
        "captured",
        "payment row absent, attempt as seen",
        "paid, or confirmed where the play has nothing to decide",
        "payment row live, due removed, or kept while another attempt is open",
    ),
    Transition("closing", "closed: 204, CLOSED, or unknown 90 s after the latest intent", "–", "released", "seat back"),
    Transition("closing", "undecided answer", "–", "closing", "due backs off, never dead; after 2 h stuck money"),
    Transition("paid", "drain of a succeeded play", "–", "confirmed", "goods waiting, due = ship_by"),
    Transition("paid", "drain of a failed play", "–", "refund", "payment row owed, refund in the outbox"),
    Transition("released", "captured, seat free again", "room, limit, stock", "paid", "payment row live"),
    Transition("released", "captured, no seat", "–", "refund", "payment row owed, refund in the outbox"),
    Transition("any", "second capture", "payment row absent", "same", "payment row owed, refund in the outbox"),
)

PAYMENT_TABLE = (
    Transition("–", "captured", "–", "live | owed", "–"),
    Transition("live", "drain of a failed play", "all of it live", "owed", "refund row, act in the outbox"),
    Transition("live", "refund of a part", "as much live, fewer than 50, as seen", "owed", "as above, ≥ 61 s apart"),
    Transition("owed", "refund SUCCESS", "its refund row owed", "refunded", "outbox entry ends"),
    Transition("owed", "refund CLOSED, ABNORMAL, refused", "–", "owed", "stuck money, tried again"),
    Transition("owed", "refund PROCESSING, no answer", "–", "owed", "tried again; after 3 days stuck money"),
)
