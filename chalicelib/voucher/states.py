"""The states of a code and of a batch, as tables that can be printed."""

from __future__ import annotations

from enum import StrEnum

from chalicelib.core.states import Transition


class CodeState(StrEnum):
    """Where a code is that something happened to; of any other nothing is stored."""

    UNUSED = "unused"
    """Bound to a user, and redeemed by nobody yet."""
    REDEEMED = "redeemed"
    RESTORED = "restored"
    """Its redemption was undone, or its order was not paid: it may be redeemed again."""
    REVOKED = "revoked"
    EXPIRED = "expired"


FREE = (CodeState.UNUSED, CodeState.RESTORED)
"""A stored code that may be redeemed, as one may that is not stored."""


class CodeStanding(StrEnum):
    """What the merchant reads of a code: what redeeming it now would meet."""

    MISTYPED = "mistyped"
    FORGED = "forged"
    UNKNOWN = "unknown"
    """A batch or a serial that there is not, or a short code that was never drawn."""
    MAKING = "making"
    LIVE = "live"
    NOT_YET = "not_yet"
    REDEEMED = "redeemed"
    RESTORED = "restored"
    """Redeemed once, and good again."""
    REVOKED = "revoked"
    RANGE_REVOKED = "range_revoked"
    EXPIRED = "expired"
    KEY_RETIRED = "key_retired"
    """Its batch has a newer key: the code of the same serial has other letters now."""


GOOD = (CodeStanding.LIVE, CodeStanding.RESTORED, CodeStanding.NOT_YET)
"""Nobody has redeemed it, and it has not ended."""


SAID = {
    CodeStanding.MISTYPED: ("输错了", "mistyped"),
    CodeStanding.FORGED: ("伪造的", "forged"),
    CodeStanding.UNKNOWN: ("不存在", "of no batch"),
    CodeStanding.MAKING: ("生成中", "still being made"),
    CodeStanding.LIVE: ("可兑换", "good"),
    CodeStanding.NOT_YET: ("未到可用时间", "not good yet"),
    CodeStanding.REDEEMED: ("已兑换", "redeemed"),
    CodeStanding.RESTORED: ("已恢复，可再次兑换", "good again: its redemption was undone, or its order not paid"),
    CodeStanding.REVOKED: ("已作废", "revoked"),
    CodeStanding.RANGE_REVOKED: ("所在区间已作废", "in a revoked range"),
    CodeStanding.EXPIRED: ("已过期", "expired"),
    CodeStanding.KEY_RETIRED: ("旧密钥生成，已失效", "of a retired key"),
}


class BatchState(StrEnum):
    """Where a batch is."""

    MAKING = "making"
    """Its codes are stored ones, and not all of them are yet."""
    LIVE = "live"
    REVOKED = "revoked"
    EXPIRED = "expired"


ENDED = (BatchState.REVOKED, BatchState.EXPIRED)
"""Nothing of it may be redeemed any more; what was not goes back."""


CODE_TABLE = (
    Transition(
        "unused, restored",
        "redeem",
        "META live, key version, not in a range, window, own limit",
        "redeemed",
        "code, part (epoch = META's): redeemed + 1, left − 1; limit + 1; what it brings",
    ),
    Transition("redeemed", "the same request again", "it stands on the code", "–", "the same answer"),
    Transition(
        "redeemed",
        "undo",
        "never undone, in time, epoch; what it brought is there",
        "restored",
        "part: redeemed − 1, left + 1; limit − 1; a posting that reverses it",
    ),
    Transition(
        "redeemed",
        "undo, its batch or range has ended",
        "as above",
        "revoked, expired",
        "part: redeemed − 1, ended + 1; what it held goes back; limit − 1; a posting",
    ),
    Transition(
        "redeemed",
        "its order is not paid",
        "by this order, epoch",
        "restored",
        "part: redeemed − 1, left + 1; limit − 1; ended as above where its batch or range has",
    ),
    Transition(
        "restored",
        "money for its released order",
        "as seen, not bound to another, its batch and range live, own limit",
        "redeemed",
        "code, part, limit as redeeming; the order is confirmed in the same write",
    ),
    Transition("unused, restored", "bind", "not bound, as seen", "same", "its user"),
    Transition(
        "unused, restored", "revoke", "META live, not in a range, epoch", "revoked", "part: revoked + 1, left − 1; back"
    ),
)

BATCH_TABLE = (
    Transition(
        "–", "mint", "number free, so much left of the campaign", "live", "META, parts; what they hold is drawn"
    ),
    Transition("–", "mint, stored codes", "as above", "making", "the same; due = now"),
    Transition("making", "due", "as leased, as far as seen", "making, live", "the next rows"),
    Transition(
        "live",
        "revoke a range",
        "no overlap, at most 20, epoch",
        "live",
        "META: range, epoch + 1, due = now; parts: epoch + 1",
    ),
    Transition(
        "live, ended",
        "due, a range is open",
        "as leased, ranges as seen",
        "same",
        "each part: revoked + the unused of its next serials, left − them; back; META: how far it is counted",
    ),
    Transition("live", "a new key", "epoch", "live", "META: key version, epoch + 1; parts: epoch + 1"),
    Transition("live", "revoke", "epoch, live", "revoked", "META: epoch + 1, due = now; parts: epoch + 1"),
    Transition("live", "due, its time is over", "epoch, live", "expired", "as above"),
    Transition(
        "ended",
        "due, no range is open",
        "as leased, what is left of each part as seen",
        "ended",
        "each part: left = 0, ended + left; back; due removed",
    ),
)
