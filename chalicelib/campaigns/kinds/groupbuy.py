"""The document of a group-buy campaign, its own publish checks, and its terms as users read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.campaigns.gate import Finding, check
from chalicelib.campaigns.offer import Count, Goods, Offer
from chalicelib.core.money import PriceFen


class AtExpiry(StrEnum):
    """What happens to a group that did not fill: everybody is refunded, or the price is honoured for whoever paid."""

    REFUND = "refund"
    HONOUR_PRICE = "honour_price"


class GroupBuySku(Goods, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """One thing that is sold to groups."""

    price_fen: PriceFen
    """The group price."""
    leader_price_fen: PriceFen | None = None
    reference_price_fen: PriceFen
    """The price it is compared with; lawful only with its basis (rules L8)."""
    reference_basis: Annotated[str, Meta(min_length=1, max_length=200)]


class Limits(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What one user may take of a campaign; each is counted by itself."""

    open: Count = 3
    """Groups opened."""
    join: Count = 10
    """Groups joined."""
    take_part: Count = 10
    """Live seats, opened or joined."""


class GroupBuyOffer(Offer, forbid_unknown_fields=True, kw_only=True, frozen=True, tag="groupbuy"):
    """A whole group-buy campaign."""

    skus: Annotated[list[GroupBuySku], Meta(min_length=1, max_length=8)]
    size: Annotated[int, Meta(ge=2, le=50)]
    group_seconds: Annotated[int, Meta(ge=600, le=7 * 86_400)] = 86_400
    pay_window_seconds: Annotated[int, Meta(ge=180, le=7200)] = 900
    limits: Limits = Limits()
    at_expiry: AtExpiry = AtExpiry.REFUND

    @property
    def goods(self) -> Sequence[Goods]:
        return self.skus

    @property
    def units_at_once(self) -> int:
        return self.size if self.one_sku else 1

    @property
    def one_sku(self) -> bool:
        """Whether a group owns its units as a whole; otherwise each seat owns a unit of its own SKU."""
        return len(self.skus) == 1

    def terms(self) -> GroupBuyTerms:
        """What users read of it."""
        return GroupBuyTerms(
            need=self.size,
            skus=[OfferedSku.of(sku) for sku in self.skus],
            group_seconds=self.group_seconds,
            pay_window_seconds=self.pay_window_seconds,
            at_expiry=self.at_expiry,
        )


class OfferedSku(msgspec.Struct, kw_only=True):
    """A SKU as users see it."""

    sku_id: str
    title: str
    fulfilment: str
    price_fen: int
    leader_price_fen: int | None
    reference_price_fen: int
    reference_basis: str
    image_url: str | None

    @classmethod
    def of(cls, sku: GroupBuySku) -> OfferedSku:
        """What a user sees of ``sku``: neither its stock nor the shop's own number."""
        return cls(
            sku_id=sku.sku_id,
            title=sku.title,
            fulfilment=sku.fulfilment.value,
            price_fen=sku.price_fen,
            leader_price_fen=sku.leader_price_fen,
            reference_price_fen=sku.reference_price_fen,
            reference_basis=sku.reference_basis,
            image_url=sku.image_url,
        )


class GroupBuyTerms(msgspec.Struct, kw_only=True, tag_field="kind", tag="groupbuy"):
    """The terms of a group-buy as users read them."""

    need: int
    skus: list[OfferedSku]
    group_seconds: int
    pay_window_seconds: int
    at_expiry: str


@check("PRICE_BASIS", GroupBuyOffer)
def price_basis(offer: GroupBuyOffer, now: datetime) -> Finding | None:
    """A comparison price is not below the price, and says where it comes from (rules L8)."""
    for n, sku in enumerate(offer.skus):
        if sku.price_fen > sku.reference_price_fen:
            zh, en = "拼团价高于参考价", "The group price is above the reference price."
            return Finding("PRICE_BASIS", f"/skus/{n}/price_fen", zh, en)
        if sku.leader_price_fen is not None and sku.leader_price_fen > sku.price_fen:
            zh, en = "团长价高于拼团价", "The leader's price is above the group price."
            return Finding("PRICE_BASIS", f"/skus/{n}/leader_price_fen", zh, en)
        if not sku.reference_basis.strip():
            zh, en = "参考价缺少依据", "The reference price has no basis."
            return Finding("PRICE_BASIS", f"/skus/{n}/reference_basis", zh, en)
    return None


@check("GROUP_FITS", GroupBuyOffer)
def group_fits(offer: GroupBuyOffer, now: datetime) -> Finding | None:
    """There are units for a whole group, and a group's life fits into the campaign's and holds a pay window."""
    if sum(sku.stock for sku in offer.skus) < offer.size:
        return Finding("GROUP_FITS", "/skus", "库存不足以成一个团", "The stock does not reach for one group.")
    if timedelta(seconds=offer.group_seconds) > offer.ends_at - offer.starts_at:
        zh, en = "成团时限长于活动时间", "A group would live longer than the campaign."
        return Finding("GROUP_FITS", "/group_seconds", zh, en)
    if offer.pay_window_seconds > offer.group_seconds:
        zh, en = "支付时限长于成团时限", "The pay window outlives a group."
        return Finding("GROUP_FITS", "/pay_window_seconds", zh, en)
    return None
