"""What a merchant owes in families' wallets: what was given and bought and is not spent, and what is on its way.

Wallets of closed families are among them: what was bought stays its owner's for ever.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_all, spread
from chalicelib.family.items import FAMILY_SHARDS, Family, families_index
from chalicelib.family.states import FamilyState

AT_ONCE = 1_000
"""Families that one answer adds up."""
PAGE = 100


class Owed(msgspec.Struct, kw_only=True):
    """What wallets hold together, in fen."""

    families: int
    granted_fen: int
    paid_fen: int
    """Bought, and owed to whoever may spend it or ask for it back."""
    arriving_fen: int
    """Of top-ups that were ordered and may still be paid."""
    held: int
    """How many orders hold something of them; what they hold is in none of these sums."""


def owed(mid: MerchantId, after: str | None) -> tuple[Owed, Owed, str | None]:
    """What the wallets hold, in the order in which families were made: of all of them, and of closed ones among them.

    The last is where the next answer goes on, None where all is added up.
    """
    shards = [families_index(mid, shard) for shard in range(FAMILY_SHARDS)]
    found = list[Family]()
    while len(found) < AT_ONCE:
        keys, after = spread(shards, "gsi3", PAGE, forward=True, after=after)
        found += [item for item in read_all(keys) if isinstance(item, Family)]
        if after is None:
            break
    return summed(found), summed(one for one in found if one.status is FamilyState.CLOSED), after


def summed(families: Iterable[Family]) -> Owed:
    """What their wallets hold together."""
    there = list(families)
    return Owed(
        families=len(there),
        granted_fen=sum(one.granted for one in there),
        paid_fen=sum(one.paid for one in there),
        arriving_fen=sum(one.arriving or 0 for one in there),
        held=sum(one.held for one in there),
    )
