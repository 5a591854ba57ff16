"""The states of a family and of everything in it, as tables that can be printed."""

from __future__ import annotations

from enum import StrEnum

from chalicelib.core.states import Transition


class FamilyState(StrEnum):
    """Where a family is."""

    ACTIVE = "active"
    FROZEN = "frozen"
    """Nobody spends; what orders hold of the wallet may still be paid with it."""
    CLOSING = "closing"
    """It ends as soon as no order holds anything of its wallet."""
    CLOSED = "closed"
    """Nobody belongs to it any more. Its wallet stays, and is its last owner's alone."""


class Mode(StrEnum):
    """Whose the wallet is."""

    OWNER_PAYS = "owner_pays"
    """The owner's: he alone puts something in, and others spend of it within their caps."""
    PURSE = "purse"
    """Everybody's: every adult may put something in."""


class Role(StrEnum):
    """What somebody is in a family."""

    OWNER = "owner"
    """He decides about everything. His own spending has no cap."""
    ADULT = "adult"
    MINOR = "minor"
    """His guardian has agreed. He gets neither cash nor rewards for inviting, and always asks above his caps (D3)."""


class MemberState(StrEnum):
    """Where a member is."""

    ACTIVE = "active"
    FROZEN = "frozen"
    """He does not spend."""
    REMOVED = "removed"
    """He has left, or was removed. What he has spent is kept in case he comes back."""


class InvitationState(StrEnum):
    """Where an invitation is; each is good for one person, once."""

    OPEN = "open"
    USED = "used"
    DECLINED = "declined"
    REVOKED = "revoked"
    EXPIRED = "expired"


class AskState(StrEnum):
    """Where a request to the owner is."""

    OPEN = "open"
    APPROVED = "approved"
    """The wallet has paid for it, or holds what it costs."""
    TAKEN = "taken"
    """The owner pays for its order himself, with WeChat Pay."""
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """By whoever asked."""
    EXPIRED = "expired"


class SpendState(StrEnum):
    """Where what an order takes of a wallet is."""

    HELD = "held"
    """The order may still be paid."""
    CAPTURED = "captured"
    """The order is paid. What of it came back is counted."""
    RELEASED = "released"
    """The order was not paid; all of it came back."""


class Why(StrEnum):
    """Why value came into a wallet or left it, where no order of its members spent it."""

    FILLED = "filled"
    """A member put some of his own balance in."""
    TOPPED_UP = "topped_up"
    """It was bought: an order of a top-up was paid."""
    TOP_UP_BACK = "top_up_back"
    """A top-up was paid back to whoever bought it."""
    CODE = "code"
    """A text code was redeemed for it."""
    CODE_UNDONE = "code_undone"
    """The merchant undid that."""
    ADJUSTED = "adjusted"
    """The merchant put it right, with a reason."""


class Kind(StrEnum):
    """The two kinds of value that a wallet holds."""

    GRANTED = "granted"
    PAID = "paid"


class AdjustmentState(StrEnum):
    """Where an adjustment of the merchant's is."""

    WAITING = "waiting"
    """Another person's key has to approve it."""
    DONE = "done"
    REFUSED = "refused"
    LAPSED = "lapsed"
    """Nobody approved it in time."""


FAMILY_TABLE = (
    Transition("–", "create", "the owner is in no family, and not locked", "active", "META, size 1; MBR; FAM"),
    Transition("active", "freeze", "as read", "frozen", "META"),
    Transition("frozen", "unfreeze, by whoever froze it", "as read", "active", "META"),
    Transition(
        "active, frozen",
        "close, by the owner",
        "owner as read; neither it nor he is frozen by the merchant",
        "closing",
        "META, due at once",
    ),
    Transition(
        "closing", "due, nothing is held", "held = 0, as leased", "closed", "META; every MBR; every FAM is free"
    ),
    Transition("closing", "due, something is held", "as leased", "closing", "due again later"),
    Transition("active, frozen", "hand over, agreed by both", "owner and offer as read", "same", "META; both MBR"),
)

