"""How often a merchant's acts may reach an outside API: tokens by the second, fewer after trouble, more with success.

One small item per merchant and API. It limits what is sent, never what is promised, so that an answer that storage
loses costs at most a token. Somebody who waits for an answer takes a token or none (`take`). What is due and finds none
is given a turn (`insist_turn`): a second of its own ahead, so that a backlog of hours is looked at twice an entry, and
neither floods the outside nor is tried again and again.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import msgspec
from pynamodb.expressions.update import Action

from chalicelib.core import chance, clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.core.table import IntAttribute, Item, Key, table
from chalicelib.core.transaction import Lost, update_one, upsert_one

FAR = timedelta(minutes=30)
"""How far ahead turns are given."""

SOON = timedelta(minutes=5)
"""How far ahead after trouble, which may be over at any moment; also when whoever gets no turn comes again."""

TRIES = 8
"""How often a turn is looked for that others take at the same moment."""


class Rate(msgspec.Struct, frozen=True):
    """Acts a second: as a rule, and after trouble."""

    normal: int
    slow: int


class Crowded(Exception):
    """A leased item's merchant has no act left now: it is put off until then.

    Its turn is the round of turns in which it has that second for itself; None where it must ask again.
    """

    def __init__(self, until: datetime, turn: int | None) -> None:
        super().__init__(f"crowded until {clock.iso(until)}")
        self.until = until
        self.turn = turn


class Bucket(Item):
    """The tokens of one second: of this one, or of the latest in which turns were given."""

    letter = "RATE"
    prefix = "META"

    second = IntAttribute()
    left = IntAttribute()
    most = IntAttribute()
    """Tokens a second now: `Rate.slow` after trouble, one more with each success, up to `Rate.normal`."""
    round = IntAttribute(null=True)
    """How often trouble has ended all turns that were given; none where it never has."""


def bucket_key(mid: MerchantId, api: str) -> Key:
    """Where the tokens of a merchant for an API stand."""
    return table(mid).key("RATE", api)


def take(mid: MerchantId, api: str, rate: Rate) -> bool:
    """Take a token; False when this second has none left."""
    key = bucket_key(mid, api)
    if _begun(key, _second(clock.now()), rate) is None:
        return True
    try:
        update_one(key, [Bucket.left.add(-1)], when={"left": Bucket.left >= 1})
    except Lost:
        return False
    return True


def insist_turn(item: Item, api: str, rate: Rate) -> None:
    """Take a token for a leased item, or the turn that it was given. Raises `Crowded` where it must come again."""
    key, now = bucket_key(item.mid, api), clock.now()
    if item.queued is not None:
        bucket = read_one(Bucket, key)
        if bucket is not None and (bucket.round or 0) == item.queued:
            return
    second = _second(now)
    found = _begun(key, second, rate)
    for _ in range(TRIES):
        if found is None:
            return
        given = found.second if found.left >= 1 else found.second + 1
        if given - second > (FAR if found.most >= rate.normal else SOON).total_seconds():
            break
        try:
            _give(key, found, given)
        except Lost as lost:
            found = _seen(lost)
            continue
        if given <= second:
            return
        raise Crowded(datetime.fromtimestamp(given, UTC), found.round or 0)
    raise Crowded(now + chance.uniform(0.5, 1) * SOON, None)


def slow_down(mid: MerchantId, api: str, rate: Rate) -> None:
    """Something went wrong there: fewer from now on, and no turn counts that was given before."""
    slowed = [Bucket.most.set(rate.slow), Bucket.second.set(_second(clock.now())), Bucket.left.set(rate.slow)]
    with suppress(Lost):
        update_one(bucket_key(mid, api), [*slowed, Bucket.round.add(1)], when={"quick": Bucket.most > rate.slow})


def speed_up(mid: MerchantId, api: str, rate: Rate) -> None:
    """Something went well: one more, if there are fewer than normal."""
    with suppress(Lost):
        update_one(bucket_key(mid, api), [Bucket.most.add(1)], when={"slowed": Bucket.most < rate.normal})


def _second(instant: datetime) -> int:
    return int(instant.timestamp())


def _begun(key: Key, second: int, rate: Rate) -> Bucket | None:
    """Begin a second and take its first token; else the tokens as they stand, perhaps of turns ahead."""
    most = Bucket.most | rate.normal
    begin = [Bucket.second.set(second), Bucket.left.set(most - 1), Bucket.most.set(most)]
    try:
        upsert_one(key, begin, when={"new_second": Bucket.pk.does_not_exist() | (Bucket.second < second)})
    except Lost as lost:
        return _seen(lost)
    return None


def _seen(lost: Lost) -> Bucket:
    bucket = lost.item("item")
    if not isinstance(bucket, Bucket):
        raise lost
    return bucket


def _give(key: Key, found: Bucket, given: int) -> None:
    """Take a token of the latest second with turns, or begin the next one. Raises `Lost` with what others have left."""
    some = found.left >= 1
    begins: list[Action] = [Bucket.second.set(given), Bucket.left.set(found.most - 1)]
    as_seen = {"same": Bucket.second == found.second, "left": Bucket.left >= 1 if some else Bucket.left < 1}
    update_one(key, [Bucket.left.add(-1)] if some else begins, when=as_seen)
