"""What is stored of coupons beside themselves, where they are listed, and how an order names a piece of one."""

from __future__ import annotations

import re
import zlib
from datetime import datetime
from typing import NamedTuple

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.table import IntAttribute, Item, Key, table

LIST_SHARDS = 4
"""Index keys that a template's coupons are spread over."""

REF = re.compile(r"(?:([0-9A-Z]{26})\.([0-9A-Z]{26})\.)?([0-9A-Z]{1,32})(?:\.([0-9]|1[01]))?")
"""A coupon of one's own and its piece; before it the family that it is shared in, and whose it is."""


class ClaimLimit(Item):
    """What a user has claimed of a template."""

    letter = "U"
    prefix = "CLM#"

    n = IntAttribute()
    day = UnicodeAttribute()
    """The merchant's day on which he claimed last."""
    today = IntAttribute()
    """Claims on that day; on any other it counts as none."""


def limit_key(mid: MerchantId, uid: str, cid: str) -> Key:
    """Where a user's claims of a template are counted."""
    return table(mid).key("U", uid, sk=f"CLM#{cid}")


def list_partition(mid: MerchantId, cid: str, shard: int) -> str:
    """One shard of a template's coupons, as its merchant lists them."""
    return table(mid).pk("C", cid, "CPN", str(shard))


def list_entry(mid: MerchantId, cid: str, uid: str, coupon_id: str, at: datetime) -> tuple[str, str]:
    """Where its merchant finds a coupon: by template, sharded by its owner, ordered by when he got it."""
    shard = zlib.crc32(uid.encode()) % LIST_SHARDS
    return list_partition(mid, cid, shard), f"{clock.iso(at)}#{coupon_id}"


class Called(NamedTuple):
    """A piece of a coupon, as an order names it."""

    uid: str
    """Whose coupon it is."""
    coupon_id: str
    piece: int
    fid: str | None
    """The family that it is shared in; None for the buyer's own."""


def called(ref: str, uid: str) -> Called | None:
    """The piece that a buyer calls so, the first where none is said; None for what is no such name.

    A coupon of his own has no family before it.
    """
    found = REF.fullmatch(ref)
    if found is None or found[2] == uid:
        return None
    return Called(found[2] or uid, found[3], int(found[4] or 0), found[1])


def ref_of(coupon_id: str, piece: int) -> str:
    """How an order names a piece of its buyer's own."""
    return f"{coupon_id}.{piece}" if piece else coupon_id


def shared_ref(fid: str, uid: str, coupon_id: str, piece: int) -> str:
    """How an order names a piece of somebody else's, which is shared in the family of both."""
    return f"{fid}.{uid}.{ref_of(coupon_id, piece)}"
