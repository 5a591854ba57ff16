"""How often a user acts for others, over all plays and campaigns: a signal of the risk gate, and no limit of anybody's.

It is counted after the act, by a write of its own that may be lost: an act is never slower to decide or refused for it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.core import log
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import Found
from chalicelib.core.table import IntAttribute, Item, Key, TimeAttribute, table
from chalicelib.core.transaction import Lost, upsert_one

HOUR = timedelta(hours=1)


class Pace(Item):
    """A user's acts in the hour that began with the first of them."""

    letter = "U"
    prefix = "PACE"

    since = TimeAttribute()
    acts = IntAttribute()


def pace_key(mid: MerchantId, uid: str) -> Key:
    """Where a user's pace stands; what an act reads with the rest."""
    return table(mid).key("U", uid, sk=Pace.prefix)


def acts_this_hour(found: Found, key: Key, now: datetime) -> int:
    """How often he has acted in his running hour, by what stands at his `pace_key`."""
    pace = found.item(Pace, key)
    return pace.acts if pace is not None and now < pace.since + HOUR else 0


def note(key: Key, found: Found, now: datetime) -> None:
    """Count one act more. Never fails: what could not be counted is not."""
    acts = acts_this_hour(found, key, now)
    pace = found.item(Pace, key)
    since = pace.since if pace is not None and acts else now
    until = int((since + 2 * HOUR).timestamp())
    try:
        upsert_one(key, [Pace.since.set(since), Pace.acts.set(acts + 1), Pace.ttl.set(until)], when={})
    except (Lost, RippleError) as uncounted:
        log.warning("pace_not_counted", raised=uncounted)
