"""The states of a grant and of a coupon's piece, as tables that can be printed, and why value moves."""

from __future__ import annotations

from enum import StrEnum

from chalicelib.core.states import Transition


class GrantState(StrEnum):
    """Where a grant is on its way to its user."""

    PROMISED = "promised"
    """Reserved for something that has not happened yet."""
    HELD = "held"
    """It has happened; the hold is not over."""
    REVIEW = "review"
    """The hold is over, and the merchant is asked."""
    GRANTED = "granted"
    """He has it."""
    CLAWING = "clawing"
    """It is being taken back, as far as it is there."""
    CLAWED = "clawed"
    """It was taken back; what was not there is recorded as debt."""
    VOID = "void"
    """What it was for was undone before the hold was over, or the merchant refused it."""
    LAPSED = "lapsed"
    """What it was promised for did not happen in time."""


WAITING = (GrantState.PROMISED, GrantState.HELD, GrantState.REVIEW)
"""A grant that may still become value: its amount is reserved."""

ENDED = (GrantState.VOID, GrantState.LAPSED)
"""A grant that never became value: its amount went back."""


ORDER_REFUNDED = "order_refunded"
TOO_LITTLE_PAID = "too_little_paid"
"""Less of its order stays paid than the campaign asks for."""
NOT_IN_TIME = "not_in_time"
NONE_LEFT = "none_left"
"""It was earned when nothing of the budget was left."""
TAKEN_BACK = "taken_back"
"""Why a coupon is invalid, or cash returned, whose gift was undone."""
INVALIDATED = "invalidated"
"""Its merchant took the coupon back; his own words are not its owner's to read."""
NOT_APPROVED = "not_approved"
"""Its merchant was asked, and did not look in time."""
NOT_CLAIMED = "not_claimed"
"""Nobody asked for the cash in time."""
TAKEN_BACK = "taken_back"
"""Why a coupon is invalid, or cash returned, whose gift was undone."""
OPEN_NOTES = (ORDER_REFUNDED, TOO_LITTLE_PAID, NOT_IN_TIME, NONE_LEFT, INVALIDATED)
"""Why something ended, as far as its user is told; every other note is for the merchant alone."""


class PieceState(StrEnum):
    """Where one piece of a coupon is. One that nobody has claimed yet is a unit of its campaign's stock."""

    LATER = "later"
    """Its time has not come."""
    AVAILABLE = "available"
    LOCKED = "locked"
    """An order that may still be paid holds it."""
    USED = "used"
    EXPIRED = "expired"
    INVALID = "invalid"
    """Taken back, or declared invalid by its merchant."""


class Why(StrEnum):
    """Why something was given, spent or taken."""

    AFTER_ORDER = "after_order"
    AFTER_ORDER_POINTS = "after_order_points"
    INVITE_ACCEPTED = "invite_accepted"
    INVITE_FIRST_HELP = "invite_first_help"
    INVITE_FIRST_ORDER = "invite_first_order"
    INVITE_THRESHOLD = "invite_threshold"
    INVITE_COMMISSION = "invite_commission"
    WELCOME = "welcome"
    """For having accepted an invitation."""
    PACKET_NODE = "packet_node"
    PACKET_SHARE = "packet_share"
    """A friend's part of a share."""
    PACKET_OWN = "packet_own"
    """Its owner's part of a share that a friend claimed."""
    GIFT = "gift"
    RAIN = "rain"
    CODE = "code"
    """For a text code that he redeemed."""
    CODE_UNDONE = "code_undone"
    """A code that he had redeemed, and its merchant undid that."""
    WORD = "word"
    """For a word that everybody may type."""
    CODE_COUPON = "code_coupon"
    """A coupon, with terms of its own, for a code or a word."""
    CLAIMED = "claimed"
    """A coupon that he took himself."""
    GIVEN = "given"
    """A coupon that its merchant gave him."""
    POINTS_SPENT = "points_spent"
    POINTS_EXPIRED = "points_expired"
    ORDER_PAID = "order_paid"
    """Balance that paid for an order."""
    ORDER_BACK = "order_back"
    """Balance of an order that came back."""
    FAMILY_FILLED = "family_filled"
    """Balance that he put into his family's wallet."""


class CashState(StrEnum):
    """Where a user's cash is, from the gift to his account at WeChat."""

    CLAIMABLE = "claimable"
    """His to ask for from a day on; the merchant's account has not been touched."""
    REVIEW = "review"
    """He asked, and the merchant is asked first."""
    SENDING = "sending"
    """A transfer of this number may exist at WeChat."""
    WAITING = "waiting"
    """WeChat waits for him to confirm it."""
    CANCELLING = "cancelling"
    """It is being withdrawn; how that ends only WeChat says."""
    PAID = "paid"
    RETURNED = "returned"
    """Nobody got it; it is its campaign's again."""


ON_ITS_WAY = (CashState.SENDING, CashState.WAITING, CashState.CANCELLING)
"""A transfer may be alive at WeChat: the number stays, whatever is heard, until its end is."""

