"""Which of a wallet's bought value is left of what: what was bought first is spent first.

So a refund takes nobody else's: what one bought and spent is gone, though another has bought since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chalicelib.core.store import query
from chalicelib.family.items import Family
from chalicelib.family.rows import Move
from chalicelib.family.states import Why

BACK = (Why.TOP_UP_BACK, Why.CODE_UNDONE)
"""What leaves a wallet out of the very lot that it came in by."""

PAGE = 200


def left_of(family: Family, subject: str) -> int:
    """How much of what came in for ``subject`` (an order, a code) is still there, in fen, by a strong read.

    What is done with it insists on `Family.paid` and `Family.credits` as they were read.
    """
    return left(_moves(family), family.paid, subject)


def left(moves: Iterable[Move], paid: int, subject: str) -> int:
    """How much of a lot is left, where a wallet holds ``paid`` fen and ``moves`` are all of its, in the order of time.

    What is missing of them all together was spent, or taken by an adjustment: out of the oldest first.
    """
    lots = dict[str, int]()
    for move in moves:
        if move.paid > 0 or move.why in BACK:
            lots[move.subject] = lots.get(move.subject, 0) + move.paid
    spent = sum(lots.values()) - paid
    for name, fen in lots.items():
        taken = min(fen, max(0, spent))
        spent -= taken
        if name == subject:
            return fen - taken
    return 0


def _moves(family: Family) -> Iterator[Move]:
    after = None
    while True:
        page = query(family.pk, begins=Move.prefix, limit=PAGE, after=after)
        yield from (item for item in page.items if isinstance(item, Move))
        if (after := page.after) is None:
            return
