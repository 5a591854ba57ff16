"""The states of a group and of a seat, and the group's table, which can be printed."""

from __future__ import annotations

from enum import StrEnum

import msgspec

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


class SeatRole(StrEnum):
    """What a payer is in his group."""

    LEADER = "leader"
    MEMBER = "member"


class Drawn(msgspec.Struct, frozen=True, array_like=True):
    """Units that were taken from a stock shard, to go back there."""

    shard: int
    units: int


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
    Transition("open, settling", "late payment", "seat released, room, limit, unit", "same, succeeded", "paid + 1"),
    Transition("open", "end, held > 0", "due as leased", "settling", "due in 1 min, unlisted"),
    Transition("open, settling", "end, held = 0", "paid as seen, due as leased", "failed", "units back, drain"),
    Transition(
        "open, settling", "end, held = 0", "as above, honour_price, paid ≥ 1", "succeeded", "unused units back, drain"
    ),
    Transition("succeeded", "drain a seat", "seat and order paid", "succeeded", "seat won, order confirmed"),
    Transition(
        "failed", "drain a seat", "seat and order paid, payment live", "failed", "seat lost, refund owed, limit back"
    ),
    Transition("succeeded, failed", "no paid seat", "due as leased", "terminal", "due removed"),
)
