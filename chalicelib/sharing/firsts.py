"""What somebody does for the first time, where another waits for that: told once, from the act's own transaction.

Whoever is not awaited costs nothing: that he is stands on the user, whom every such act reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.core import clock
from chalicelib.core.outbox import owe
from chalicelib.core.transaction import Transaction

if TYPE_CHECKING:
    from chalicelib.accounts.items import User

FIRST_HELP = "first_help"
"""That somebody helped for the first time, as it is awaited, and the outbox's name of telling so."""


def add_first_help(tx: Transaction, user: User, what: str) -> None:
    """A help of this user's counts in ``tx``; ``what`` names the help among all of his."""
    if FIRST_HELP in (user.awaited or []):
        told = {"uid": user.uid, "at": clock.iso(clock.now())}
        owe(tx, FIRST_HELP, user.mid, FIRST_HELP, f"{user.uid}.{what}", told)
