"""What is stored of invites: the edge, codes, and what is counted of edges."""

from __future__ import annotations

import zlib
from datetime import datetime
from enum import StrEnum

from pynamodb.attributes import UnicodeAttribute

from chalicelib.accounts.newcomer import Verdict
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.table import IntAttribute, Item, Key, StateAttribute, StructAttribute, TimeAttribute, table
from chalicelib.sharing.rules import Evidence
from chalicelib.sharing.shapes import Shape

SHARDS = 16
"""Index keys and counters of somebody who invites very many."""

BOARD_SHARDS = 4
"""Index keys that a leaderboard is spread over."""

LATEST = 10**15
"""Above every instant in milliseconds: subtracted from, so that the earlier sorts later."""


class Via(StrEnum):
    """How somebody came to his inviter."""

    SHARE = "share"
    CODE = "code"


class Rewards(StrEnum):
    """What an acceptance through a campaign that rewards invitations has promised."""

    PROMISED = "promised"
    NONE_LEFT = "none_left"
    """Its budget did not reach for all of it, so that nothing was promised."""
    NOT_NEW = "not_new"
    """Whoever accepted is not new by the campaign's definition."""


class Edge(Item):
    """Who invited a user: written once, and the same for ever."""

    letter = "U"
    prefix = "PARENT"

    parent = UnicodeAttribute()
    ancestors = StructAttribute[list[UserId]](list[UserId])
    """The inviter, his inviter when this was written, and so on: at most `rules.DEPTH`, the nearest first."""
    via = StateAttribute(Via)
    share = UnicodeAttribute()
    board = UnicodeAttribute()
    """On which leaderboard it counts: its campaign's, or `rules.EVERYBODY`."""
    verdict = StructAttribute[Verdict](Verdict)
    """Whether he was new when he accepted, and what that was decided from."""
    rewards = StateAttribute(Rewards, null=True)
    """What its campaign promised for it; absent where none that rewards invitations ran."""
    evidence = StateAttribute(Evidence, null=True)
    """How sure it is that he came by that share; absent where no entry says so."""
    scene_value = IntAttribute(null=True)
    """WeChat's number of the way he came, of that entry."""
    device = UnicodeAttribute(null=True)
    network = UnicodeAttribute(null=True)
    """Where he accepted (`sightings.marks`), to be compared with others whom the same one invited."""
    request = UnicodeAttribute()
    fingerprint = UnicodeAttribute()
    bound_at = TimeAttribute()

    @property
    def child(self) -> UserId:
        """Who was invited."""
        return UserId(self.pk.split("#", 1)[1])


class InviteCode(Item):
    """Whose code it is."""

    letter = "IVC"
    prefix = "META"

    uid = UnicodeAttribute()
    created_at = TimeAttribute()


class OwnCode(Item):
    """A user's code."""

    letter = "U"
    prefix = "CODE"

    code = UnicodeAttribute()


class Descendants(Item):
    """How many a user has brought, by depth: a shard of it. A missing number is none."""

    letter = "IVN"
    prefix = "META"

    d1 = IntAttribute(null=True)
    d2 = IntAttribute(null=True)
    d3 = IntAttribute(null=True)
    d4 = IntAttribute(null=True)
    d5 = IntAttribute(null=True)
    spread = IntAttribute(null=True)
    """Over how many shards he is spread, where it is more than this one; only the first shard says so."""

    @property
    def by_depth(self) -> list[int]:
        """The numbers, children first."""
        return [self.d1 or 0, self.d2 or 0, self.d3 or 0, self.d4 or 0, self.d5 or 0]


class Tally(Item):
    """How many edges of a user's count on a leaderboard: a shard of it, due while the board has not seen it."""

    letter = "IVT"
    prefix = "META"

    n = IntAttribute()
    last_at = TimeAttribute()
    """When the latest of them was written."""

    @property
    def whose(self) -> tuple[str, UserId]:
        """Its board, and the user."""
        _, board, uid, _ = self.pk.split("#")
        return board, UserId(uid)


class Standing(Item):
    """A user's place on a leaderboard."""

    letter = "IVS"
    prefix = "META"

    score = IntAttribute()
    reached_at = TimeAttribute()
    """When he reached it; who was earlier stands before."""

    @property
    def uid(self) -> UserId:
        """Whose it is."""
        return UserId(self.pk.split("#")[2])


class KnownShape(Item):
    """The shape of those whom a user invited, as it was when somebody looked."""

    letter = "U"
    prefix = "SHAPE"

    shape = StructAttribute[Shape](Shape)
    looked_at = TimeAttribute()


def edge_key(mid: MerchantId, child: str) -> Key:
    """Where a user's inviter stands."""
    return table(mid).key("U", child, sk="PARENT")


def shape_key(mid: MerchantId, uid: str) -> Key:
    """Where the shape of those whom a user invited stands."""
    return table(mid).key("U", uid, sk="SHAPE")


def own_code_key(mid: MerchantId, uid: str) -> Key:
    """Where a user's code stands."""
    return table(mid).key("U", uid, sk="CODE")


def code_key(mid: MerchantId, code: str) -> Key:
    """Where a code stands."""
    return table(mid).key("IVC", code)


def descendants_key(mid: MerchantId, uid: str, shard: int = 0) -> Key:
    """Where a shard of a user's numbers stands."""
    return table(mid).key("IVN", uid, str(shard))


def tally_key(mid: MerchantId, board: str, uid: str, shard: int) -> Key:
    """Where a shard of a user's tally for a board stands."""
    return table(mid).key("IVT", board, uid, str(shard))


def standing_key(mid: MerchantId, board: str, uid: str) -> Key:
    """Where a user's place on a board stands."""
    return table(mid).key("IVS", board, uid)


def children_index(mid: MerchantId, parent: str, shard: int) -> str:
    """An index partition of those whom a user invited."""
    return table(mid).pk("INV", parent, str(shard))


def board_index(mid: MerchantId, board: str, shard: int) -> str:
    """An index partition of a leaderboard."""
    return table(mid).pk("IVS", board, str(shard))


def shard_of(uid: str, shards: int) -> int:
    """In which of so many shards something of a user's is."""
    return zlib.crc32(uid.encode()) % shards


def spread_of(first: Descendants | None) -> int:
    """Over how many shards somebody is spread; ``first`` is the first of his numbers."""
    return (first.spread or 1) if first else 1


def place(score: int, reached_at: datetime, uid: str) -> str:
    """Where a standing is on its board, read from the end: the higher first, then the earlier."""
    return f"{score:09d}#{LATEST - int(reached_at.timestamp() * 1000):015d}#{uid}"


def bound(bound_at: datetime, child: str) -> str:
    """Where an edge is in its parent's list."""
    return f"{clock.iso(bound_at)}#{child}"
