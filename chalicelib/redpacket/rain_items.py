"""What is stored of a rain beside grants: of how many of its bursts somebody has claimed."""

from __future__ import annotations

from chalicelib.core.ids import MerchantId
from chalicelib.core.table import IntAttribute, Item, Key, table


class RainLimit(Item):
    """How many bursts of a campaign a user has claimed of; only where that is limited."""

    letter = "U"
    prefix = "RAIN#"

    claims = IntAttribute()


def rain_limit_key(mid: MerchantId, uid: str, cid: str) -> Key:
    """Where it stands."""
    return table(mid).key("U", uid, sk=f"RAIN#{cid}")
