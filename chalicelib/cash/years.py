"""What each user was paid in a year, for the tax office (rules L13): a page as an answer, or as a sheet."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from chalicelib.accounts import mask
from chalicelib.accounts.items import User, user_key
from chalicelib.cash.items import YEAR_SHARDS, CashYear, year_partition
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.sheets import written
from chalicelib.core.store import read_all, spread

COLUMNS = ("用户编号", "昵称", "年度", "收到次数", "收到金额（分）", "申请次数", "申请金额（分）")


class Paid(msgspec.Struct, frozen=True, kw_only=True):
    """One user's year."""

    uid: UserId
    nickname: str
    """As others see him."""
    paid_times: int
    paid_fen: int
    """What reached him."""
    asked_times: int
    asked_fen: int
    """What he asked for and was not refused: paid, or still on its way."""


def page(mid: MerchantId, year: str, limit: int, after: str | None) -> tuple[list[Paid], str | None]:
    """Those who were paid cash in a year or are about to be, by their id, and the id that the next page begins after.

    A page may be shorter than its limit: whoever asked and got nothing is in none.
    """
    shards = [year_partition(mid, year, shard) for shard in range(YEAR_SHARDS)]
    keys, more = spread(shards, "gsi1", limit, forward=True, after=after)
    years = [item for item in read_all(keys) if isinstance(item, CashYear) and item.times]
    users = read_all(user_key(mid, one.uid) for one in years)
    names = {user.uid: mask.seen(user) for user in users if isinstance(user, User)}
    return [_paid(one, names.get(one.uid, mask.NOBODY)) for one in years], more


def _paid(one: CashYear, nickname: str) -> Paid:
    return Paid(
        uid=one.uid,
        nickname=nickname,
        paid_times=one.paid or 0,
        paid_fen=one.paid_fen or 0,
        asked_times=one.times,
        asked_fen=one.fen,
    )


def sheet(year: str, rows: Sequence[Paid]) -> bytes:
    """A page as a CSV."""
    return written([COLUMNS, *(_cells(year, row) for row in rows)]).encode()


def _cells(year: str, person: Paid) -> Sequence[str]:
    sums = person.paid_times, person.paid_fen, person.asked_times, person.asked_fen
    return person.uid, person.nickname, year, *(str(number) for number in sums)