CASH_OPEN = (CashState.CLAIMABLE, CashState.REVIEW, *ON_ITS_WAY)
"""Cash that is neither paid nor returned: its merchant owes it."""


OF_TEMPLATE = (Why.CLAIMED, Why.GIVEN, Why.CODE_COUPON)
"""Why somebody has a coupon that no gift brought: it is one of so many, and moves no value in the books."""


GRANT_TABLE = (
    Transition("–", "promised", "id absent, budget left", "promised", "budget − amount, due = end of the promise"),
    Transition("–, promised", "it happened", "id absent or promised, budget left", "held", "due = end of the hold"),
    Transition("–", "it happened, no budget left", "id absent", "void", "it is said; nothing is drawn"),
    Transition("promised", "due", "as leased", "lapsed", "budget + amount"),
    Transition("held", "due, its source agrees", "as leased, held", "granted", "value, legs, due removed"),
    Transition("held", "due, worth less than was reserved", "as leased, held", "held", "less, budget + the rest"),
    Transition("held", "due, its source is in doubt", "as leased, held", "review", "listed for the merchant"),
    Transition("held", "due, undone meanwhile", "as leased, held", "void", "budget + amount"),
    Transition("review", "merchant approves", "review", "granted", "value, legs"),
    Transition("review", "merchant refuses", "review", "void", "budget + amount"),
    Transition("promised, held, review", "undone", "state as seen", "void", "budget + amount"),
    Transition("granted", "undone", "granted", "clawing", "due = now"),
    Transition("clawing", "due, an order holds what is missing", "as leased", "clawing", "due in 1 min"),
    Transition("clawing", "due", "as leased", "clawed", "what is there, budget + that, the rest is debt"),
)

CASH_TABLE = (
    Transition("–", "its gift is given", "its gift's", "claimable", "due = until; what it draws on is its own"),
    Transition(
        "claimable",
        "tap",
        "since ≤ now ≤ until, n as seen, not paused, day's and year's limit",
        "sending",
        "number, body, intent, day; limits + 1; then one call",
    ),
    Transition("claimable", "tap, doubtful", "as seen, not approved before", "review", "listed for the merchant"),
    Transition("review", "merchant approves", "review", "claimable", "not asked again; three days at least"),
    Transition("review", "merchant refuses, or 7 days", "review", "returned", "budget + amount"),
    Transition("sending", "WeChat asks him", "attempt n, sending or waiting", "waiting", "package, due"),
    Transition("sending, waiting", "a refusal of the account", "–", "same", "the campaign's cash pauses for 5 min"),
    Transition("sending, waiting", "any other answer, or none", "–", "same", "due backs off, never dead"),
    Transition("sending, waiting", "due, no package", "not paused, intent written first", "same", "the same again"),
    Transition("waiting", "tap", "–", "waiting", "the stored package"),
    Transition("sending, waiting", "cancel, or taken back", "state", "cancelling", "due = now; no further offer"),
    Transition("cancelling", "due", "–", "cancelling", "asked, then withdrawn; due backs off"),
    Transition("sending, waiting, cancelling", "SUCCESS", "attempt n", "paid", "legs; due removed"),
    Transition(
        "sending, waiting, cancelling",
        "FAIL or CANCELLED in time",
        "attempt n, day as seen",
        "claimable",
        "n + 1, limits − 1 of their own day",
    ),
    Transition(
        "sending, waiting, cancelling", "FAIL or CANCELLED, too late", "as above", "returned", "limits − 1, budget"
    ),
    Transition(
        "cancelling, or sending long after until",
        "unknown, asked 90 s after the latest intent",
        "intent as seen",
        "claimable, returned",
        "the same n; limits − 1",
    ),
    Transition("claimable", "due", "now > until, not paused, n and until as seen", "returned", "budget + amount"),
    Transition("claimable, review", "its gift is undone", "state as seen", "returned", "budget + amount"),
)

COUPON_TABLE = (
    Transition("–", "claimed", "id absent, running, own and day's limit, one left", "later, available", "total − 1"),
    Transition("–", "given", "id absent, running, one left", "later, available", "total − 1, audit entry"),
    Transition("later", "its window begins", "–", "available", "nothing is written"),
    Transition("available", "an order names it", "piece free, not invalid", "locked", "the piece names the order"),
    Transition("available", "an order that asks for no money names it", "piece free, not invalid", "used", "as above"),
    Transition("locked", "the order is paid", "locked by this order", "used", "–"),
    Transition("locked", "the order is released", "locked by this order", "available, expired, invalid", "piece free"),
    Transition("available, expired", "late money for a released order", "piece free, not invalid", "used", "–"),
    Transition("used", "all it paid comes back", "used by this order", "available, expired, invalid", "piece free"),
    Transition("used", "the gift that it was is undone", "used", "used", "the gift's debt; invalid once it is free"),
    Transition("later, available", "its window ends", "–", "expired", "nothing is written"),
    Transition("any but used", "taken back by the merchant", "not invalid, a piece not used", "invalid", "audit entry"),
    Transition("locked", "taken back by the merchant", "not invalid", "locked", "invalid once it is free"),
)
"""Of one piece."""
