"""What is stored beside cash itself: what a user has taken of his limits, attempts that ended, a campaign's pause."""

from __future__ import annotations

import zlib
from datetime import date, datetime

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import clock
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.table import IntAttribute, Item, Key, StateAttribute, StructAttribute, TimeAttribute, table
from chalicelib.wechat.transfer import TransferState

YEAR_SHARDS = 16
"""Index keys that a year's users are spread over."""

DAY_SHARDS = 8
"""Index keys that a day's transfers are spread over."""


class CashDay(Item):
    """What a user has asked for on one of his merchant's days and was not refused: on its way, or paid."""

    letter = "U"
    prefix = "CDY#"

    times = IntAttribute()
    fen = IntAttribute()
    ttl = IntAttribute()


class CashYear(Item):
    """What a user has asked for in a year and was not refused, and what of that was paid (rules L13)."""

    letter = "U"
    prefix = "CYR#"

    times = IntAttribute()
    fen = IntAttribute()
    paid = IntAttribute(null=True)
    """How many transfers reached him."""
    paid_fen = IntAttribute(null=True)

    @property
    def uid(self) -> UserId:
        """Whose."""
        return UserId(self.pk.split("#", 1)[1])


class Transfer(Item):
    """An attempt that ended, or that a bill of WeChat's told of: what became of it there."""

    letter = "U"
    prefix = "TRF#"

    number = UnicodeAttribute()
    amount = IntAttribute()
    cid = UnicodeAttribute()
    state = StateAttribute(TransferState, null=True)
    """How it ended; absent while it has not."""
    bill_no = UnicodeAttribute(null=True)
    """WeChat's own number."""
    reason = UnicodeAttribute(null=True)
    """WeChat's word for why it came to nothing."""
    ended_at = TimeAttribute(null=True)
    booked = StructAttribute[dict[str, int]](dict[str, int], null=True)
    """What each day's bill of the operations account says of it, in fen: below zero what left."""

    @property
    def uid(self) -> UserId:
        """Whose."""
        return UserId(self.pk.split("#", 1)[1])


class CashPause(Item):
    """A campaign's cash waits: WeChat has refused an offer for a reason that is the merchant's account's."""

    letter = "C"
    prefix = "PAUSE"

    until = TimeAttribute()
    """Then the next one is tried."""
    why = UnicodeAttribute()
    """WeChat's code."""
    since = TimeAttribute()
    """When the first refusal was."""

    @property
    def cid(self) -> CampaignId:
        """Whose."""
        return CampaignId(self.pk.split("#", 1)[1])


def day_key(mid: MerchantId, uid: str, day: str) -> Key:
    """Where a user's day stands."""
    return table(mid).key("U", uid, sk=f"CDY#{day}")


def year_key(mid: MerchantId, uid: str, year: str) -> Key:
    """Where a user's year stands."""
    return table(mid).key("U", uid, sk=f"CYR#{year}")


def transfer_key(mid: MerchantId, uid: str, cash_id: str, n: int) -> Key:
    """Where what became of an attempt stands."""
    return table(mid).key("U", uid, sk=f"TRF#{cash_id}#{n:04d}")


def pause_key(mid: MerchantId, cid: str) -> Key:
    """Where a campaign's pause stands."""
    return table(mid).key("C", cid, sk="PAUSE")


def year_partition(mid: MerchantId, year: str, shard: int) -> str:
    """One shard of those who asked for cash in a year."""
    return table(mid).pk("CASHYEAR", year, str(shard))


def year_entry(mid: MerchantId, uid: str, year: str) -> tuple[str, str]:
    """Where the export finds a user's year: its ``gsi1pk`` and ``gsi1sk``."""
    return year_partition(mid, year, zlib.crc32(uid.encode()) % YEAR_SHARDS), uid


def ended_partition(mid: MerchantId, day: date, shard: int) -> str:
    """One shard of the transfers whose end was heard on a day in China: maybe a later one than that of the end."""
    return table(mid).pk("CASHED", day.isoformat(), str(shard))


def ended_entry(mid: MerchantId, key: Key, at: datetime) -> tuple[str, str]:
    """Where the day on which its end was heard finds a transfer: its ``gsi1pk`` and ``gsi1sk``."""
    day = clock.day_of(at)
    shard = zlib.crc32(f"{key.pk} {key.sk}".encode()) % DAY_SHARDS
    return ended_partition(mid, day, shard), f"{clock.iso(at)}#{key.pk}#{key.sk}"
