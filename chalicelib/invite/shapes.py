"""The shape of those whom one inviter brought: looked at when one of them may help somebody, and kept for a while.

However many there are, the latest forty are looked at; while an answer is kept, a look is one read round of two keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from chalicelib.accounts.items import User, user_key
from chalicelib.accounts.visits import APART
from chalicelib.core import clock, log
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import UserId
from chalicelib.core.store import query, read, read_all
from chalicelib.core.table import Item, Key, Undecodable
from chalicelib.core.transaction import Lost, upsert_one
from chalicelib.invite.items import (
    Descendants,
    Edge,
    KnownShape,
    children_index,
    descendants_key,
    edge_key,
    shape_key,
    spread_of,
)
from chalicelib.sharing.shapes import Shape, Tree, fullest_day, is_chain, is_fan, is_star
from chalicelib.sharing.sightings import Marks
from chalicelib.sharing.verdict import BACK_WITHIN, DEVICE_SHARED, STAR_A_DAY

KEPT, KEPT_CLEAR = timedelta(hours=1), timedelta(minutes=5)
"""How old an answer may be; one by which nothing speaks against anybody is younger, since a farm grows fast."""

RECENT = timedelta(days=30)
"""Who accepted before that is not looked at any more."""

LOOKED_AT = 40
"""Of those whom somebody invited, so many of the latest are looked at, and so many of the latest who had time to come
back: with five above him, one read round."""


def shape_of(edge: Edge) -> Shape:
    """The shape of those whom the inviter of ``edge`` brought. Never fails: none is what cannot be known."""
    now = clock.now()
    keys = shape_key(edge.mid, edge.parent), descendants_key(edge.mid, edge.parent)
    try:
        found = read(*keys)
        kept = found.item(KnownShape, keys[0])
        if kept is not None and now < kept.looked_at + _kept(kept.shape):
            return kept.shape
        shape = _looked_at(edge, spread_of(found.item(Descendants, keys[1])), now)
    except (RippleError, Undecodable) as why:
        log.warning("shape_not_read", uid=edge.parent, why=str(why))
        return Shape()
    _keep(edge, shape, now)
    return shape


TREE = Tree(key=edge_key, shape=shape_of)
"""What a ticket asks."""


def came_back(user: User, accepted_at: datetime) -> bool:
    """Whether he was here a second time, up to `BACK_WITHIN` after he accepted; accepting itself may have been it."""
    if accepted_at >= user.created_at + APART:
        return True
    return user.came_back_at is not None and user.came_back_at <= accepted_at + BACK_WITHIN


def _looked_at(edge: Edge, shards: int, now: datetime) -> Shape:
    mid = edge.mid
    lists = [children_index(mid, edge.parent, shard) for shard in range(shards)]
    # One shard of many is as good a sample of devices and networks; who has come back is counted over all.
    latest = _latest(lists[:1], now, None)
    settled = [(at, child) for at, child in latest if at < now - BACK_WITHIN]
    if shards > 1 or len(latest) == LOOKED_AT:
        settled = _latest(lists, now, clock.iso(now - BACK_WITHIN))
    day = fullest_day(settled)
    fan = [edge_key(mid, child) for _, child in latest] if len(latest) > DEVICE_SHARED else []
    line = [edge_key(mid, uid) for uid in edge.ancestors] if len(edge.ancestors) > DEVICE_SHARED else []
    star = [user_key(mid, child) for _, child in day] if len(day) > STAR_A_DAY else []
    found = {item.key: item for item in read_all([*fan, *line, *star])}
    users = [(at, found.get(key)) for (at, _), key in zip(day, star, strict=False)]
    return Shape(
        star=is_star([came_back(user, at) for at, user in users if isinstance(user, User)]),
        chain=is_fan(_marked(found, fan, now)) or is_chain([marks for _, marks in _marked(found, line, now)]),
    )


def _latest(lists: Sequence[str], now: datetime, until: str | None) -> list[tuple[datetime, UserId]]:
    """When who accepted, the latest first, up to an instant; of those whom several lists have between them."""
    pages = [query(pk, index="gsi1", limit=LOOKED_AT, forward=False, at_most=until) for pk in lists]
    places = sorted((place for page in pages for place in page.positions), reverse=True)[:LOOKED_AT]
    came = [(clock.parse(at), UserId(child)) for at, _, child in (place.partition("#") for place in places)]
    return [(at, child) for at, child in came if at >= now - RECENT]


def _marked(found: Mapping[Key, Item], keys: Sequence[Key], now: datetime) -> list[tuple[datetime, Marks]]:
    """When and where those of ``keys`` accepted who did it lately."""
    edges = [edge for key in keys if isinstance(edge := found.get(key), Edge)]
    return [(edge.bound_at, Marks(edge.device, edge.network)) for edge in edges if edge.bound_at >= now - RECENT]


def _kept(shape: Shape) -> timedelta:
    return KEPT_CLEAR if shape == Shape() else KEPT


def _keep(edge: Edge, shape: Shape, now: datetime) -> None:
    """For those who look next; it goes by itself when nobody does."""
    key = shape_key(edge.mid, edge.parent)
    ttl = int((now + _kept(shape)).timestamp())
    known = [KnownShape.shape.set(shape), KnownShape.looked_at.set(now), KnownShape.ttl.set(ttl)]
    try:
        upsert_one(key, known, when={})
    except (Lost, RippleError) as why:
        log.info("shape_not_kept", uid=edge.parent, why=str(why))