MEMBER_TABLE = (
    Transition(
        "–, removed",
        "accept an invitation",
        "INV open, in time; META active or frozen, size < 6; FAM free, not locked",
        "active; frozen, if the merchant had him frozen where he was last",
        "INV used; META size + 1; FAM; MBR: spends from 24 h later; a returner keeps what he spent this month",
    ),
    Transition("active", "freeze", "as read", "frozen", "MBR"),
    Transition("frozen", "unfreeze, by whoever froze him", "as read", "active", "MBR"),
    Transition(
        "active, frozen",
        "leave, remove",
        "not the owner, nor a minor who leaves; META active or frozen, owner and offer as read",
        "removed",
        "META size - 1, no offer to him; FAM: locked for 90 days; MBR keeps who froze him",
    ),
    Transition(
        "active, frozen", "the family is closed", "as it is closed", "removed", "FAM: free at once; MBR as above"
    ),
    Transition("removed", "the merchant unfreezes him", "frozen by the merchant", "removed", "MBR"),
    Transition(
        "removed",
        "the merchant freezes or unfreezes a closed wallet",
        "its last owner",
        "removed",
        "MBR: he spends it no more, or again",
    ),
)

INVITATION_TABLE = (
    Transition("–", "invite, by the owner", "META active, room", "open", "INV, due in 7 days"),
    Transition("open", "accept", "in time, and as above", "used", "as above"),
    Transition("open", "decline", "as read", "declined", "INV"),
    Transition("open", "revoke", "as read", "revoked", "INV"),
    Transition("open", "due", "as leased", "expired", "INV"),
)

SPEND_TABLE = (
    Transition(
        "–",
        "an order holds x",
        "META active, owner as read, granted, paid reach; MBR active, cooled; x ≤ per, month's spent ≤ cap − x",
        "held",
        "META granted −, paid −, held + 1; MBR month, spent + x; SPD; the order's part",
    ),
    Transition("–", "an order that asks for no money", "the same", "captured", "the same, and nothing is held"),
    Transition("held", "the order is paid", "SPD held", "captured", "META held − 1; SPD"),
    Transition(
        "held",
        "the order is released",
        "SPD held",
        "released",
        "META granted +, paid +, held − 1; SPD; MBR spent − x where it still counts that month",
    ),
    Transition("released", "late money", "the same, in the month of its order", "captured", "the same; SPD anew"),
    Transition(
        "captured",
        "x of it comes back",
        "SPD's backs as read, x ≤ what is left of it",
        "captured",
        "META paid + first, then granted +; SPD; MBR spent − x only where the family wants that, in the same month",
    ),
)

ASK_TABLE = (
    Transition("–", "ask", "MBR active, cooled", "open", "ASK, due in 24 h"),
    Transition(
        "open",
        "approve, by the owner",
        "in time; the price as asked; as `an order holds x`, without caps",
        "approved",
        "ASK; the order and all that it holds; MBR approved + x",
    ),
    Transition(
        "open", "pay himself, by the owner", "in time; the price as asked", "taken", "ASK; the order, its payer"
    ),
    Transition("open", "refuse", "as read", "refused", "ASK"),
    Transition("open", "withdraw, by whoever asked", "as read", "withdrawn", "ASK"),
    Transition("open", "due", "as leased", "expired", "ASK"),
)

ADJUSTMENT_TABLE = (
    Transition(
        "–",
        "adjust, little enough on that day without another's word",
        "META: the day's count as read; a minus: so much there; bought value: below its cap",
        "done",
        "META granted or paid, the day's count; MOV; ADJ; audit",
    ),
    Transition("–", "adjust, more", "the same, now", "waiting", "ADJ (due in 7 days, listed); audit"),
    Transition(
        "waiting",
        "approve, by another key and name",
        "ADJ waiting, in time; META: so much there, below its cap",
        "done",
        "META granted or paid; MOV; ADJ (due removed); audit",
    ),
    Transition("waiting", "refuse, by any key", "ADJ waiting", "refused", "ADJ (due removed); audit"),
    Transition("waiting", "due, 7 days are over", "as leased, waiting", "lapsed", "ADJ (due removed)"),
)
