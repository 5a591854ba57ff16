"""A wallet when value comes to it, or leaves it otherwise than by orders: each time with the row that tells of it.

Bought value is bounded when more is bought, what was ordered and may still be paid for among it (rules M1).
"""

from __future__ import annotations

from datetime import datetime

from pynamodb.expressions.condition import Condition

from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.transaction import Transaction
from chalicelib.family.items import Family
from chalicelib.family.rows import Move, move_key
from chalicelib.family.states import Why
from chalicelib.family.topup_problems import WALLET_FULL
from chalicelib.orders.lines import Promise

ENDS = Promise("家庭账户关闭后，余额归主人使用", "Once the family is closed, what is left is its owner's to spend.")
"""What everybody is told who puts something in, an adult into a purse above all."""


def room_fen(family: Family, cap_fen: int) -> int:
    """How much may still be bought for it."""
    return max(0, cap_fen - family.paid - (family.arriving or 0))


def insist_room(family: Family, fen: int, cap_fen: int) -> None:
    """Raise `WALLET_FULL` where so much cannot be bought for it."""
    if fen > (room := room_fen(family, cap_fen)):
        raise RippleError(WALLET_FULL, cap_fen=cap_fen, room_fen=room)


def as_seen(family: Family) -> Condition:
    """What is on its way to it is what was read: what may still be bought was told by that."""
    if family.arriving is None:
        return Family.arriving.does_not_exist()
    return Family.arriving == family.arriving


def add_move(
    tx: Transaction,
    mid: MerchantId,
    fid: str,
    at: datetime,
    ref: str,
    why: Why,
    *,
    granted: int = 0,
    paid: int = 0,
    by: str,
    subject: str,
    note: str | None = None,
) -> None:
    """Write down what came in or, negative, left; whoever adds it changes the wallet in the same transaction."""
    key = move_key(mid, fid, at, ref)
    row = Move(*key, why=why, granted=granted, paid=paid, by=by, subject=subject, note=note, at=at)
    tx.put("move", row)
