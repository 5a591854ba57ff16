"""What an order costs, and a quote of it: the same numbers, signed for one user, and stored nowhere."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from chalicelib.accounts import tokens
from chalicelib.campaigns.shipping import province_called
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.orders.problems import QUOTE_EXPIRED, QUOTE_UNFIT

AUDIENCE = "ripple:quote"
LIFE = timedelta(minutes=15)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be bought, and as whom."""

    campaign_id: CampaignId
    sku_id: str
    role: str
    units: int


class Cost(Asked, frozen=True, kw_only=True):
    """What that costs, and by which version of the campaign."""

    version: int
    price_fen: int
    """Of one unit."""
    freight_fen: int
    province: str | None
    """Where the goods go, if that decided the freight."""

    @property
    def goods_fen(self) -> int:
        """All units together."""
        return self.price_fen * self.units

    @property
    def total_fen(self) -> int:
        """What is paid."""
        return self.goods_fen + self.freight_fen


def sign(mid: MerchantId, uid: UserId, cost: Cost) -> tuple[str, datetime]:
    """A quote for this user, and until when he may order by it."""
    until = clock.now().replace(microsecond=0) + LIFE
    return tokens.signed(mid, AUDIENCE, until, {"sub": uid, **msgspec.to_builtins(cost)}), until


def honoured(mid: MerchantId, uid: UserId, quote: str, asked: Asked, province: str | None) -> Cost:
    """What this user was quoted for just this; ``province`` is where he says now that it goes.

    Raises `QUOTE_EXPIRED`, and `QUOTE_UNFIT` for what is forged, somebody else's or for something else.
    """
    try:
        said = tokens.opened(quote, AUDIENCE)
        cost = msgspec.convert(said, Cost)
    except tokens.Expired:
        raise RippleError(QUOTE_EXPIRED, "/quote") from None
    except (tokens.NotGenuine, msgspec.ValidationError):
        raise RippleError(QUOTE_UNFIT, "/quote") from None
    same = all(getattr(cost, name) == getattr(asked, name) for name in Asked.__struct_fields__)
    elsewhere = province is not None and cost.province is not None and province_called(province) != cost.province
    if (said["mid"], said["sub"]) != (mid, uid) or not same or elsewhere:
        raise RippleError(QUOTE_UNFIT, "/quote")
    return cost
