"""The states of a packet and of what friends do for it, as tables that can be printed."""

from __future__ import annotations

from enum import StrEnum

from chalicelib.core.states import Transition


class PacketKind(StrEnum):
    """Where a packet comes from, and how it is filled."""

    UNLOCK = "unlock"
    """Friends who confirm bring its owner what its nodes say."""
    ORDER = "order"
    """A paid order brought it: friends claim its shares."""
    GIFT = "gift"
    """An old customer gives it to a new one: one share."""


class PacketState(StrEnum):
    """Where a packet is on its way to its end."""

    ACTIVE = "active"
    """Friends may help, or claim."""
    SETTLING = "settling"
    """Past its end, or closed by the merchant, while acts still wait for a decision; nobody helps or claims."""
    DONE = "done"
    """Every share is claimed, or every node given."""
    EXPIRED = "expired"
    """Over; what nobody took went back to the budget."""
    CLAWING = "clawing"
    """Its order went back: what was given is being taken back, as far as it is there."""
    CLAWED = "clawed"
    """All that could be taken back was."""


class ActState(StrEnum):
    """What became of a help or a claim; one that is refused at once is not stored."""

    COUNTED = "counted"
    """A help that counts."""
    OWED = "owed"
    """A claim that has its share, whose value is on its way."""
    GRANTED = "granted"
    """A claim whose value is with both."""
    CLAWED = "clawed"
    """A claim that was taken back; what was not there any more is the owner's recorded debt."""
    HELD = "held"
    """It waits for the merchant, or decides itself by the published policy."""
    REJECTED = "rejected"
    MOOT = "moot"
    """Its packet no longer needed it; its actor's limit went back."""


PACKET_TABLE = (
    Transition(
        "–",
        "start (unlock, gift)",
        "packet absent, the campaign runs, limits, the whole packet in the budget",
        "active",
        "all of it reserved, end and due set, starts + 1",
    ),
    Transition(
        "–",
        "order confirmed",
        "packet absent, order confirmed, so much of it still paid; where the budget does not reach there is none",
        "active",
        "all of it reserved, end and due set",
    ),
    Transition(
        "active",
        "help, allowed",
        "help absent, n and granted as seen, now ≤ end, the helper's limits",
        "active",
        "n + 1; a node that is reached makes it due now",
    ),
    Transition(
        "active",
        "claim, allowed",
        "claim absent, n as seen, now ≤ end, the claimer's limits",
        "active, done",
        "n + 1, the share moves from reserved to spent; the last one removes due",
    ),
    Transition(
        "active",
        "help or claim, held",
        "absent, held < size, now ≤ end − 10 min, the actor's limits",
        "same",
        "held + 1, the act is due by the policy and listed",
    ),
    Transition(
        "active, settling",
        "held act taken",
        "act held, room left, status, n and granted as seen; never the clock",
        "same, done",
        "as allowed, held − 1",
    ),
    Transition("active, settling", "held act refused", "act held, held ≥ 1", "same", "held − 1, limit kept"),
    Transition(
        "full, ended, clawing",
        "held act decided or due",
        "act held, status and n as seen",
        "same",
        "held − 1, act moot, limit back, the day's only on the same day",
    ),
    Transition(
        "active, settling",
        "due, a node reached",
        "due as leased, granted and n as seen",
        "same, done",
        "the next node's value to its owner, granted + 1, reserved to spent; due again at once while more are reached",
    ),
    Transition(
        "active, settling",
        "due, a node of cash reached by a minor's packet",
        "as for its end",
        "settling, expired",
        "as at its end: what is reserved goes back to the budget",
    ),
    Transition("active", "closed by the merchant", "status as seen", "settling", "due now"),
    Transition("active, settling", "end, held > 0", "due as leased, status as seen", "settling", "due in 1 min"),
    Transition(
        "active, settling",
        "end, held = 0",
        "due as leased, status and n as seen, held = 0, every reached node given",
        "expired",
        "what is reserved goes back to the budget",
    ),
    Transition(
        "any",
        "order refunded, or less of it paid than the packet needs",
        "status and reserve as seen",
        "clawing",
        "due now",
    ),
    Transition(
        "clawing",
        "due, a claim owed or granted",
        "due as leased, claim as seen",
        "clawing",
        "what is there comes back and is reserved, the rest is the owner's debt",
    ),
    Transition(
        "clawing", "due, a claim held, or an order holds what it gave", "due as leased", "clawing", "due in 1 min"
    ),
    Transition(
        "clawing", "due, no claim left", "due as leased, held = 0", "clawed", "what is reserved goes back to the budget"
    ),
)

ACT_TABLE = (
    Transition("–", "help, allowed", "absent, as above", "counted", "–"),
    Transition("–", "claim, allowed", "absent, as above", "owed", "its share and both amounts, due in 1 min"),
    Transition("–", "held", "absent, as above", "held", "due by the policy, listed for the merchant"),
    Transition("–", "refused", "–", "–", "nothing is written; it may be tried again"),
    Transition("held", "taken by merchant or policy", "room left", "counted, owed", "as allowed"),
    Transition("held", "refused by the merchant", "room left", "rejected", "the limit stays used"),
    Transition("held", "decided or due", "packet past its acts", "moot", "the limit goes back"),
    Transition("owed", "due", "owed, as leased", "granted", "the value of both sides, all legs, due removed"),
    Transition("owed", "packet clawing", "owed", "clawed", "the whole share is reserved again"),
    Transition("granted", "packet clawing, no order holds it", "granted", "clawed", "back + debt = share"),
)
