"""How much of a family's wallet somebody may take now, and what forbids more: arithmetic on what was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from chalicelib.core.errors import BUSY, RippleError
from chalicelib.family.money_problems import FAMILY_CAP_REACHED, WALLET_SHORT
from chalicelib.family.problems import ABOVE_CAP, WALLET_EMPTY
from chalicelib.family.states import FamilyState, Role

if TYPE_CHECKING:
    from chalicelib.family.items import Family, Member


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """What is left for one member in a month, in fen; None where nothing bounds it."""

    balance: int
    """What the wallet holds."""
    per: int | None
    """At once."""
    left: int | None
    """Of his month."""
    family_left: int | None
    """Of the month of the whole family."""
    whole: bool
    """Whether his caps must allow all that is wanted: a minor asks for what is above them (D3)."""

    @property
    def own(self) -> int | None:
        """What his own caps allow at once."""
        return least(self.per, self.left)

    def within(self, wanted: int) -> int:
        """How much of ``wanted`` fen he may take, 1 at least.

        Raises `WALLET_EMPTY`, `ABOVE_CAP` or `FAMILY_CAP_REACHED`.
        """
        if self.balance <= 0:
            raise RippleError(WALLET_EMPTY)
        needed = wanted if self.whole else 1
        if self.own is not None and self.own < needed:
            raise RippleError(ABOVE_CAP, per_fen=self.per, left_fen=self.left)
        if self.family_left is not None and self.family_left < needed:
            raise RippleError(FAMILY_CAP_REACHED, left_fen=self.family_left)
        return least(wanted, self.balance, self.own, self.family_left) or 0

    def all_of(self, total: int) -> int:
        """All of what the owner approves: `Room.within` that knows no caps of a member, and gives no part.

        Raises `WALLET_SHORT` or `FAMILY_CAP_REACHED`.
        """
        if self.balance < total:
            raise RippleError(WALLET_SHORT, missing_fen=total - self.balance)
        if self.family_left is not None and self.family_left < total:
            raise RippleError(FAMILY_CAP_REACHED, left_fen=self.family_left)
        return total


def cap_of(family: Family) -> int | None:
    """What the whole family may spend in a month; what a closed one has left is its owner's without bounds."""
    return None if family.status is FamilyState.CLOSED else family.cap


def room(family: Family, member: Member, month: str) -> Room:
    """What is left in a month. Raises `BUSY` where a later one has begun already: clocks differ for a moment."""
    if max(family.month or month, member.month or month) > month:
        raise RippleError(BUSY)
    spent = member.spent if member.month == month else 0
    gone, cap = (family.spent or 0) if family.month == month else 0, cap_of(family)
    return Room(
        balance=family.balance,
        per=member.per,
        left=None if member.cap is None else max(0, member.cap - spent),
        family_left=None if cap is None else max(0, cap - gone),
        whole=member.role is Role.MINOR,
    )


def least(*amounts: int | None) -> int | None:
    """The least of those that there are."""
    there = [amount for amount in amounts if amount is not None]
    return min(there) if there else None


def parted(granted: int, fen: int) -> tuple[int, int]:
    """How much of ``fen`` is taken of what was given, which is spent first, and how much of what was bought."""
    first = min(granted, fen)
    return first, fen - first


def came_back(paid: int, back_paid: int, fen: int) -> tuple[int, int]:
    """How much of ``fen`` comes back as given, and how much as bought, which comes back first (rules M3)."""
    first = min(paid - back_paid, fen)
    return fen - first, first
