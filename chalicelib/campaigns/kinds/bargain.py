"""The document of a bargain campaign, its own publish checks, and its terms as users read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.accounts.newcomer import NewUser
from chalicelib.campaigns import words
from chalicelib.campaigns.checks import basis_said
from chalicelib.campaigns.copy_lint import said
from chalicelib.campaigns.disclosure import names_helpers
from chalicelib.campaigns.gate import Finding, check
from chalicelib.campaigns.gifts import AfterOrderTerms
from chalicelib.campaigns.kinds.slots import Split, slots
from chalicelib.campaigns.offer import Count, Escrow, Goods, GoodsShown, Offer, PricedGoods
from chalicelib.campaigns.pickup import PickupPoint
from chalicelib.campaigns.shipping import Freight, Shipping
from chalicelib.core.money import PriceFen

BUDGET = "~budget"
"""The escrow of the discounts that all bargains of a campaign may give together, in fen."""


class Reserve(StrEnum):
    """When a unit is taken from stock."""

    START = "start"
    ORDER = "order"
    """Whoever comes to buy may find nothing left, which every page says before."""


class WhoMayHelp(StrEnum):
    """Who may help; how much a help cuts never depends on it."""

    ANY = "any"
    NEW_USER = "new_user"


class BargainSku(PricedGoods, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """One thing that can be bargained for."""

    start_price_fen: PriceFen
    floor_price_fen: PriceFen

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
        given = super().escrows
        if self.budget_fen is None:
            return given
        return (*given, Escrow(BUDGET, self.budget_fen, max(sku.cut_fen for sku in self.skus)))

    @property
    def dearest_fen(self) -> int:
        return max(sku.start_price_fen for sku in self.skus)

    @property
    def only_new(self) -> NewUser | None:
        return self.new_user if self.who_may_help is WhoMayHelp.NEW_USER else None

    @property
    def helpers_needed(self) -> int:
        """How many friends it takes to get to the floor."""
        return self.cuts - self.self_cut

    def terms(self) -> BargainTerms:
        """What users read of it."""
        return BargainTerms(
            cuts=self.cuts,
            helpers_needed=self.helpers_needed,
            split=self.split,
            self_cut=self.self_cut,
            early_purchase=self.early_purchase,
            skus=[BargainedSku.of(sku) for sku in self.skus],
            bargain_seconds=self.bargain_seconds,
            claim_seconds=self.claim_seconds,
            pay_window_seconds=self.pay_window_seconds,
            reserve=self.reserve,
            who_may_help=self.who_may_help,
            new_user=self.only_new,
            limits=self.limits,
            held_helps_pass_after_seconds=self.held_helps_pass_after_seconds,
            freight=self.freight,
            shipping=self.shipping,
            pickup_points=self.pickup_points,
            after_order=self.after_order.terms() if self.after_order is not None else None,
        )


class BargainedSku(GoodsShown, kw_only=True):
    """A SKU as users see it."""

    start_price_fen: int
    floor_price_fen: int

    @classmethod
    def of(cls, sku: BargainSku) -> BargainedSku:
        """What a user sees of ``sku``."""
        shown = sku.shown(sku.floor_price_fen)
        return cls(**shown, start_price_fen=sku.start_price_fen, floor_price_fen=sku.floor_price_fen)


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
    after_order: AfterOrderTerms | None
    """What a paid order brings beside its goods, while the budget lasts."""


@check("PRICE_BASIS", BargainOffer)
def price_basis(offer: BargainOffer, now: datetime) -> Iterator[Finding]:
    """The floor is below the start, and that not above the price of comparison, which has a basis (rules L8)."""
    for n, sku in enumerate(offer.skus):
        if sku.start_price_fen > sku.reference_price_fen:
            zh, en = "起始价高于参考价", "The start price is above the reference price."
            yield Finding("PRICE_BASIS", f"/skus/{n}/start_price_fen", zh, en)
        if sku.floor_price_fen >= sku.start_price_fen:
            zh, en = "底价须低于起始价", "The floor price is not below the start price."
            yield Finding("PRICE_BASIS", f"/skus/{n}/floor_price_fen", zh, en)
        yield from basis_said(f"/skus/{n}", sku.reference_basis)


@check("BARGAIN_DETERMINISTIC", BargainOffer)
def bargain_deterministic(offer: BargainOffer, now: datetime) -> Iterator[Finding]:
    """What each help cuts can be told for every SKU beforehand, and no text promises anything else (rules W6)."""
    for n, sku in enumerate(offer.skus):
        cut = sku.start_price_fen - sku.floor_price_fen
        if cut <= 0:
            continue
        try:
            slots(cut, offer.cuts, offer.split)
        except ValueError:
            zh = f"起始价与底价之差不足以分成 {offer.cuts} 刀，每刀至少 1 分"
            en = f"The whole cut does not reach for {offer.cuts} parts of a fen at least."
            yield Finding("BARGAIN_DETERMINISTIC", f"/skus/{n}/floor_price_fen", zh, en)
    yield from said("BARGAIN_DETERMINISTIC", offer, words.RANDOM)


@check("HELPERS_DISCLOSED", BargainOffer)
def helpers_disclosed(offer: BargainOffer, now: datetime) -> Iterator[Finding]:
    """The rule sheet tells how many friends it takes (rules W6)."""
    need, sheet = offer.helpers_needed, offer.rule_sheet
    if not any(names_helpers(text, need) for text in (sheet.rules_text, sheet.eligibility, sheet.result)):
        zh = f"规则说明须写明所需的助力人数，例如“邀请 {need} 位好友帮砍”"
        en = f'The rules must tell how many friends it takes, for instance "{need} friends".'
        yield Finding("HELPERS_DISCLOSED", "/rule_sheet/rules_text", zh, en)


@check("BARGAIN_FITS", BargainOffer)
def bargain_fits(offer: BargainOffer, now: datetime) -> Iterator[Finding]:
    """The budget reaches for a bargain, whose life fits into the campaign's and holds a pay window."""
    dearest = max(sku.start_price_fen - sku.floor_price_fen for sku in offer.skus)
    if offer.budget_fen is not None and offer.budget_fen < dearest:
        zh, en = "优惠预算不足以完成一次砍价", "The budget does not reach for one bargain."
        yield Finding("BARGAIN_FITS", "/budget_fen", zh, en)
    if timedelta(seconds=offer.bargain_seconds) > offer.ends_at - offer.starts_at:
        zh, en = "砍价时限长于活动时间", "A bargain would live longer than the campaign."
        yield Finding("BARGAIN_FITS", "/bargain_seconds", zh, en)
    if offer.pay_window_seconds > offer.claim_seconds:
        zh, en = "支付时限长于领取时限", "The pay window outlives the claim window."
        yield Finding("BARGAIN_FITS", "/pay_window_seconds", zh, en)
