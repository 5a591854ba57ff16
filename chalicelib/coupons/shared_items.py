"""Where a family finds the coupons that are shared in it: a row each, which names a coupon and says nothing of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.table import Item, Key, TimeAttribute, table

ALL_OF = "SHC#"
"""How the sort keys of a family's shared coupons begin."""

KEPT = timedelta(days=7)
"""How long a row outlives the last window of its coupon."""


class SharedCoupon(Item):
    """That a coupon is shared in a family. Whether it still is the coupon itself says, and who is in the family."""

    letter = "F"
    prefix = ALL_OF

    at = TimeAttribute()

    @property
    def fid(self) -> str:
        """In which family."""
        return self.pk.split("#", 1)[1]

    @property
    def uid(self) -> UserId:
        """Whose coupon."""
        return UserId(self.sk.removeprefix(self.prefix).partition(".")[0])

    @property
    def coupon_id(self) -> str:
        """Its id among its owner's."""
        return self.sk.partition(".")[2]


def shared_key(mid: MerchantId, fid: str, uid: str, coupon_id: str) -> Key:
    """Where it stands that a coupon is shared."""
    return table(mid).key("F", fid, sk=f"{ALL_OF}{uid}.{coupon_id}")


def shared_coupon(mid: MerchantId, fid: str, uid: str, coupon_id: str, at: datetime, until: datetime) -> SharedCoupon:
    """The row of a coupon whose last window ends at ``until``; it goes away by itself after that."""
    ttl = int((until + KEPT).timestamp())
    return SharedCoupon(*shared_key(mid, fid, uid, coupon_id), at=at, ttl=ttl)
