"""The documents of all plays that run as campaigns; a new play adds its own to both unions."""

from __future__ import annotations

from chalicelib.campaigns.kinds.bargain import BargainOffer, BargainTerms
from chalicelib.campaigns.kinds.coupon import ClaimTerms, CouponOffer
from chalicelib.campaigns.kinds.groupbuy import GroupBuyOffer, GroupBuyTerms

AnyOffer = GroupBuyOffer | BargainOffer | CouponOffer
"""Any play's document; ``kind`` tells which."""

AnyTerms = GroupBuyTerms | BargainTerms | ClaimTerms
"""Any play's terms as users read them; ``kind`` tells which."""
