"""The states of a group and of a seat, and the group's table, which can be printed."""

from __future__ import annotations

from enum import StrEnum

from chalicelib.core.states import Transition


class GroupState(StrEnum):
    """Where a group is on its way to its outcome."""

    PENDING = "pending"
    """The leader has not paid; nobody else sees it."""
    OPEN = "open"
    SETTLING = "settling"
    """Past its end while seats are still held; no new holds."""
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class SeatState(StrEnum):
    """Where a seat is; before the drain its end is derived from its group."""

    HELD = "held"
    PAID = "paid"
    RELEASED = "released"
    WON = "won"
    LOST = "lost"
    REFUNDED = "refunded"
    """Won, and then all of its money went back."""


class SeatRole(StrEnum):
    """What a payer is in his group; ``solo`` buys without one."""

    LEADER = "leader"
    MEMBER = "member"
    SOLO = "solo"


GROUP_TABLE = (
    Transition("–", "open", "order absent, limits, no pending opening, stock ≥ need", "pending", "leader's unit taken"),
    Transition("pending", "leader paid", "his order holds the seat", "open", "need − 1 units taken, end set, listed"),
    Transition("pending", "leader paid", "as above, units gone", "failed (no_stock)", "unit back, due now"),
    Transition("pending", "leader released", "proven unpaid", "failed (void)", "unit and limit back"),
    Transition("open", "hold", "now ≤ end − 2 min, left ≥ 1, limits", "open", "held + 1"),
    Transition(
        "open, settling", "member paid", "his order holds the seat, paid < need − 1", "same", "paid + 1, held − 1"
    ),
    Transition(
        "open, settling", "last paid", "his order holds the seat, paid = need − 1", "succeeded", "due now, unlisted"
    ),
    Transition("open, settling", "release", "proven unpaid", "same", "held − 1, limit back"),
    Transition(
        "open, settling",
        "late payment",
        "seat released and his order's, not closed, room, limits, unit",
        "same, succeeded",
        "paid + 1, limits taken again",
    ),
    Transition("open, settling", "closed by the merchant", "–", "settling (closed)", "end now, due now, unlisted"),
    Transition("open", "end, held > 0", "due as leased", "settling", "due in 1 min, unlisted"),
    Transition("open, settling", "end, held = 0", "paid as seen, due as leased", "failed", "units back, drain"),
    Transition(
        "open, settling",
        "end, held = 0",
        "as above, honour_price, paid ≥ 1, not closed",
        "succeeded",
        "unused units back, drain",
    ),
    Transition("succeeded", "drain a seat", "seat and order paid", "succeeded", "seat won, order confirmed"),
    Transition(
        "failed", "drain a seat", "seat and order paid, payment live", "failed", "seat lost, refund owed, limit back"
    ),
    Transition("succeeded, failed", "as many seats ended as paid", "due as leased", "terminal", "due removed"),
)

SEAT_TABLE = (
    Transition("–", "open, join", "no seat of this user there", "held", "order, limits, its own unit"),
    Transition("held", "paid", "its order is held or closing", "paid", "payment live"),
    Transition("held", "order proven unpaid", "its order is closing", "released", "limits and unit back"),
    Transition("released", "join again", "fewer than five takes", "held", "take + 1, a new order"),
    Transition(
        "released", "late payment of its order", "group not decided or closed, room, limits", "paid", "as joined"
    ),
    Transition("paid", "drain of a succeeded group", "order paid", "won", "order confirmed, buyer no newcomer"),
    Transition("won", "all its money goes back", "order confirmed", "refunded", "limits back, units too while unsent"),
    Transition(
        "paid", "drain of a failed group", "order paid, payment live", "lost", "refund owed, limits and unit back"
    ),
)
