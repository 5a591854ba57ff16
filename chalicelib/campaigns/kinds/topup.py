"""The document of a campaign of top-ups: what may be bought for a family's wallet, each at its worth; its terms.

It brings nothing beside what it sells: no bonus, nothing for having shared it. What is bought never expires.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.campaigns.gate import Finding, check
from chalicelib.campaigns.gifts import SkuId
from chalicelib.campaigns.offer import Fulfilment, Goods, Line, Offer, Prepaid
from chalicelib.core.money import PriceFen

AT_ONCE = "at_once"
"""Who follows its orders (`orders.follows`): they are delivered as soon as they are paid."""


class Denomination(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """So much value, for just its price."""

    sku_id: SkuId
    title: Line
    """What the payer reads in WeChat."""
    value_fen: PriceFen

    @property
    def goods(self) -> Goods:
        """What an order of it is of. There is no stock of value."""
        return Goods(sku_id=self.sku_id, title=self.title, fulfilment=Fulfilment.VIRTUAL, stock=1)


class TopUpOffer(Offer, forbid_unknown_fields=True, kw_only=True, frozen=True, tag="topup"):
    """A whole campaign of top-ups."""

    skus: Annotated[list[Denomination], Meta(min_length=1, max_length=20)]
    pay_window_seconds: Annotated[int, Meta(ge=300, le=3600)] = 900
    """How long an order waits for its money."""

    @property
    def prepaid(self) -> Sequence[Prepaid]:
        return [Prepaid(f"/skus/{n}/value_fen", one.value_fen) for n, one in enumerate(self.skus)]

    @property
    def dearest_fen(self) -> int:
        return max(one.value_fen for one in self.skus)

    @property
    def is_virtual(self) -> bool:
        return True

    @property
    def friends_gain(self) -> bool:
        return False

    @property
    def followed_by(self) -> Sequence[str]:
        return (AT_ONCE,)

    def terms(self) -> TopUpTerms:
        """What users read of it."""
        return TopUpTerms(skus=self.skus, pay_window_seconds=self.pay_window_seconds)


class TopUpTerms(msgspec.Struct, kw_only=True, tag_field="kind", tag="topup"):
    """The terms of a campaign of top-ups as users read them; the merchant's own stand in the quote."""

    skus: list[Denomination]
    pay_window_seconds: int


@check("TOPUP_FITS", TopUpOffer)
def topup_fits(offer: TopUpOffer, now: datetime) -> Iterator[Finding]:
    """No denomination is named twice."""
    seen = set[str]()
    for n, one in enumerate(offer.skus):
        if one.sku_id in seen:
            zh, en = f"面额编号 {one.sku_id} 重复", f"{one.sku_id} is named twice."
            yield Finding("TOPUP_FITS", f"/skus/{n}/sku_id", zh, en)
        seen.add(one.sku_id)
