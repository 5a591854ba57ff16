"""What is stored of words: each redemption, where its user is, and how many a day had."""

from __future__ import annotations

from datetime import date

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.table import IntAttribute, Item, Key, TimeAttribute, table
from chalicelib.rewards.items import Posted


class Spoken(Posted):
    """A redemption of a word: receipt, posting, record of its request, and one of its user's few.

    Where it moves value it stands in his statement.
    """

    letter = "U"
    prefix = "WRD#"

    version = IntAttribute()
    at = TimeAttribute()
    ident = UnicodeAttribute()
    """Of the request that made it: asked again, it is answered from here."""
    fingerprint = UnicodeAttribute()

    @property
    def uid(self) -> UserId:
        """Who has redeemed it."""
        return UserId(self.pk.split("#", 1)[1])

    @property
    def cid(self) -> str:
        """The word's campaign."""
        return self.sk.split("#")[1]

    @property
    def number(self) -> int:
        """Which of its user's it is, from 1 on."""
        return int(self.sk.rsplit("#", 1)[1])

    @property
    def ref(self) -> str:
        """What it is called among what its user was given."""
        return f"word-{self.cid}-{self.number}"


class WordDay(Item):
    """How many redemptions of a word one of the merchant's days had, out of one of its shards."""

    letter = "WRDD"
    prefix = "META"

    n = IntAttribute()

    @property
    def cid(self) -> str:
        """The word's campaign."""
        return self.pk.split("#")[1]

    @property
    def shard(self) -> int:
        """Which shard they were drawn from."""
        return int(self.pk.rsplit("#", 1)[1])


def spoken_key(mid: MerchantId, uid: str, cid: str, number: int) -> Key:
    """Where a user's redemption of that number stands."""
    return table(mid).key("U", uid, sk=f"WRD#{cid}#{number}")


def word_day_key(mid: MerchantId, cid: str, day: date, shard: int) -> Key:
    """Where a day's redemptions out of a shard are counted."""
    return table(mid).key("WRDD", cid, day.isoformat(), str(shard))
