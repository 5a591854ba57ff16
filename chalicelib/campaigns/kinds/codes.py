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
from chalicelib.campaigns.gifts import ESCROWS, AsCash, Budget, CouponTerms, Currency, Gift
from chalicelib.campaigns.kinds.coupon import CouponTermsShown, FixedWindow, Validity, terms_fit
from chalicelib.campaigns.offer import Count, Escrow, Goods, GoodsShown, Line, Offer, PricedGoods

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


class WhoMayRedeem(StrEnum):
    """Who may redeem a code; what it brings never depends on it."""

    ANY = "any"
    NEW_USER = "new_user"


class BringsGift(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True, tag_field="kind", tag="gift"):
    """So much balance, points, cash, or a coupon of just the amount."""

    gift: Gift


class BringsCoupon(
    msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True, tag_field="kind", tag="coupon"
):
    """A coupon with terms of its own."""

    coupon: CouponTerms
    validity: Validity


class BringsGoods(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True, tag_field="kind", tag="goods"):
    """One piece of goods, for nothing or for a price: redeeming is ordering it. A unit of stock waits for each code."""

    sku: PricedGoods
    price_fen: Annotated[int, Meta(ge=0, le=100_000_000)] = 0
    pay_seconds: Annotated[int, Meta(ge=300, le=3600)] = 900
    """How long an order waits for its money, before the code is free again."""


class BringsAtCounter(
    msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True, tag_field="kind", tag="counter"
):
    """What the staff hand over; whoever gets it needs no account."""

    title: Line


Brings = BringsGift | BringsCoupon | BringsGoods | BringsAtCounter


class CodesOffer(Offer, forbid_unknown_fields=True, kw_only=True, frozen=True, tag="codes"):
    """A whole campaign of codes."""

    brings: Brings
    total: Annotated[int, Meta(ge=1, le=MOST_CODES)]
    """How many codes there may be, all batches together."""
    budget: Budget | None = None
    """Just what they all come to, where they bring a gift; absent where they do not."""
    funding: Funding = Funding.GIFT
    per_user: Count | None = 1
    """How many of its codes one user may redeem; no bound where absent."""
    who_may_redeem: WhoMayRedeem = WhoMayRedeem.ANY
    new_user: NewUser = NewUser()
    """Who counts as new, where only new users may redeem."""
    undo_minutes: Annotated[int, Meta(ge=0, le=10_080)] = 1440
    """How long after a redemption the merchant may undo it."""

    @property
    def goods(self) -> Sequence[Goods]:
        return (self.brings.sku,) if isinstance(self.brings, BringsGoods) else ()

    @property
    def gives(self) -> Budget | None:
        return self.budget

    @property
    def gift(self) -> Gift | None:
        """What a code gives; None where it brings no gift."""
        return self.brings.gift if isinstance(self.brings, BringsGift) else None

    @property
    def gifts(self) -> Sequence[Gift]:
        return [self.gift] if self.gift is not None else []

    @property
    def unit(self) -> tuple[str, int]:
        """What one code holds until it is redeemed or ends: of which escrow or SKU, and how much of it."""
        if isinstance(self.brings, BringsGoods):
            return self.brings.sku.sku_id, 1
        gift = self.gift
        return (ESCROWS[Currency.CASH], gift.amount) if gift and isinstance(gift.form, AsCash) else (CODES, 1)

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
    def friends_gain(self) -> bool:
        return False

    @property
    def followed_by(self) -> Sequence[str]:
        return ()

    @property
    def dearest_fen(self) -> int:
        return self.brings.price_fen if isinstance(self.brings, BringsGoods) else 0

    @property
    def pay_window_seconds(self) -> int:
        """How long an order of its goods waits for its money; 0 where it brings none."""
        return self.brings.pay_seconds if isinstance(self.brings, BringsGoods) else 0

    @property
    def only_new(self) -> NewUser | None:
        return self.new_user if self.who_may_redeem is WhoMayRedeem.NEW_USER else None

    @property
    def is_worth_money(self) -> bool:
        """Whether a code is worth as much as money is, so that it must be harder to guess."""
        return bool(self.goods) or self.gives_cash or self.funding is Funding.SOLD

    def most_at_once(self, currency: Currency) -> int:
        return self.gift.amount if self.gift is not None and currency is self.gift.currency else 1

    def terms(self) -> CodesTerms:
        """What users read of it."""
        return CodesTerms(
            brings=shown(self.brings),
            per_user=self.per_user,
            who_may_redeem=self.who_may_redeem,
            new_user=self.only_new,
            undo_minutes=self.undo_minutes,
        )


class CouponBrought(msgspec.Struct, kw_only=True, tag_field="kind", tag="coupon"):
    """A coupon that a code brings, as users read it."""

    coupon: CouponTermsShown
    validity: Validity


class GoodsBrought(msgspec.Struct, kw_only=True, tag_field="kind", tag="goods"):
    """Goods that a code brings, as users read them, and what they still cost."""

    sku: GoodsShown
    price_fen: int
    pay_seconds: int


Brought = BringsGift | CouponBrought | GoodsBrought | BringsAtCounter
"""What a code or a word brings, as users read it."""


def shown(brings: Brings) -> Brought:
    """What users read of what a code brings."""
    if isinstance(brings, BringsCoupon):
        return CouponBrought(coupon=CouponTermsShown.of(brings.coupon), validity=brings.validity)
    if isinstance(brings, BringsGoods):
        sku = GoodsShown(**brings.sku.shown(brings.price_fen))
        return GoodsBrought(sku=sku, price_fen=brings.price_fen, pay_seconds=brings.pay_seconds)
    return brings


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
    yield from budget_fits("CODES_FIT", offer.gift, offer.total, offer.budget)
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
    """Codes that are sold bring goods: stored value that is sold needs a filing (rules M1, M2)."""
    if offer.funding is Funding.SOLD and not isinstance(offer.brings, BringsGoods | BringsAtCounter):
        zh = "售出的兑换码只能兑换商品或到店权益，不能是余额、积分、现金或优惠券"
        en = "Codes that are sold bring goods, or what is handed over at the counter, and nothing else."
        yield Finding("SOLD_CODES", "/funding", zh, en)


def budget_fits(name: str, gift: Gift | None, total: int, budget: Budget | None) -> Iterator[Finding]:
    """A budget is just what all gifts come to, and there is none where none is given."""
    funds = dict(budget.parts()) if budget is not None else {}
    if gift is None:
        if funds:
            zh, en = "没有赠送价值，请删除预算", "No value is given here: remove the budget."
            yield Finding(name, "/budget", zh, en)
    elif funds != {gift.currency: total * gift.amount}:
        zh = f"预算须等于总数乘以单份价值：{total * gift.amount}"
        en = f"The budget must be what they all come to, {total * gift.amount}, and nothing else."
        yield Finding(name, f"/budget/{gift.currency.value}", zh, en)


def coupon_fits(name: str, brings: BringsCoupon, ends_at: datetime) -> Iterator[Finding]:
    """A coupon that is brought can be used, also by whoever gets it in the last moment."""
    yield from terms_fit(name, brings.coupon, "/brings")
    validity = brings.validity
    if isinstance(validity, FixedWindow):
        if validity.until <= validity.since:
            zh, en = "使用结束时间早于开始时间", "Its use ends before it starts."
            yield Finding(name, "/brings/validity/until", zh, en)
        elif validity.until < ends_at:
            zh, en = "活动结束前券已过期", "It expires before its campaign ends."
            yield Finding(name, "/brings/validity/until", zh, en)
