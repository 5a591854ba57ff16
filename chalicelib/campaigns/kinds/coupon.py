"""The document of a coupon template, a campaign whose units are coupons: its checks, its terms as users read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.accounts.newcomer import NewUser
from chalicelib.campaigns.copy_lint import folded
from chalicelib.campaigns.gate import Finding, check
from chalicelib.campaigns.gifts import Amount, CouponTerms, Days, Off, PercentOff, Scope
from chalicelib.campaigns.offer import Count, Escrow, Instant, Offer
from chalicelib.core.money import Saving, saving

COUPONS = "~coupons"
"""The escrow of a template's coupons: one unit each."""

LAST_USE = timedelta(days=366)
"""For how long after its campaign's end a coupon of a fixed window may be good."""


class WhoMayClaim(StrEnum):
    """Who may take a coupon himself; the merchant may give one to anybody."""

    ANY = "any"
    NEW_USER = "new_user"


class Every(StrEnum):
    """How far apart the pieces of a coupon in instalments begin."""

    WEEK = "week"
    MONTH = "month"


class FixedWindow(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True, tag_field="kind", tag="fixed"):
    """Good for everybody from the same instant, and before the same other."""

    since: Instant
    until: Instant


class AfterClaim(
    msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True, tag_field="kind", tag="after_claim"
):
    """Good for so many days, from its claim on or some days later."""

    days: Days
    starts_after_days: Annotated[int, Meta(ge=0, le=90)] = 0


Validity = FixedWindow | AfterClaim


