"""How often a merchant's acts may reach an outside API: tokens by the second, fewer after trouble, more with success.

One small item per merchant and API. It limits what is sent, never what is promised, so that an answer that storage
loses costs at most a token.
"""

from __future__ import annotations

import msgspec

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.table import IntAttribute, Item, Key, table
from chalicelib.core.transaction import Lost, update_one, upsert_one


class Rate(msgspec.Struct, frozen=True):
    """Acts a second: as a rule, and after trouble."""

    normal: int
    slow: int


class Bucket(Item):
    """The tokens of one second."""

    letter = "RATE"
    prefix = "META"

    second = IntAttribute()
    left = IntAttribute()
    most = IntAttribute()
    """Tokens a second now: `Rate.slow` after trouble, one more with each success, up to `Rate.normal`."""


def bucket_key(mid: MerchantId, api: str) -> Key:
    """Where the tokens of a merchant for an API stand."""
    return table(mid).key("RATE", api)


def take(mid: MerchantId, api: str, rate: Rate) -> bool:
    """Take a token; False when this second has none left."""
    key, second = bucket_key(mid, api), int(clock.now().timestamp())
    most = Bucket.most | rate.normal
    begin = [Bucket.second.set(second), Bucket.left.set(most - 1), Bucket.most.set(most)]
    try:
        upsert_one(key, begin, when={"new_second": Bucket.pk.does_not_exist() | (Bucket.second < second)})
    except Lost:
        pass
    else:
        return True
    try:
        update_one(key, [Bucket.left.add(-1)], when={"left": Bucket.left >= 1})
    except Lost:
        return False
    return True


def slow_down(mid: MerchantId, api: str, rate: Rate) -> None:
    """Something went wrong there: fewer from now on."""
    update_one(bucket_key(mid, api), [Bucket.most.set(rate.slow)], when={})


def speed_up(mid: MerchantId, api: str, rate: Rate) -> None:
    """Something went well: one more, if there are fewer than normal."""
    try:
        update_one(bucket_key(mid, api), [Bucket.most.add(1)], when={"slowed": Bucket.most < rate.normal})
    except Lost:
        return
