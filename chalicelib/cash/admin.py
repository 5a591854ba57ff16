"""A user's cash as his merchant sees it when he is asked where the money is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from chalicelib.cash import numbers, service
from chalicelib.cash.items import Transfer, transfer_key
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_all
from chalicelib.core.table import Key
from chalicelib.rewards.cash import Cash
from chalicelib.rewards.statement import insist_known
from chalicelib.rewards.states import ON_ITS_WAY, CashState

LATEST = 10
"""Attempts of one gift of cash that are shown, counted from its last."""


class Tried(msgspec.Struct, frozen=True):
    """One attempt: the number that WeChat knows, and what became of it as far as anybody has said."""

    n: int
    number: str
    known: Transfer | None


class OneCash(msgspec.Struct, frozen=True):
    """One gift of cash, with its attempts, the latest first."""

    cash: Cash
    tries: list[Tried]


def of_user(
    mid: MerchantId, uid: str, limit: int, after: dict[str, Any] | None
) -> tuple[list[OneCash], dict[str, Any] | None]:
    """A page of a user's cash, newest first, and where the next begins. Raises NOT_FOUND for no user of his."""
    insist_known(mid, uid)
    own, more = service.mine(mid, uid, limit, after)
    rows = {row.key: row for row in read_all(key for cash in own for _, key in _attempts(cash))}
    return [OneCash(cash, list(_tried(cash, rows))) for cash in own], more


def _attempts(cash: Cash) -> Iterator[tuple[int, Key]]:
    """The numbers that were offered, or may be next, the latest first."""
    for n in range(cash.n, max(0, cash.n - LATEST), -1):
        yield n, transfer_key(cash.mid, cash.uid, cash.cash_id, n)


def _tried(cash: Cash, rows: dict[Key, Any]) -> Iterator[Tried]:
    """Those of them that WeChat may have heard of."""
    for n, key in _attempts(cash):
        known = rows.get(key)
        alive = n == cash.n and cash.state in (*ON_ITS_WAY, CashState.PAID)
        if known is not None or alive:
            yield Tried(n, numbers.number(cash.uid, cash.cash_id, n), known)
