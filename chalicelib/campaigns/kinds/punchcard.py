"""The document of a campaign of punch cards: so many units of a service, bought now and used one by one; its terms.

A card is value that is spent later, so that its merchant must have filed it (`WALLET_KIND`); it never expires.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.campaigns.checks import basis_said
from chalicelib.campaigns.gate import Finding, check
from chalicelib.campaigns.gifts import AfterOrderTerms
from chalicelib.campaigns.kinds.topup import AT_ONCE
from chalicelib.campaigns.offer import Fulfilment, Goods, GoodsShown, Offer, Prepaid, PricedGoods
from chalicelib.core.money import PriceFen

Units = Annotated[int, Meta(ge=2, le=100)]
"""Of the service, on one card."""


class PunchCard(PricedGoods, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A card of so many units of one service."""

    fulfilment: Fulfilment = Fulfilment.VIRTUAL
    """There is nothing to send: it is its family's as soon as it is paid."""
    units: Units
    price_fen: PriceFen
    """Of the whole card; compared with what its units cost one by one."""


class PunchCardOffer(Offer, forbid_unknown_fields=True, kw_only=True, frozen=True, tag="punchcard"):
    """A whole campaign of punch cards."""

    skus: Annotated[list[PunchCard], Meta(min_length=1, max_length=8)]
    pay_window_seconds: Annotated[int, Meta(ge=180, le=7200)] = 900
    """How long an order waits for its money."""

    @property
    def goods(self) -> Sequence[Goods]:
        return self.skus

    @property
    def dearest_fen(self) -> int:
        return max(sku.price_fen for sku in self.skus)

    @property
    def prepaid(self) -> Sequence[Prepaid]:
        return [Prepaid(f"/skus/{n}/price_fen", sku.price_fen) for n, sku in enumerate(self.skus)]

    @property
    def followed_by(self) -> Sequence[str]:
        return (AT_ONCE, *super().followed_by)

    def terms(self) -> PunchCardTerms:
        """What users read of it."""
        return PunchCardTerms(
            skus=[CardOffered.of(sku) for sku in self.skus],
            pay_window_seconds=self.pay_window_seconds,
            after_order=self.after_order.terms() if self.after_order is not None else None,
        )


class CardOffered(GoodsShown, kw_only=True):
    """A card as users see it before they buy it."""

    units: int
    price_fen: int

    @classmethod
    def of(cls, sku: PunchCard) -> CardOffered:
        """What a user sees of ``sku``."""
        return cls(**sku.shown(sku.price_fen), units=sku.units, price_fen=sku.price_fen)


class PunchCardTerms(msgspec.Struct, kw_only=True, tag_field="kind", tag="punchcard"):
    """The terms of a campaign of punch cards as users read them; the merchant's own stand in the quote."""

    skus: list[CardOffered]
    pay_window_seconds: int
    after_order: AfterOrderTerms | None
    """What a paid order brings beside its card, while the budget lasts."""


@check("PRICE_BASIS", PunchCardOffer)
def price_basis(offer: PunchCardOffer, now: datetime) -> Iterator[Finding]:
    """A comparison price is not below the price, and says where it comes from (rules L8)."""
    for n, sku in enumerate(offer.skus):
        if sku.price_fen > sku.reference_price_fen:
            zh, en = "次卡价高于参考价", "The card's price is above the reference price."
            yield Finding("PRICE_BASIS", f"/skus/{n}/price_fen", zh, en)
        yield from basis_said(f"/skus/{n}", sku.reference_basis)


@check("PUNCHCARD_FITS", PunchCardOffer)
def punchcard_fits(offer: PunchCardOffer, now: datetime) -> Iterator[Finding]:
    """A card is sent to nobody, and each of its units costs something."""
    for n, sku in enumerate(offer.skus):
        if sku.fulfilment is not Fulfilment.VIRTUAL:
            zh, en = (
                "次卡购买后立即生效，履约方式须为 virtual",
                "A card is there as soon as it is paid: make it virtual.",
            )
            yield Finding("PUNCHCARD_FITS", f"/skus/{n}/fulfilment", zh, en)
        if sku.price_fen < sku.units:
            zh, en = (
                "平均每次不足 1 分，未用次数无法退款",
                "A unit costs less than a fen: nothing could go back for it.",
            )
            yield Finding("PUNCHCARD_FITS", f"/skus/{n}/price_fen", zh, en)
