"""The states of a bargain and of a help, as tables that can be printed."""

from __future__ import annotations

from enum import StrEnum

from chalicelib.core.states import Transition


class BargainState(StrEnum):
    """Where a bargain is on its way to a purchase or its end."""

    ACTIVE = "active"
    """Friends may help."""
    SETTLING = "settling"
    """Past its end while helps still wait for a decision; nobody helps or buys."""
    FLOOR = "floor"
    """All parts are cut; it may be bought at the floor price until its claim window is over."""
    ORDERING = "ordering"
    """An order of it may still be paid; its price is frozen."""
    BOUGHT = "bought"
    EXPIRED = "expired"
    MISSED = "missed"
    """It reached the floor, and nobody bought."""
    CANCELLED = "cancelled"
    """Given up by its owner."""
    CLOSED = "closed"
    """Ended by the merchant."""


class HelpState(StrEnum):
    """What became of a help; one that is refused at once is not stored."""

    COUNTED = "counted"
    HELD = "held"
    """It waits for the merchant, or decides itself by the published policy."""
    REJECTED = "rejected"
    MOOT = "moot"
    """Its bargain no longer needed it; the helper's limit went back."""


BARGAIN_TABLE = (
    Transition(
        "–",
        "start",
        "bargain absent, starts and live bargains below the limits, a unit and the whole cut in the budget are there",
        "active",
        "end and due set, cut reserved, its unit taken where stock is taken at the start",
    ),
    Transition(
        "active",
        "help, allowed",
        "help absent, helps as seen, now ≤ end, the helper's limits",
        "active, floor",
        "helps + 1, slot taken; the last one sets the claim window and due",
    ),
    Transition(
        "active",
        "help, held",
        "help absent, held < slots, now ≤ end − 10 min, the helper's limits",
        "same",
        "held + 1, the help is due by the policy and listed",
    ),
    Transition(
        "active, settling",
        "held help taken",
        "help held, status and helps as seen; never the clock",
        "same, floor",
        "helps + 1, held − 1, slot taken",
    ),
    Transition("active, settling", "held help refused", "help held, held ≥ 1", "same", "held − 1, limit kept"),
    Transition("ordering (early)", "held help decided", "–", "same", "merchant 409; the policy looks again later"),
    Transition(
        "floor, ordering (floor), ended",
        "held help decided or due",
        "help held, status as seen",
        "same",
        "held − 1, help moot, limit back, the day's only on the same day",
    ),
    Transition(
        "active",
        "buy early",
        "allowed, helps and buys as seen, fewer than 3, now ≤ end − 2 min",
        "ordering",
        "order held, remaining time kept, due removed",
    ),
    Transition(
        "floor", "buy", "now ≤ claim end − 2 min", "ordering", "order held until the claim end at most, due removed"
    ),
    Transition(
        "ordering",
        "paid",
        "the order is its own and held or closing; never the clock",
        "bought",
        "order confirmed, payment live, what was not cut goes back to the budget",
    ),
    Transition(
        "ordering (early)", "order proven unpaid", "not marked to close", "active", "end and due = now + remaining time"
    ),
    Transition("ordering (floor)", "order proven unpaid", "not marked to close", "floor", "due = claim end"),
    Transition("ordering", "closed by the merchant", "–", "same", "marked to close; a payment still wins"),
    Transition("ordering", "order proven unpaid", "marked to close", "closed", "budget, unit and limit back"),
    Transition("active, settling", "end, held > 0", "due as leased", "settling", "due in 1 min"),
    Transition("active, settling", "end, held = 0", "due as leased", "expired", "budget, unit and limit back"),
    Transition("floor", "claim end", "due as leased", "missed", "budget, unit and limit back"),
    Transition(
        "active, floor, settling",
        "cancelled by its owner, closed by the merchant",
        "status as seen",
        "cancelled, closed",
        "budget, unit and limit back",
    ),
    Transition(
        "bought", "all money goes back", "order confirmed", "bought", "what was spent of the budget, the unit if unsent"
    ),
)

HELP_TABLE = (
    Transition("–", "help, allowed", "absent, as above", "counted", "slot and its part"),
    Transition("–", "help, held", "absent, as above", "held", "due by the policy, listed for the merchant"),
    Transition("–", "help, refused", "–", "–", "nothing is written; it may be tried again"),
    Transition("held", "taken by merchant or policy", "bargain active or settling", "counted", "slot and its part"),
    Transition("held", "refused by the merchant", "bargain active or settling", "rejected", "the limit stays used"),
    Transition("held", "decided or due", "bargain past its helps", "moot", "the limit goes back"),
)
