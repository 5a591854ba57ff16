"""The graph in pages: up, five inviters a read, and down, the newest first."""

from __future__ import annotations

import re

import msgspec

from chalicelib.accounts.items import User, user_key
from chalicelib.core import cursor
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import read, read_all, read_one, spread
from chalicelib.invite.items import Descendants, Edge, children_index, descendants_key, edge_key, spread_of

PLACE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[0-9A-HJKMNP-TV-Z]{26}")
"""Where a page of children goes on."""

ABOVE = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
"""Where a page of inviters goes on."""


class Bound(msgspec.Struct, frozen=True):
    """Somebody who was invited, and himself where he is known."""

    edge: Edge
    user: User | None


def children(mid: MerchantId, parent: UserId, limit: int, text: str | None) -> tuple[list[Bound], str | None]:
    """A page of those whom a user invited, the newest first, and the cursor of the next.

    As many index queries as he has shards, which is one unless he has brought a thousand; then one read round a
    fifty shown.
    """
    after = cursor.position(text, PLACE)
    shards = spread_of(read_one(Descendants, descendants_key(mid, parent)))
    partitions = [children_index(mid, parent, shard) for shard in range(shards)]
    keys, more = spread(partitions, "gsi1", limit, forward=False, after=after)
    users = [user_key(mid, key.pk.split("#", 1)[1]) for key in keys]
    items = {item.key: item for item in read_all([*keys, *users])}
    page = []
    for key, whose in zip(keys, users, strict=True):
        edge, user = items.get(key), items.get(whose)
        if isinstance(edge, Edge):
            page.append(Bound(edge, user if isinstance(user, User) else None))
    return page, cursor.of_position(more)


def ancestors(mid: MerchantId, uid: UserId, limit: int, text: str | None) -> tuple[list[UserId], str | None]:
    """A page of the inviters above a user, the nearest first, and the cursor of the next.

    Each edge names five. Whoever accepted an invitation after he had invited others is found by his own edge.
    """
    at = cursor.position(text, ABOVE, "?up_cursor") or uid
    chain: list[UserId] = []
    while len(chain) < limit:
        edge = read_one(Edge, edge_key(mid, at))
        if edge is None:
            return chain, None
        chain += edge.ancestors
        at = chain[-1]
    shown = chain[:limit]
    return shown, cursor.of_position(shown[-1])


def counts(mid: MerchantId, uid: UserId, first: Descendants | None) -> list[int]:
    """How many a user has brought, by depth; ``first`` is the first of his numbers."""
    keys = [descendants_key(mid, uid, shard) for shard in range(1, spread_of(first))]
    rest = read(*keys) if keys else {}
    shards = [item.by_depth for item in (first, *rest.values()) if isinstance(item, Descendants)]
    return [sum(numbers) for numbers in zip([0] * 5, *shards, strict=True)]


def users(mid: MerchantId, uids: list[UserId]) -> dict[str, User]:
    """Those of ``uids`` that are known."""
    return {user.uid: user for user in read_all([user_key(mid, uid) for uid in uids]) if isinstance(user, User)}
