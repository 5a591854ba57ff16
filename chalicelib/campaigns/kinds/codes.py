"""The document of a campaign of text codes: what each code brings, to whom, and for how long; its checks and terms.

Codes are minted under it in batches. A code is good for one redemption, whoever holds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.accounts.newcomer import NewUser
from chalicelib.campaigns.checks import basis_said
from chalicelib.campaigns.copy_lint import folded
from chalicelib.campaigns.gate import Finding, check
from chalicelib.campaigns.gifts import ESCROWS, AsCash, Currency
from chalicelib.campaigns.kinds.brings import (
    BringsAtCounter,
    BringsCoupon,
    BringsGoods,
    BringsPurse,
    Brought,
    Redeemable,
    budget_fits,
    coupon_fits,
    shown,
)
from chalicelib.campaigns.offer import Count, Escrow, Goods, Prepaid

CODES = "~codes"
"""The escrow of a campaign's codes: one unit each."""

MOST_CODES = 10_000_000
"""Codes of one campaign, all of its batches together."""


class Funding(StrEnum):
    """Who pays for what codes bring."""

    GIFT = "gift"
    """The merchant: what is not used goes back to him."""
    SOLD = "sold"
    """Whoever bought the codes: they do not end, and one that is revoked is owed for."""


class CodesOffer(Redeemable, forbid_unknown_fields=True, kw_only=True, frozen=True, tag="codes"):
    """A whole campaign of codes."""

    total: Annotated[int, Meta(ge=1, le=MOST_CODES)]
    """How many codes there may be, all batches together."""
    funding: Funding = Funding.GIFT
    per_user: Count | None = 1
    """How many of its codes one user may redeem; no bound where absent."""
    undo_minutes: Annotated[int, Meta(ge=0, le=10_080)] = 1440
    """How long after a redemption the merchant may undo it."""

    @property
    def goods(self) -> Sequence[Goods]:
        return (self.brings.sku,) if isinstance(self.brings, BringsGoods) else ()

    @property
    def unit(self) -> tuple[str, int]:
        """What one code holds until it is redeemed or ends: of which escrow or SKU, and how much of it."""
        if isinstance(self.brings, BringsGoods):
            return self.brings.sku.sku_id, 1
        gift = self.gift
        return (ESCROWS[Currency.CASH], gift.amount) if gift and isinstance(gift.form, AsCash) else (CODES, 1)

    @property
    def each(self) -> tuple[Currency, int] | None:
        if isinstance(self.brings, BringsPurse):
            return (Currency.FEN, self.brings.fen) if self.funding is Funding.GIFT else None
        return super().each

    @property
    def prepaid(self) -> Sequence[Prepaid]:
        if self.funding is Funding.SOLD and isinstance(self.brings, BringsPurse):
            return [Prepaid("/brings/fen", self.brings.fen)]
        return ()

    @property
    def escrows(self) -> Sequence[Escrow]:
        name, units = self.unit
        # One shard: only minting and what ends unused touch it.
        return () if self.goods else (Escrow(name, self.total * units, self.total * units),)

    @property
    def watched(self) -> bool:
        # Its merchant draws on them himself, a batch at a time.
        return False

    @property
    def units_at_once(self) -> int:
        return self.total

    @property
    def dearest_fen(self) -> int:
        return self.brings.price_fen if isinstance(self.brings, BringsGoods) else 0

    @property
    def pay_window_seconds(self) -> int:
        """How long an order of its goods waits for its money; 0 where it brings none."""
        return self.brings.pay_seconds if isinstance(self.brings, BringsGoods) else 0

    @property
    def is_worth_money(self) -> bool:
        """Whether a code is worth as much as money is, so that it must be harder to guess."""
        return bool(self.goods) or self.gives_cash or self.funding is Funding.SOLD

    def terms(self) -> CodesTerms:
        """What users read of it."""
        return CodesTerms(
            brings=shown(self.brings),
            per_user=self.per_user,
            who_may_redeem=self.who_may_redeem,
            new_user=self.only_new,
            undo_minutes=self.undo_minutes,
        )


class CodesTerms(msgspec.Struct, kw_only=True, tag_field="kind", tag="codes"):
    """The terms of a campaign of codes as users read them; how many codes there are is nobody's business."""

    brings: Brought
    per_user: int | None
    who_may_redeem: str
    new_user: NewUser | None
    undo_minutes: int


@check("CODES_FIT", CodesOffer)
def codes_fit(offer: CodesOffer, now: datetime) -> Iterator[Finding]:
    """What codes bring is there for each of them, and can be had by whoever redeems in the last moment."""
    yield from budget_fits("CODES_FIT", offer)
    if isinstance(offer.brings, BringsCoupon):
        yield from coupon_fits("CODES_FIT", offer.brings, offer.ends_at)
    if isinstance(offer.brings, BringsAtCounter) and not folded(offer.brings.title):
        yield Finding("CODES_FIT", "/brings/title", "名称不能为空白", "A name has no letter in it.")
    if isinstance(offer.brings, BringsGoods) and offer.brings.sku.stock != offer.total:
        zh, en = f"库存须等于兑换码总数：{offer.total}", f"Its stock must be one for each code: {offer.total}."
        yield Finding("CODES_FIT", "/brings/sku/stock", zh, en)
    if offer.per_user is not None and offer.per_user > offer.total:
        zh, en = "每人限兑数大于总数", "One user may redeem more than there are."
        yield Finding("CODES_FIT", "/per_user", zh, en)


@check("PRICE_BASIS", CodesOffer)
def price_basis(offer: CodesOffer, now: datetime) -> Iterator[Finding]:
    """The price with which goods are compared is not below theirs, and says where it comes from (rules L8)."""
    if not isinstance(offer.brings, BringsGoods):
        return
    sku = offer.brings.sku
    if offer.brings.price_fen > sku.reference_price_fen:
        zh, en = "兑换价高于参考价", "The price is above the reference price."
        yield Finding("PRICE_BASIS", "/brings/price_fen", zh, en)
    yield from basis_said("/brings/sku", sku.reference_basis)


@check("SOLD_CODES", CodesOffer)
def sold_codes(offer: CodesOffer, now: datetime) -> Iterator[Finding]:
    """Codes that are sold bring goods, or value for a family's wallet, which needs a filing (rules M1, M2)."""
    if offer.funding is Funding.SOLD and not isinstance(offer.brings, BringsGoods | BringsAtCounter | BringsPurse):
        zh = "售出的兑换码只能兑换商品、到店权益或家庭钱包储值，不能是余额、积分、现金或优惠券"
        en = "Codes that are sold bring goods, what is handed over at the counter, or value for a family's wallet."
        yield Finding("SOLD_CODES", "/funding", zh, en)
