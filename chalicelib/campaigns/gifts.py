"""What a campaign gives away: how much, in which currency and form, and out of which budget."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

SkuId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
Category = Annotated[str, Meta(min_length=1, max_length=20)]
Amount = Annotated[int, Meta(ge=1, le=10_000_000)]
Funds = Annotated[int, Meta(ge=1, le=10_000_000_000)]
Days = Annotated[int, Meta(ge=1, le=365)]
Times = Annotated[int, Meta(ge=1, le=1000)]

BALANCE_FEN = 500_000
"""The most of what a shop keeps for its users that one gift may be: what a named card may hold (rules M1)."""


class Currency(StrEnum):
    """What is counted; one is never changed into the other by itself."""

    FEN = "fen"
    POINTS = "points"
    CASH = "cash"
    """Fen of real money, which WeChat Pay transfers to a user; nothing else is ever changed into it (rules M2)."""


ESCROWS = {Currency.FEN: "~fen", Currency.POINTS: "~points", Currency.CASH: "~cash"}
"""What a campaign's budget in a currency is called among its escrows."""


class Scope(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What a coupon is good for: what is named, or in a category that is named; everything where nothing is."""

    sku_ids: Annotated[list[SkuId], Meta(max_length=50)] = []
    categories: Annotated[list[Category], Meta(max_length=20)] = []

    def covers(self, sku_id: str, category: str | None) -> bool:
        """Whether it is good for that."""
        if not self.sku_ids and not self.categories:
            return True
        return sku_id in self.sku_ids or category in self.categories


class AmountOff(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True, tag_field="kind", tag="amount"):
    """So many fen off."""

    fen: Amount

    @property
    def most_fen(self) -> int:
        """The most that it can take off."""
        return self.fen


class PercentOff(
    msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True, tag_field="kind", tag="percent"
):
    """So many percent off, at most so many fen."""

    percent: Annotated[int, Meta(ge=1, le=99)]
    most_fen: Amount


Off = AmountOff | PercentOff


class CouponTerms(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What a coupon takes off, of what, and beside which others."""

    title: Annotated[str, Meta(min_length=1, max_length=40)]
    off: Off
    threshold_fen: Annotated[int, Meta(ge=0, le=100_000_000)] = 0
    """What the goods that it is good for must cost at least."""
    scope: Scope = Scope()
    stackable: bool = False
    """Whether it may be used beside others that are stackable too."""
    family: bool = False
    """Whether a family may share it."""


class AsBalance(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True, tag_field="as", tag="balance"):
    """Fen that pay for orders of this shop: given, never bought, never cashed, and they do not expire (rules M2)."""


class AsPoints(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True, tag_field="as", tag="points"):
    """Points, which expire."""

    valid_days: Annotated[int, Meta(ge=30, le=1095)] = 365


class AsCoupon(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True, tag_field="as", tag="coupon"):
    """A coupon of just the amount."""

    title: Annotated[str, Meta(min_length=1, max_length=40)]
    valid_days: Days = 30
    threshold_fen: Annotated[int, Meta(ge=0, le=100_000_000)] = 0
    scope: Scope = Scope()
    stackable: bool = False

    def terms(self, fen: int) -> CouponTerms:
        """What a coupon of so many fen says."""
        return CouponTerms(
            title=self.title,
            off=AmountOff(fen=fen),
            threshold_fen=self.threshold_fen,
            scope=self.scope,
            stackable=self.stackable,
        )


class AsCash(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True, tag_field="as", tag="cash"):
    """Money that WeChat Pay transfers to the user once he asks for it and confirms; till then it is a claim (M4)."""

    hold_days: Annotated[int, Meta(ge=0, le=90)] = 7
    """How long after it is given he may ask for it first: time to see that it was earned."""
    claim_days: Annotated[int, Meta(ge=1, le=180)] = 30
    """How long he may ask for it then; what nobody asks for goes back to the budget."""


Shared = AsBalance | AsPoints | AsCoupon
"""How friends give one another something: never as cash."""

Form = Shared | AsCash
"""How something is given."""


def currency_of(form: Form) -> Currency:
    """What a form is counted in; a coupon in the fen that it takes off."""
    if isinstance(form, AsCash):
        return Currency.CASH
    return Currency.POINTS if isinstance(form, AsPoints) else Currency.FEN


class Gift(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A fixed amount in a form: nobody draws or guesses what he gets (rules W6)."""

    amount: Amount
    form: Form

    @property
    def currency(self) -> Currency:
        """What it is counted in."""
        return currency_of(self.form)


class SharedGift(Gift, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A gift that somebody gets through a friend, or for having come by one: never cash."""

    form: Shared


class Budget(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What all of a campaign's promises together may come to, by currency; none of what is absent is given."""

    fen: Funds | None = None
    points: Funds | None = None
    cash: Funds | None = None
    """In fen. What the operations account has must reach for it (`CASH_READY`)."""

    def parts(self) -> Iterator[tuple[Currency, int]]:
        """Each currency that there is something of."""
        if self.fen is not None:
            yield Currency.FEN, self.fen
        if self.points is not None:
            yield Currency.POINTS, self.points
        if self.cash is not None:
            yield Currency.CASH, self.cash


class Share(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """One share of a packet: what the friend who claims it gets, and what that brings its owner."""

    friend: Amount
    own: Annotated[int, Meta(ge=0, le=10_000_000)] = 0


class Shares(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A packet of shares that are split beforehand; whoever claims the next gets the next, whoever he is."""

    shares: Annotated[list[Share], Meta(min_length=1, max_length=50)]
    form: Shared
    """Of the friend's part. The owner's is balance, or points where the friend's are."""
    life_seconds: Annotated[int, Meta(ge=1800, le=7 * 86_400)] = 86_400
    claims: Times = 3
    """How many shares of all of the campaign's packets one friend may claim."""
    claims_a_day: Times = 3
    held_claims_pass_after_seconds: Annotated[int, Meta(ge=600, le=86_400)] = 7200
    """When a claim that waits for the merchant is approved by itself; ten minutes before the end at the latest."""

    @property
    def own_form(self) -> AsBalance | AsPoints:
        """How its owner's part is given."""
        return self.form if isinstance(self.form, AsPoints) else AsBalance()

    @property
    def total(self) -> int:
        """What all shares come to, both sides together."""
        return sum(share.friend + share.own for share in self.shares)

    @property
    def gifts(self) -> list[Gift]:
        """What its friends and its owner get, share by share."""
        friends = [Gift(amount=share.friend, form=self.form) for share in self.shares]
        return [*friends, *(Gift(amount=share.own, form=self.own_form) for share in self.shares if share.own)]


class Hold(StrEnum):
    """When what an order brings is its buyer's."""

    UNTIL_COMPLETE = "until_complete"
    """When its goods have arrived and nobody may ask for his money by himself any more."""
    NONE = "none"
    """At once; for coupons only."""


class AfterOrder(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What a paid order of the campaign brings its buyer, out of a budget of its own; never promised before payment."""

    least_paid_fen: Annotated[int, Meta(ge=0, le=100_000_000)] = 0
    """Only where so much of the order stays paid."""
    packet: Shares | None = None
    """A packet that he may share with friends."""
    gift: Gift | None = None
    hold: Hold = Hold.UNTIL_COMPLETE
    """Of the gift. Points always wait, since how many they are follows from what stays paid."""
    points_per_yuan: Annotated[int, Meta(ge=0, le=1000)] = 0
    """For each whole yuan that money paid."""
    points_valid_days: Annotated[int, Meta(ge=30, le=1095)] = 365
    budget: Budget

    def terms(self) -> AfterOrderTerms:
        """What users read of it."""
        return AfterOrderTerms(
            least_paid_fen=self.least_paid_fen,
            packet=self.packet,
            gift=self.gift,
            hold=self.hold.value,
            points_per_yuan=self.points_per_yuan,
            points_valid_days=self.points_valid_days,
        )

    @property
    def followers(self) -> list[str]:
        """Who acts when such an order is confirmed (`orders.follows`)."""
        thanks = self.gift is not None or self.points_per_yuan > 0
        return [name for name, there in (("packet", self.packet is not None), ("thanks", thanks)) if there]

    def gifts(self, most_paid_fen: int) -> list[Gift]:
        """What orders of at most ``most_paid_fen`` can bring."""
        found = [self.gift] if self.gift is not None else []
        if points := self.points_per_yuan * (most_paid_fen // 100):
            found.append(Gift(amount=points, form=AsPoints(valid_days=self.points_valid_days)))
        return [*found, *(self.packet.gifts if self.packet is not None else ())]

    def most(self, currency: Currency, most_paid_fen: int) -> int:
        """The most that one promise of it takes: a packet as a whole, or what its buyer himself gets."""
        packet = self.packet.total if self.packet is not None and currency_of(self.packet.form) is currency else 0
        gift = self.gift.amount if self.gift is not None and self.gift.currency is currency else 0
        points = self.points_per_yuan * (most_paid_fen // 100) if currency is Currency.POINTS else 0
        return max(packet, gift, points)


class AfterOrderTerms(msgspec.Struct, kw_only=True):
    """What a paid order brings, as users read it: what and when, while the budget lasts, and not how much that is."""

    least_paid_fen: int
    packet: Shares | None
    gift: Gift | None
    hold: str
    """until_complete | none: when the gift is his."""
    points_per_yuan: int
    points_valid_days: int
