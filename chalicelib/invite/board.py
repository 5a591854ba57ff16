"""Leaderboards: who brought most, who was earlier first. A minute and a half behind at most."""

from __future__ import annotations

from typing import NamedTuple

from chalicelib.accounts.items import User
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import read_all, read_one, spread
from chalicelib.invite import graph
from chalicelib.invite.items import BOARD_SHARDS, Standing, board_index, standing_key
from chalicelib.rewards import minors

PAGES = 5
"""Of a board that are looked through for as many as are asked for, where minors are left out of them."""


class Leader(NamedTuple):
    """Somebody on a board."""

    standing: Standing
    user: User | None


def leaders(mid: MerchantId, board: str, limit: int) -> list[Leader]:
    """The first of a board, minors left out (rules D3). The index is a hint: the standings themselves are compared."""
    partitions = [board_index(mid, board, shard) for shard in range(BOARD_SHARDS)]
    found, after = list[Leader](), None
    for _ in range(PAGES):
        keys, after = spread(partitions, "gsi3", limit, forward=False, after=after)
        page = [item for item in read_all(keys) if isinstance(item, Standing)]
        known = graph.users(mid, [standing.uid for standing in page])
        shown = [Leader(standing, known.get(standing.uid)) for standing in page]
        found += [one for one in shown if not minors.is_minor(one.user)]
        if after is None or len(found) >= limit:
            break
    return sorted(found, key=lambda one: str(one.standing.gsi3sk), reverse=True)[:limit]


def standing(mid: MerchantId, board: str, uid: UserId) -> Standing | None:
    """A user's own place."""
    return read_one(Standing, standing_key(mid, board, uid))
