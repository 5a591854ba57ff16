"""The rules of top-ups: pure decisions over what was read and the clock's instant."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.family.money_problems import ADULTS_ONLY
from chalicelib.family.problems import FAMILY_ENDED, FAMILY_FROZEN, MEMBER_FROZEN, NOT_OWNER
from chalicelib.family.states import FamilyState, MemberState, Mode, Role
from chalicelib.family.topup_problems import (
    TOPUP_CLOSED,
    TOPUP_LATE,
    TOPUP_REFUNDS,
    TOPUP_SPENT,
    TOPUP_TERMS,
    TOPUP_UNPAID,
)
from chalicelib.orders.numbers import MOST_REFUNDS
from chalicelib.orders.states import OrderState

if TYPE_CHECKING:
    from chalicelib.family.items import Family, Member
    from chalicelib.merchants.wallet import Declared
    from chalicelib.orders.items import Order, Payment

REFUND_WITHIN = timedelta(days=7)
"""For how long whoever bought it may ask for it back, without a reason (rules M3)."""


def insist_may_fill(family: Family, member: Member) -> None:
    """Raise `FAMILY_ENDED`, `NOT_OWNER` where the wallet is the owner's, `MEMBER_FROZEN` or `ADULTS_ONLY`."""
    if family.status in (FamilyState.CLOSING, FamilyState.CLOSED):
        raise RippleError(FAMILY_ENDED)
    if family.mode is Mode.OWNER_PAYS and member.role is not Role.OWNER:
        raise RippleError(NOT_OWNER)
    if member.state is MemberState.FROZEN:
        raise RippleError(MEMBER_FROZEN)
    if member.role is Role.MINOR:
        raise RippleError(ADULTS_ONLY)


def insist_may_buy(family: Family, member: Member) -> None:
    """Raise `FAMILY_FROZEN`, and what `insist_may_fill` raises: nothing is sold to a family that may not spend it."""
    insist_may_fill(family, member)
    if family.status is FamilyState.FROZEN:
        raise RippleError(FAMILY_FROZEN)


def in_force(declared: Declared | None) -> Declared:
    """The declaration under which is sold now. Raises `TOPUP_CLOSED`."""
    if declared is None or declared.terms.paused:
        raise RippleError(TOPUP_CLOSED)
    return declared


def insist_read(declared: Declared, edition: str) -> None:
    """Raise `TOPUP_TERMS` unless the buyer has read the terms that are in force."""
    if edition != declared.edition:
        raise RippleError(TOPUP_TERMS, "/terms", edition=declared.edition)


def insist_may_return(order: Order) -> None:
    """Raise `TOPUP_UNPAID` unless money pays for it."""
    if order.state is not OrderState.CONFIRMED:
        raise RippleError(TOPUP_UNPAID, state=order.state.value)


def refund_until(order: Order) -> datetime:
    """Until when whoever bought it may ask for it back: seven days after its payment."""
    return order.paid_at + REFUND_WITHIN


def insist_in_time(order: Order, now: datetime) -> None:
    """Raise `TOPUP_LATE` after that."""
    if now > (until := refund_until(order)):
        raise RippleError(TOPUP_LATE, until=clock.iso(until))


def returnable(payment: Payment, left_fen: int, wanted_fen: int | None) -> int:
    """How much goes back: what is wanted, or all that still pays for it and is still there of it.

    Raises `TOPUP_SPENT` where that is nothing or less than is wanted, `TOPUP_REFUNDS`.
    """
    most = min(payment.live_fen, left_fen)
    fen = most if wanted_fen is None else wanted_fen
    if not 0 < fen <= most:
        raise RippleError(TOPUP_SPENT, left_fen=most)
    last = payment.refunds == MOST_REFUNDS - 1 and fen < payment.live_fen
    if last or payment.refunds >= MOST_REFUNDS:
        raise RippleError(TOPUP_REFUNDS)
    return fen