class Instalments(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """One coupon in several pieces: the first at once, each later one a week or a month after the one before."""

    pieces: Annotated[int, Meta(ge=2, le=12)]
    every: Every = Every.MONTH


class CouponOffer(Offer, forbid_unknown_fields=True, kw_only=True, frozen=True, tag="coupon"):
    """A coupon template: what each coupon says, how many there are, and who gets them."""

    coupon: CouponTerms
    """What a coupon says; in instalments what each piece says."""
    validity: Validity
    """When it may be used; in instalments when the first piece may."""
    instalments: Instalments | None = None
    total: Annotated[int, Meta(ge=1, le=1_000_000)]
    """How many there are, claimed and given together."""
    per_user: Count = 1
    """How many one user may claim."""
    per_user_a_day: Count | None = None
    """How many of them on one of the merchant's days; no bound of its own where absent."""
    who_may_claim: WhoMayClaim = WhoMayClaim.ANY
    new_user: NewUser = NewUser()
    """Who counts as new, where only new users may claim."""
    claimable: bool = True
    """Whether users may claim it themselves; otherwise it is only given by the merchant."""
    price_points: Amount | None = None
    """What a claim costs in points; nothing where absent."""

    @property
    def escrows(self) -> Sequence[Escrow]:
        return (Escrow(COUPONS, self.total, 1),)

    @property
    def only_new(self) -> NewUser | None:
        return self.new_user if self.who_may_claim is WhoMayClaim.NEW_USER else None

    def terms(self) -> ClaimTerms:
        """What users read of it."""
        return ClaimTerms(
            coupon=CouponTermsShown.of(self.coupon),
            validity=self.validity,
            instalments=self.instalments,
            total=self.total,
            per_user=self.per_user,
            per_user_a_day=self.per_user_a_day,
            who_may_claim=self.who_may_claim,
            new_user=self.only_new,
            claimable=self.claimable,
            price_points=self.price_points,
        )


class CouponTermsShown(msgspec.Struct, kw_only=True):
    """What a coupon says, as users read it."""

    title: str
    off: Off
    threshold_fen: int
    scope: Scope
    stackable: bool
    family: bool
    saving: Saving | None
    """What it takes off of goods that just reach its threshold, and which figure to show; none without a threshold."""

    @classmethod
    def of(cls, terms: CouponTerms) -> CouponTermsShown:
        """What a user sees of ``terms``."""
        least = terms.threshold_fen
        return cls(
            title=terms.title,
            off=terms.off,
            threshold_fen=least,
            scope=terms.scope,
            stackable=terms.stackable,
            family=terms.family,
            saving=saving(least - off_fen(terms.off, least), least) if least else None,
        )


class ClaimTerms(msgspec.Struct, kw_only=True, tag_field="kind", tag="coupon"):
    """The terms of a coupon template as users read them."""

    coupon: CouponTermsShown
    validity: Validity
    instalments: Instalments | None
    total: int
    per_user: int
    per_user_a_day: int | None
    who_may_claim: str
    new_user: NewUser | None
    claimable: bool
    price_points: int | None


def off_fen(off: Off, goods_fen: int) -> int:
    """What is taken off of goods that cost so much: a percentage rounded down, never more than its cap or the goods."""
    wanted = goods_fen * off.percent // 100 if isinstance(off, PercentOff) else off.fen
    return min(wanted, off.most_fen, goods_fen)


@check("COUPON_FITS", CouponOffer)
def coupon_fits(offer: CouponOffer, now: datetime) -> Iterator[Finding]:
    """A coupon can be used by whoever gets it, takes off what it says, and its limits fit into one another."""
    yield from terms_fit("COUPON_FITS", offer.coupon)
    yield from _windows_fit(offer)
    if offer.per_user > offer.total:
        zh, en = "每人限领数大于总量", "One user may claim more than there are."
        yield Finding("COUPON_FITS", "/per_user", zh, en)
    if offer.per_user_a_day is not None and offer.per_user_a_day > offer.per_user:
        zh, en = "每人每日限领数大于每人限领数", "One user may claim more on a day than altogether."
        yield Finding("COUPON_FITS", "/per_user_a_day", zh, en)
    if offer.price_points is not None and not offer.claimable:
        zh, en = "仅由商家发放的券不能收取积分", "What is only given costs no points."
        yield Finding("COUPON_FITS", "/price_points", zh, en)


def terms_fit(name: str, terms: CouponTerms, place: str = "") -> Iterator[Finding]:
    """It has a name, and at its threshold it takes off what it promises; ``place`` is where its terms stand."""
    if not folded(terms.title):
        yield Finding(name, f"{place}/coupon/title", "名称不能为空白", "A name has no letter in it.")
    off, least = terms.off, terms.threshold_fen
    if isinstance(off, PercentOff):
        if off.most_fen * 100 < off.percent * least:
            zh = "达到使用门槛时优惠已超过封顶金额，标示的折扣永远不能兑现"
            en = "At its threshold the cap is below the percentage, which is therefore never given."
            yield Finding(name, f"{place}/coupon/off/most_fen", zh, en)
    elif 0 < least < off.fen:
        zh, en = "使用门槛低于券面金额", "The threshold is below the amount that is taken off."
        yield Finding(name, f"{place}/coupon/threshold_fen", zh, en)


def _windows_fit(offer: CouponOffer) -> Iterator[Finding]:
    """Whoever claims in the last moment can still use it, and no piece of instalments is without a time."""
    validity = offer.validity
    if isinstance(validity, FixedWindow):
        if validity.until <= validity.since:
            zh, en = "使用结束时间早于开始时间", "Its use ends before it starts."
            yield Finding("COUPON_FITS", "/validity/until", zh, en)
        elif validity.until < offer.ends_at:
            zh, en = "活动结束前券已过期", "It expires before its campaign ends."
            yield Finding("COUPON_FITS", "/validity/until", zh, en)
        elif validity.until > offer.ends_at + LAST_USE:
            zh, en = "活动结束一年后仍可使用，请缩短", "It may be used for more than a year after its campaign."
            yield Finding("COUPON_FITS", "/validity/until", zh, en)
    if offer.instalments is None:
        return
    if isinstance(validity, FixedWindow):
        zh, en = "分期券须按领取后天数计算有效期", "Instalments are counted from the claim, not from a fixed day."
        yield Finding("COUPON_FITS", "/validity/kind", zh, en)
    elif validity.starts_after_days:
        zh, en = "分期券的第一张领取后即可使用", "The first piece of instalments is good at once."
        yield Finding("COUPON_FITS", "/validity/starts_after_days", zh, en)
