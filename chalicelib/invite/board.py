"""Leaderboards: who brought most, who was earlier first. A minute and a half behind at most."""

from __future__ import annotations

from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import read_all, read_one, spread
from chalicelib.invite.items import BOARD_SHARDS, Standing, board_index, standing_key


def leaders(mid: MerchantId, board: str, limit: int) -> list[Standing]:
    """The first of a board. The index is a hint: the standings themselves are compared."""
    partitions = [board_index(mid, board, shard) for shard in range(BOARD_SHARDS)]
    keys, _ = spread(partitions, "gsi3", limit, forward=False, after=None)
    found = [item for item in read_all(keys) if isinstance(item, Standing)]
    return sorted(found, key=lambda standing: str(standing.gsi3sk), reverse=True)


def standing(mid: MerchantId, board: str, uid: UserId) -> Standing | None:
    """A user's own place."""
    return read_one(Standing, standing_key(mid, board, uid))
