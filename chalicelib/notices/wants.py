"""What a user wants to be told of at all; it stays as he said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import query
from chalicelib.core.table import table
from chalicelib.core.transaction import Transaction
from chalicelib.notices.items import Consent, Habit, Notice, habit_key
from chalicelib.notices.moments import Sort


class Ear(msgspec.Struct, frozen=True):
    """What a user hears: his wishes, and his consents."""

    habit: Habit | None
    consents: list[Consent]


def heard(mid: MerchantId, uid: UserId) -> Ear:
    """What he wants, and to what he has consented."""
    pk = table(mid).pk("U", uid)
    consents = [item for item in query(pk, begins="CON#", limit=100).items if isinstance(item, Consent)]
    habit = next((item for item in query(pk, begins="NOTICED", limit=1).items if isinstance(item, Habit)), None)
    return Ear(habit, consents)


def say(mid: MerchantId, uid: UserId, unwanted: Sequence[Sort]) -> None:
    """He wants none of these from now on, and all others."""
    tx, kept = Transaction(), sorted(set(unwanted))
    tx.upsert("habit", habit_key(mid, uid), [Habit.unwanted.set(kept) if kept else Habit.unwanted.remove()])
    tx.commit()


def told(
    mid: MerchantId, uid: str, limit: int, after: dict[str, Any] | None
) -> tuple[list[Notice], dict[str, Any] | None]:
    """A page of what a user was told or not told, by moment and object."""
    page = query(table(mid).pk("U", uid), begins="MSG#", limit=limit, after=after)
    return [item for item in page.items if isinstance(item, Notice)], page.after
