"""The documents of all plays that run as campaigns; a new play adds its own to both unions."""

from __future__ import annotations

from chalicelib.campaigns.kinds.groupbuy import GroupBuyOffer, GroupBuyTerms

AnyOffer = GroupBuyOffer
"""Any play's document; ``kind`` tells which."""

AnyTerms = GroupBuyTerms
"""Any play's terms as users read them; ``kind`` tells which."""
