"""The documents of all plays that run as campaigns; a new play adds its own to both unions."""

from __future__ import annotations

from chalicelib.campaigns.kinds.bargain import BargainOffer, BargainTerms
from chalicelib.campaigns.kinds.gift import GiftOffer, GiftTerms
from chalicelib.campaigns.kinds.groupbuy import GroupBuyOffer, GroupBuyTerms
from chalicelib.campaigns.kinds.unlock import UnlockOffer, UnlockTerms

AnyOffer = GroupBuyOffer | BargainOffer | UnlockOffer | GiftOffer
"""Any play's document; ``kind`` tells which."""

AnyTerms = GroupBuyTerms | BargainTerms | UnlockTerms | GiftTerms
"""Any play's terms as users read them; ``kind`` tells which."""
