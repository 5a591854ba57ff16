"""What a code or a word brings whoever redeems it, and what their documents have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.accounts.newcomer import NewUser
from chalicelib.campaigns.gate import Finding
from chalicelib.campaigns.gifts import BALANCE_FEN, Budget, CouponTerms, Currency, Gift
from chalicelib.campaigns.kinds.coupon import CouponTermsShown, FixedWindow, Validity, terms_fit
from chalicelib.campaigns.offer import GoodsShown, Line, Offer, PricedGoods


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


class BringsPurse(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True, tag_field="kind", tag="purse"):
    """So much value for the wallet of the family of whoever redeems it: given, or bought where codes are sold."""

    fen: Annotated[int, Meta(ge=1, le=BALANCE_FEN)]


Brings = BringsGift | BringsCoupon | BringsGoods | BringsAtCounter | BringsPurse


class Redeemable(Offer, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What is redeemed so many times, each time for the same."""

    brings: Brings
    total: Annotated[int, Meta(ge=1)]
    """How often, by all together."""
    budget: Budget | None = None
    """Just what they all come to, where they bring a gift; absent where they do not."""
    who_may_redeem: WhoMayRedeem = WhoMayRedeem.ANY
    new_user: NewUser = NewUser()
    """Who counts as new, where only new users may redeem."""

    @property
    def gift(self) -> Gift | None:
        """What one redemption gives; None where it brings no gift."""
        return self.brings.gift if isinstance(self.brings, BringsGift) else None

    @property
    def each(self) -> tuple[Currency, int] | None:
        """What of its budget each redemption takes; None where that is nothing."""
        return (self.gift.currency, self.gift.amount) if self.gift is not None else None

    @property
    def gives(self) -> Budget | None:
        return self.budget

    @property
    def gifts(self) -> Sequence[Gift]:
        return [self.gift] if self.gift is not None else []

    @property
    def friends_gain(self) -> bool:
        return False

    @property
    def followed_by(self) -> Sequence[str]:
        return ()

    @property
    def only_new(self) -> NewUser | None:
        return self.new_user if self.who_may_redeem is WhoMayRedeem.NEW_USER else None

    def most_at_once(self, currency: Currency) -> int:
        return self.gift.amount if self.gift is not None and currency is self.gift.currency else 1


class CouponBrought(msgspec.Struct, kw_only=True, tag_field="kind", tag="coupon"):
    """A coupon that a code brings, as users read it."""

    coupon: CouponTermsShown
    validity: Validity


class GoodsBrought(msgspec.Struct, kw_only=True, tag_field="kind", tag="goods"):
    """Goods that a code brings, as users read them, and what they still cost."""

    sku: GoodsShown
    price_fen: int
    pay_seconds: int


Brought = BringsGift | CouponBrought | GoodsBrought | BringsAtCounter | BringsPurse
"""What a code or a word brings, as users read it."""


def shown(brings: Brings) -> Brought:
    """What users read of what a code brings."""
    if isinstance(brings, BringsCoupon):
        return CouponBrought(coupon=CouponTermsShown.of(brings.coupon), validity=brings.validity)
    if isinstance(brings, BringsGoods):
        sku = GoodsShown(**brings.sku.shown(brings.price_fen))
        return GoodsBrought(sku=sku, price_fen=brings.price_fen, pay_seconds=brings.pay_seconds)
    return brings


def budget_fits(name: str, offer: Redeemable) -> Iterator[Finding]:
    """A budget is just what all redemptions take, and there is none where they take nothing."""
    funds = dict(offer.budget.parts()) if offer.budget is not None else {}
    if offer.each is None:
        if funds:
            zh, en = "没有赠送价值，请删除预算", "No value is given here: remove the budget."
            yield Finding(name, "/budget", zh, en)
        return
    currency, amount = offer.each
    if funds != {currency: offer.total * amount}:
        zh = f"预算须等于总数乘以单份价值：{offer.total * amount}"
        en = f"The budget must be what they all come to, {offer.total * amount}, and nothing else."
        yield Finding(name, f"/budget/{currency.value}", zh, en)


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
