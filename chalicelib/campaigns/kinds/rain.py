"""The document of a red-packet rain (红包雨), its own publish checks, and its terms as users read them.

At announced times there are so many gifts of an announced amount each: whoever taps first gets one, and all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.accounts.newcomer import NewUser
from chalicelib.campaigns.gate import Finding, check
from chalicelib.campaigns.gifts import Amount, Budget, Currency, Gift, Shared, currency_of
from chalicelib.campaigns.offer import Count, Escrow, Instant, Offer


class WhoMayClaim(StrEnum):
    """Who may claim; how much it is never depends on it."""

    ANY = "any"
    NEW_USER = "new_user"


class Burst(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """So many gifts of one amount, for so long."""

    at: Instant
    seconds: Annotated[int, Meta(ge=10, le=3600)]
    count: Annotated[int, Meta(ge=1, le=1_000_000)]
    amount: Amount

    @property
    def until(self) -> datetime:
        """The last instant of it."""
        return self.at + timedelta(seconds=self.seconds)

    @property
    def total(self) -> int:
        """What all of its gifts come to."""
        return self.count * self.amount


class RainOffer(Offer, forbid_unknown_fields=True, kw_only=True, frozen=True, tag="rain"):
    """A whole rain: no burst overlaps another, and one person gets one gift of each at most."""

    bursts: Annotated[list[Burst], Meta(min_length=1, max_length=24)]
    form: Shared
    budget: Budget
    """Just what all bursts come to."""
    who_may_claim: WhoMayClaim = WhoMayClaim.ANY
    new_user: NewUser = NewUser()
    """Who counts as new, where only new users may claim."""
    bursts_each: Count | None = None
    """Of how many bursts one person may claim; of all where absent."""

    @property
    def gives(self) -> Budget | None:
        return self.budget

    @property
    def gifts(self) -> Sequence[Gift]:
        return [self.gift(number) for number in range(1, len(self.bursts) + 1)]

    @property
    def escrows(self) -> Sequence[Escrow]:
        return [Escrow(escrow(n), burst.count, 1) for n, burst in enumerate(self.bursts, 1)]

    @property
    def friends_gain(self) -> bool:
        return False

    @property
    def followed_by(self) -> Sequence[str]:
        return ()

    @property
    def only_new(self) -> NewUser | None:
        return self.new_user if self.who_may_claim is WhoMayClaim.NEW_USER else None

    def most_at_once(self, currency: Currency) -> int:
        return max(burst.amount for burst in self.bursts) if currency is currency_of(self.form) else 1

    def gift(self, number: int) -> Gift:
        """What everybody gets who claims of the burst of that number, from 1 on."""
        return Gift(amount=self.bursts[number - 1].amount, form=self.form)

    def terms(self) -> RainTerms:
        """What users read of it."""
        return RainTerms(
            bursts=self.bursts,
            form=self.form,
            who_may_claim=self.who_may_claim,
            new_user=self.only_new,
            bursts_each=self.bursts_each,
        )


def escrow(number: int) -> str:
    """What the gifts of a burst are called among the campaign's escrows."""
    return f"~burst.{number}"


class RainTerms(msgspec.Struct, kw_only=True, tag_field="kind", tag="rain"):
    """The terms of a rain as users read them: when, how many, and how much each."""

    bursts: list[Burst]
    form: Shared
    who_may_claim: str
    new_user: NewUser | None
    bursts_each: int | None


@check("RAIN_FITS", RainOffer)
def rain_fits(offer: RainOffer, now: datetime) -> Iterator[Finding]:
    """Bursts come one after another within the campaign, and the budget is just what they come to."""
    for n, (before, burst) in enumerate(pairwise(offer.bursts), 1):
        if burst.at <= before.until:
            zh, en = "每一场须在上一场结束之后开始", "A burst begins before the one before it is over."
            yield Finding("RAIN_FITS", f"/bursts/{n}/at", zh, en)
    for n, burst in enumerate(offer.bursts):
        if burst.at < offer.starts_at or burst.until >= offer.ends_at:
            zh, en = "红包雨须在活动时间之内", "A burst is not within the time of the campaign."
            yield Finding("RAIN_FITS", f"/bursts/{n}/at", zh, en)
    currency, total = currency_of(offer.form), sum(burst.total for burst in offer.bursts)
    if dict(offer.budget.parts()) != {currency: total}:
        zh = f"预算须等于各场数量乘以金额之和：{total}"
        en = f"The budget must be what all bursts come to, {total}, and nothing else."
        yield Finding("RAIN_FITS", f"/budget/{currency.value}", zh, en)
