"""The document of a bargain campaign, its own publish checks, and its terms as users read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.accounts.newcomer import NewUser
from chalicelib.campaigns.gate import Finding, check
from chalicelib.campaigns.offer import Count, Escrow, Goods, Offer
from chalicelib.campaigns.pickup import PickupPoint
from chalicelib.campaigns.shipping import Freight, Shipping
from chalicelib.core.money import PriceFen, Saving, saving

BUDGET = "~budget"
"""The escrow of the discounts that all bargains of a campaign may give together, in fen."""


class Split(StrEnum):
    """How the whole cut is split over the helpers: all alike, or the earlier the more."""

    EQUAL = "equal"
    FALLING = "falling"
    """Each a little less than the one before."""
    FRONT_LOADED = "front_loaded"
    """The first one half, the others share the rest."""


class Reserve(StrEnum):
    """When a unit is taken from stock."""

    START = "start"
    ORDER = "order"
    """Whoever comes to buy may find nothing left, which every page says before."""


class WhoMayHelp(StrEnum):
    """Who may help; how much a help cuts never depends on it."""

    ANY = "any"
    NEW_USER = "new_user"


class BargainSku(Goods, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """One thing that can be bargained for."""

    start_price_fen: PriceFen
    floor_price_fen: PriceFen
    reference_price_fen: PriceFen
    """The price it is compared with; lawful only with its basis (rules L8)."""
    reference_basis: Annotated[str, Meta(min_length=1, max_length=200)]

    @property
    def cut_fen(self) -> int:
        """The whole cut, from the start price to the floor."""
        return self.start_price_fen - self.floor_price_fen


class BargainLimits(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What one user may do in a campaign; each is counted by itself."""

    starts: Count = 3
    """Bargains started."""
    active: Count = 1
    """Bargains of his that are not over, at once."""
    helps: Count = 3
    """Helps to others."""
    helps_a_day: Count = 3
    """Helps to others on one of the merchant's days."""


class BargainOffer(Offer, forbid_unknown_fields=True, kw_only=True, frozen=True, tag="bargain"):
    """A whole bargain campaign: how many helpers it takes and what each of them cuts is fixed and told beforehand."""

    skus: Annotated[list[BargainSku], Meta(min_length=1, max_length=8)]
    cuts: Annotated[int, Meta(ge=2, le=20)]
    """Into how many parts the whole cut is split; with ``self_cut`` the first is the bargainer's own."""
    split: Split = Split.EQUAL
    self_cut: bool = False
    early_purchase: bool = False
    """Whether it may be bought before the floor, at the price so far."""
    bargain_seconds: Annotated[int, Meta(ge=1800, le=7 * 86_400)] = 86_400
    claim_seconds: Annotated[int, Meta(ge=1800, le=7 * 86_400)] = 86_400
    """For how long it may be bought at the floor."""
    pay_window_seconds: Annotated[int, Meta(ge=180, le=7200)] = 900
    reserve: Reserve = Reserve.START
    who_may_help: WhoMayHelp = WhoMayHelp.ANY
    new_user: NewUser = NewUser()
    """Who counts as new, where only new users may help."""
    limits: BargainLimits = BargainLimits()
    budget_fen: Annotated[int, Meta(ge=1, le=10_000_000_000)] | None = None
    """What all cuts together may come to; no bound where absent."""
    held_helps_pass_after_seconds: Annotated[int, Meta(ge=600, le=86_400)] = 7200
    """When a help that waits for the merchant is approved by itself; ten minutes before the end at the latest."""

    @property
    def goods(self) -> Sequence[Goods]:
        return self.skus

    @property
    def escrows(self) -> Sequence[Escrow]:
        if self.budget_fen is None:
            return ()
        return (Escrow(BUDGET, self.budget_fen, max(sku.cut_fen for sku in self.skus)),)

    @property
    def dearest_fen(self) -> int:
        return max(sku.start_price_fen for sku in self.skus)

    def terms(self) -> BargainTerms:
        """What users read of it."""
        return BargainTerms(
            cuts=self.cuts,
            helpers_needed=self.cuts - self.self_cut,
            split=self.split,
            self_cut=self.self_cut,
            early_purchase=self.early_purchase,
            skus=[BargainedSku.of(sku) for sku in self.skus],
            bargain_seconds=self.bargain_seconds,
            claim_seconds=self.claim_seconds,
            pay_window_seconds=self.pay_window_seconds,
            reserve=self.reserve,
            who_may_help=self.who_may_help,
            new_user=self.new_user if self.who_may_help is WhoMayHelp.NEW_USER else None,
            limits=self.limits,
            held_helps_pass_after_seconds=self.held_helps_pass_after_seconds,
            freight=self.freight,
            shipping=self.shipping,
            pickup_points=self.pickup_points,
        )


class BargainedSku(msgspec.Struct, kw_only=True):
    """A SKU as users see it."""

    sku_id: str
    title: str
    fulfilment: str
    start_price_fen: int
    floor_price_fen: int
    reference_price_fen: int
    reference_basis: str
    image_url: str | None
    saving: Saving

    @classmethod
    def of(cls, sku: BargainSku) -> BargainedSku:
        """What a user sees of ``sku``: neither its stock nor the shop's own number."""
        return cls(
            sku_id=sku.sku_id,
            title=sku.title,
            fulfilment=sku.fulfilment.value,
            start_price_fen=sku.start_price_fen,
            floor_price_fen=sku.floor_price_fen,
            reference_price_fen=sku.reference_price_fen,
            reference_basis=sku.reference_basis,
            image_url=sku.image_url,
            saving=saving(sku.floor_price_fen, sku.reference_price_fen),
        )


class BargainTerms(msgspec.Struct, kw_only=True, tag_field="kind", tag="bargain"):
    """The terms of a bargain as users read them."""

    cuts: int
    helpers_needed: int
    split: str
    self_cut: bool
    early_purchase: bool
    skus: list[BargainedSku]
    bargain_seconds: int
    claim_seconds: int
    pay_window_seconds: int
    reserve: str
    who_may_help: str
    new_user: NewUser | None
    limits: BargainLimits
    held_helps_pass_after_seconds: int
    freight: Freight
    shipping: Shipping
    pickup_points: list[PickupPoint]


@check("BARGAIN_FITS", BargainOffer)
def bargain_fits(offer: BargainOffer, now: datetime) -> Finding | None:
    """Every cut is a fen at least, and a bargain's life fits into the campaign's."""
    for n, sku in enumerate(offer.skus):
        if sku.start_price_fen - sku.floor_price_fen < offer.cuts:
            zh, en = "起始价与底价之差不足以每刀至少 1 分", "The whole cut does not reach for a fen a part."
            return Finding("BARGAIN_FITS", f"/skus/{n}/floor_price_fen", zh, en)
        if offer.budget_fen is not None and offer.budget_fen < sku.start_price_fen - sku.floor_price_fen:
            zh, en = "优惠预算不足以完成一次砍价", "The budget does not reach for one bargain."
            return Finding("BARGAIN_FITS", "/budget_fen", zh, en)
    if timedelta(seconds=offer.bargain_seconds) > offer.ends_at - offer.starts_at:
        zh, en = "砍价时限长于活动时间", "A bargain would live longer than the campaign."
        return Finding("BARGAIN_FITS", "/bargain_seconds", zh, en)
    if offer.pay_window_seconds > offer.claim_seconds:
        zh, en = "支付时限长于领取时限", "The pay window outlives the claim window."
        return Finding("BARGAIN_FITS", "/pay_window_seconds", zh, en)
    return None
