"""A coupon that is about to expire, as something to be reminded of: its owner's, or shared in the reader's family."""

from __future__ import annotations

from datetime import datetime, timedelta

from pynamodb.expressions.condition import Condition

from chalicelib.campaigns.live import any_live
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.store import read_one
from chalicelib.coupons import rules, shared
from chalicelib.notices.moments import Moment
from chalicelib.notices.reasons import Reason, shortly_before
from chalicelib.rewards.items import PIECES, Coupon, coupon_key

BEFORE = timedelta(days=1)
"""How long before its end; of what lives shorter than twice that, when half of its life is over."""


class CouponEnds:
    """Implements `notices.reasons.Reasons`."""

    def reason(self, mid: MerchantId, uid: UserId, ident: str) -> Reason | None:
        """The piece that ends next of those that somebody may still use."""
        now = clock.now()
        coupon = read_one(Coupon, coupon_key(mid, uid, ident)) or _shared(mid, uid, ident, now)
        piece = rules.ends_next(coupon, now) if coupon is not None else None
        if coupon is None or piece is None:
            return None
        window = coupon.windows[piece]
        still: dict[str, Condition] = {
            "free": PIECES[piece].does_not_exist(),
            "valid": Coupon.invalid_at.does_not_exist(),
        }
        if coupon.uid != uid:
            still["shared"] = (Coupon.shared_with == coupon.shared_with) & (Coupon.shared_at == coupon.shared_at)
        title = any_live(mid, CampaignId(coupon.cid)).offer.title
        return Reason(
            moment=Moment.REWARD_ENDING,
            facts={"title": title, "reward": coupon.terms.title, "until": clock.iso(window.until)},
            best=shortly_before(window.until, window.since, BEFORE),
            until=window.until,
            part=str(piece + 1) if len(coupon.windows) > 1 else None,
            insists=lambda tx: tx.check("object", coupon, when=still),
        )


REMINDING = CouponEnds()
"""The one that is registered."""


def _shared(mid: MerchantId, uid: UserId, coupon_id: str, now: datetime) -> Coupon | None:
    """A coupon of somebody else's that the reader may use in his family now."""
    family = shared.of_others(mid, uid)
    found = next((one for one in family.coupons if one.coupon_id == coupon_id), None) if family is not None else None
    if family is None or found is None:
        return None
    try:
        family.insist_may_use(now)
    except RippleError:
        return None
    return found
