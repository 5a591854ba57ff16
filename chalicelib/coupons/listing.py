"""Reading coupons: a user's own, strongly from where he is; a template's, from the index of its merchant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chalicelib.campaigns import stock
from chalicelib.campaigns.items import StockShard
from chalicelib.campaigns.kinds.coupon import COUPONS, CouponOffer
from chalicelib.campaigns.live import live
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.ids import CampaignId, MerchantId
from chalicelib.core.store import query, read, read_all, read_one, spread
from chalicelib.coupons.items import LIST_SHARDS, list_partition
from chalicelib.rewards.items import Coupon, coupon_key

ALL_OF = "CPN#"
"""How the sort keys of a user's coupons begin."""

PAGE = 100


def of_user(mid: MerchantId, uid: str) -> Iterator[Coupon]:
    """Every coupon that a user has or had."""
    after: dict[str, Any] | None = None
    while True:
        coupons, after = page_of_user(mid, uid, PAGE, after)
        yield from coupons
        if after is None:
            return


def page_of_user(
    mid: MerchantId, uid: str, limit: int, after: dict[str, Any] | None
) -> tuple[list[Coupon], dict[str, Any] | None]:
    """A page of a user's coupons, in no order of time, and where the next begins."""
    page = query(coupon_key(mid, uid, "").pk, begins=ALL_OF, limit=limit, after=after)
    return [item for item in page.items if isinstance(item, Coupon)], page.after


def one(mid: MerchantId, uid: str, coupon_id: str) -> Coupon:
    """A user's coupon. Raises `NOT_FOUND`."""
    coupon = read_one(Coupon, coupon_key(mid, uid, coupon_id))
    if coupon is None:
        raise RippleError(NOT_FOUND)
    return coupon


def counted(mid: MerchantId, cid: CampaignId) -> tuple[int, int]:
    """How many of a template were claimed or given, and how many are left. Raises `NOT_FOUND`."""
    campaign = live(mid, cid, CouponOffer)
    shards = [item for item in read(*stock.keys(campaign, COUPONS)).values() if isinstance(item, StockShard)]
    return sum(shard.taken for shard in shards), sum(shard.left for shard in shards)


def of_template(mid: MerchantId, cid: CampaignId, limit: int, after: str | None) -> tuple[list[Coupon], str | None]:
    """A page of a template's coupons, newest first, and the position that the next begins after."""
    partitions = [list_partition(mid, cid, shard) for shard in range(LIST_SHARDS)]
    keys, more = spread(partitions, "gsi3", limit, forward=False, after=after)
    return [item for item in read_all(keys) if isinstance(item, Coupon)], more
