"""The rules of punch cards: pure decisions over what one read round found."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.family.topup_rules import REFUND_WITHIN
from chalicelib.orders.states import OrderState
from chalicelib.punchcards import problems
from chalicelib.punchcards.states import CardState

if TYPE_CHECKING:
    from chalicelib.orders.items import Order
    from chalicelib.punchcards.items import Card, CardUse

UNDO_WITHIN = timedelta(days=1)
"""For how long the staff may undo a use."""


def insist_left(card: Card, units: int) -> None:
    """Raise `CARD_PAID_BACK`, `CARD_UNITS_SHORT`."""
    if card.state is CardState.PAID_BACK:
        raise RippleError(problems.CARD_PAID_BACK)
    if card.left < units:
        raise RippleError(problems.CARD_UNITS_SHORT, left=card.left, units=units)


def insist_unused(use: CardUse | None) -> None:
    """Raise `CARD_PASS_USED` where something was used with the pass."""
    if use is not None:
        raise RippleError(problems.CARD_PASS_USED, at=clock.iso(use.at), units=use.units)


def insist_may_undo(use: CardUse, card: Card, now: datetime) -> None:
    """Raise `CARD_USE_UNDONE`, `CARD_UNDO_LATE`, `CARD_PAID_BACK`."""
    if use.undone_at is not None:
        raise RippleError(problems.CARD_USE_UNDONE)
    until = use.at + UNDO_WITHIN
    if now > until:
        raise RippleError(problems.CARD_UNDO_LATE, until=clock.iso(until))
    if card.state is CardState.PAID_BACK:
        raise RippleError(problems.CARD_PAID_BACK)


def refund_until(card: Card) -> datetime:
    """Until when whoever bought it may have it paid back: seven days after its payment."""
    return card.bought_at + REFUND_WITHIN


def insist_in_time(card: Card, now: datetime) -> None:
    """Raise `CARD_REFUND_LATE` after that."""
    if now > (until := refund_until(card)):
        raise RippleError(problems.CARD_REFUND_LATE, until=clock.iso(until))


def most_back_fen(card: Card, live_fen: int) -> int:
    """How much may go back for what is not used: its share of the price, rounded down, if so much still pays for it."""
    return min(live_fen, card.price_fen * card.left // card.units)


def payable_back(order: Order, card: Card, live_fen: int, wanted_fen: int | None) -> int:
    """How much goes back for what is not used: what is wanted, or all that may.

    Raises `CARD_UNPAID`, `CARD_PAID_BACK`, `CARD_UNITS_SHORT`, `CARD_REFUND_MOST`.
    """
    insist_left(card, 1)
    if order.state is not OrderState.CONFIRMED:
        raise RippleError(problems.CARD_UNPAID, state=order.state.value)
    most = most_back_fen(card, live_fen)
    fen = most if wanted_fen is None else wanted_fen
    if fen > most:
        raise RippleError(problems.CARD_REFUND_MOST, "/amount_fen", most_fen=most)
    return fen
