"""The document of a group-buy campaign, its own publish checks, and its terms as users read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.accounts.newcomer import NewUser
from chalicelib.campaigns.checks import basis_said
from chalicelib.campaigns.gate import Finding, check
from chalicelib.campaigns.gifts import AfterOrderTerms
from chalicelib.campaigns.offer import Count, Goods, GoodsShown, Offer, PricedGoods
from chalicelib.campaigns.pickup import PickupPoint
from chalicelib.campaigns.shipping import Freight, Shipping
from chalicelib.core.money import PriceFen


class AtExpiry(StrEnum):
    """What happens to a group that did not fill: everybody is refunded, or the price is honoured for whoever paid."""

    REFUND = "refund"
    HONOUR_PRICE = "honour_price"


class WhoMayJoin(StrEnum):
    """Who may take a seat in somebody's group; anybody may open one."""

    ANY = "any"
    NEW_USER = "new_user"


class GroupBuySku(PricedGoods, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """One thing that is sold to groups."""

    price_fen: PriceFen
    """The group price."""
    leader_price_fen: PriceFen | None = None
    solo_price_fen: PriceFen | None = None
    """The price of buying alone; absent where nobody may."""


class Limits(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What one user may take of a campaign; each is counted by itself."""

    open: Count = 3
    """Groups opened."""
    join: Count = 10
    """Groups joined."""
    take_part: Count = 10
    """Live seats, opened or joined."""
    units: Annotated[int, Meta(ge=1, le=100_000)] = 1000
    """Units bought, in groups and alone."""


class GroupBuyOffer(Offer, forbid_unknown_fields=True, kw_only=True, frozen=True, tag="groupbuy"):
    """A whole group-buy campaign."""

    skus: Annotated[list[GroupBuySku], Meta(min_length=1, max_length=8)]
    size: Annotated[int, Meta(ge=2, le=50)]
    group_seconds: Annotated[int, Meta(ge=600, le=7 * 86_400)] = 86_400
    pay_window_seconds: Annotated[int, Meta(ge=180, le=7200)] = 900
    units_per_seat: Annotated[int, Meta(ge=1, le=100)] = 1
    limits: Limits = Limits()
    who_may_join: WhoMayJoin = WhoMayJoin.ANY
    new_user: NewUser = NewUser()
    """Who counts as new, where only new users may join."""
    at_expiry: AtExpiry = AtExpiry.REFUND

    @property
    def goods(self) -> Sequence[Goods]:
        return self.skus

    @property
    def units_at_once(self) -> int:
        return self.units_per_seat * (self.size if self.one_sku else 1)

    @property
    def dearest_fen(self) -> int:
        return max(max(sku.price_fen, sku.solo_price_fen or 0) for sku in self.skus) * self.units_per_seat

    @property
    def decided_within(self) -> timedelta:
        return timedelta(seconds=self.group_seconds)

    @property
    def only_new(self) -> NewUser | None:
        return self.new_user if self.who_may_join is WhoMayJoin.NEW_USER else None

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
            units_per_seat=self.units_per_seat,
            limits=self.limits,
            who_may_join=self.who_may_join,
            new_user=self.only_new,
            at_expiry=self.at_expiry,
            freight=self.freight,
            shipping=self.shipping,
            pickup_points=self.pickup_points,
            after_order=self.after_order.terms() if self.after_order is not None else None,
        )


class OfferedSku(GoodsShown, kw_only=True):
    """A SKU as users see it."""

    price_fen: int
    leader_price_fen: int | None
    solo_price_fen: int | None

    @classmethod
    def of(cls, sku: GroupBuySku) -> OfferedSku:
        """What a user sees of ``sku``."""
        return cls(
            **sku.shown(sku.price_fen),
            price_fen=sku.price_fen,
            leader_price_fen=sku.leader_price_fen,
            solo_price_fen=sku.solo_price_fen,
        )


class GroupBuyTerms(msgspec.Struct, kw_only=True, tag_field="kind", tag="groupbuy"):
    """The terms of a group-buy as users read them."""

    need: int
    skus: list[OfferedSku]
    group_seconds: int
    pay_window_seconds: int
    units_per_seat: int
    limits: Limits
    who_may_join: str
    new_user: NewUser | None
    at_expiry: str
    freight: Freight
    shipping: Shipping
    pickup_points: list[PickupPoint]
    after_order: AfterOrderTerms | None
    """What a paid order brings beside its goods, while the budget lasts."""


@check("PRICE_BASIS", GroupBuyOffer)
def price_basis(offer: GroupBuyOffer, now: datetime) -> Iterator[Finding]:
    """A comparison price is not below the price, and says where it comes from (rules L8)."""
    for n, sku in enumerate(offer.skus):
        if sku.price_fen > sku.reference_price_fen:
            zh, en = "拼团价高于参考价", "The group price is above the reference price."
            yield Finding("PRICE_BASIS", f"/skus/{n}/price_fen", zh, en)
        if sku.leader_price_fen is not None and sku.leader_price_fen > sku.price_fen:
            zh, en = "团长价高于拼团价", "The leader's price is above the group price."
            yield Finding("PRICE_BASIS", f"/skus/{n}/leader_price_fen", zh, en)
        if sku.solo_price_fen is not None and sku.solo_price_fen < sku.price_fen:
            zh, en = "单独购买价低于拼团价", "The solo price is below the group price."
            yield Finding("PRICE_BASIS", f"/skus/{n}/solo_price_fen", zh, en)
        yield from basis_said(f"/skus/{n}", sku.reference_basis)


@check("GROUP_FITS", GroupBuyOffer)
def group_fits(offer: GroupBuyOffer, now: datetime) -> Iterator[Finding]:
    """There are units for a whole group, and a group's life fits into the campaign's and holds a pay window."""
    if sum(sku.stock for sku in offer.skus) < offer.size * offer.units_per_seat:
        yield Finding("GROUP_FITS", "/skus", "库存不足以成一个团", "The stock does not reach for one group.")
    if offer.units_per_seat > offer.limits.units:
        zh, en = "每人限购件数少于每单件数", "A user may buy fewer units than one seat has."
        yield Finding("GROUP_FITS", "/limits/units", zh, en)
    if timedelta(seconds=offer.group_seconds) > offer.ends_at - offer.starts_at:
        zh, en = "成团时限长于活动时间", "A group would live longer than the campaign."
        yield Finding("GROUP_FITS", "/group_seconds", zh, en)
    if offer.pay_window_seconds > offer.group_seconds:
        zh, en = "支付时限长于成团时限", "The pay window outlives a group."
        yield Finding("GROUP_FITS", "/pay_window_seconds", zh, en)
