"""The document of a campaign that rewards invitations, its own publish checks, and its terms as users read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.accounts.newcomer import NewUser
from chalicelib.campaigns import words
from chalicelib.campaigns.copy_lint import said
from chalicelib.campaigns.gate import Finding, check
from chalicelib.campaigns.gifts import (
    Amount,
    AsBalance,
    AsCash,
    AsPoints,
    Budget,
    Currency,
    Gift,
    SharedGift,
    currency_of,
)
from chalicelib.campaigns.offer import Offer

HoldDays = Annotated[int, Meta(ge=0, le=90)]


class StageOn(StrEnum):
    """What a friend does that brings his inviter something."""

    ACCEPTED = "accepted"
    """He accepted the invitation."""
    FIRST_HELP = "first_help"
    """He helped somebody for the first time since."""
    FIRST_ORDER = "first_order"
    """His first order since that counts was confirmed."""


class OrderKind(StrEnum):
    """How an order was bought."""

    ALONE = "alone"
    GROUP = "group"
    BARGAIN = "bargain"


class Stage(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What an inviter gets when his friend has come so far, and how long it is held first."""

    on: StageOn
    gift: Gift
    hold_days: HoldDays = 7
    """Of an order never less than its buyer may send it back."""


class Welcome(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What a new user gets for accepting an invitation."""

    gift: SharedGift
    hold_days: HoldDays = 0


class Threshold(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What an inviter gets beside for so many friends."""

    friends: Annotated[int, Meta(ge=2, le=1000)]
    gift: Gift


class Commission(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A part of what money paid for the goods of a friend's orders, as balance, as so many points or as cash."""

    percent_bp: Annotated[int, Meta(ge=1, le=5000)]
    """Hundredths of a percent, for the inviter."""
    most: Amount
    """Of one order and level."""
    form: AsBalance | AsPoints | AsCash = AsBalance()
    levels: Literal[1, 2] = 1
    """Two: the inviter's own inviter gets ``second_bp``. Nobody above him gets anything (rules L1)."""
    second_bp: Annotated[int, Meta(ge=0, le=5000)] = 0
    hold_days: HoldDays = 7
    """Never less than the buyer may send the goods back."""

    def bp(self, level: int) -> int:
        """What of the goods somebody gets at a level."""
        return self.percent_bp if level == 1 else self.second_bp


class InviteOffer(Offer, forbid_unknown_fields=True, kw_only=True, frozen=True, tag="invite"):
    """A whole campaign that rewards invitations: who brings a new user gets what it says, and nothing by chance."""

    stages: Annotated[list[Stage], Meta(max_length=3)] = msgspec.field(default_factory=list)
    welcome: Welcome | None = None
    thresholds: Annotated[list[Threshold], Meta(max_length=5)] = msgspec.field(default_factory=list)
    """They count new friends whose acceptance has stood for ``count_after_days``; nobody counts twice or back."""
    count_after_days: HoldDays = 7
    commission: Commission | None = None
    orders_count: Annotated[list[OrderKind], Meta(min_length=1, max_length=3)] = msgspec.field(
        default_factory=lambda: [OrderKind.ALONE]
    )
    """Which orders count for a first order and for commission."""
    new_user: NewUser = NewUser()
    """Who counts as new; whoever is not brings nothing."""
    promise_days: Annotated[int, Meta(ge=1, le=180)] = 30
    """What a friend does later than so long after he accepted brings nothing."""
    budget: Budget

    @property
    def gives(self) -> Budget | None:
        return self.budget

    @property
    def at_acceptance(self) -> list[Gift]:
        """What is promised together when a new friend accepts."""
        welcome = [self.welcome.gift] if self.welcome is not None else []
        return [*(stage.gift for stage in self.stages), *welcome]

    @property
    def gifts(self) -> Sequence[Gift]:
        return [*self.at_acceptance, *(one.gift for one in self.thresholds), *self.earned]

    @property
    def earned(self) -> Sequence[Gift]:
        rate = self.commission
        return [Gift(amount=rate.most, form=rate.form)] if rate is not None else []

    @property
    def unheld(self) -> Sequence[Gift]:
        stages = [one.gift for one in self.stages if one.hold_days == 0 and one.on is not StageOn.FIRST_ORDER]
        thresholds = [one.gift for one in self.thresholds if self.count_after_days == 0]
        return [*stages, *thresholds]

    @property
    def friends_gain(self) -> bool:
        return self.welcome is not None

    @property
    def only_new(self) -> NewUser | None:
        return self.new_user

    @property
    def levels(self) -> int:
        return self.commission.levels if self.commission is not None else int(bool(self.stages or self.thresholds))

    def needs(self, currency: Currency) -> int:
        """What a new friend's acceptance takes of a currency."""
        return sum(gift.amount for gift in self.at_acceptance if gift.currency is currency)

    def most_at_once(self, currency: Currency) -> int:
        thresholds = [one.gift.amount for one in self.thresholds if one.gift.currency is currency]
        rate = self.commission
        commission = [rate.most] if rate is not None and currency_of(rate.form) is currency else []
        return max(1, self.needs(currency), *thresholds, *commission)

    def stage(self, on: StageOn) -> Stage | None:
        """What is promised for that, if anything is."""
        return next((stage for stage in self.stages if stage.on is on), None)

    def terms(self) -> InviteTerms:
        """What users read of it."""
        return InviteTerms(
            stages=self.stages,
            welcome=self.welcome,
            thresholds=self.thresholds,
            count_after_days=self.count_after_days,
            commission=self.commission,
            orders_count=self.orders_count,
            new_user=self.new_user,
            promise_days=self.promise_days,
            while_budget_lasts=True,
        )


class InviteTerms(msgspec.Struct, kw_only=True, tag_field="kind", tag="invite"):
    """The terms of rewarded invitations as users read them."""

    stages: list[Stage]
    welcome: Welcome | None
    thresholds: list[Threshold]
    count_after_days: int
    commission: Commission | None
    orders_count: list[OrderKind]
    new_user: NewUser
    promise_days: int
    while_budget_lasts: bool
    """What is promised is reserved; who comes when nothing is left is told so at once."""


@check("NO_JOIN_FEE", InviteOffer)
def no_join_fee(offer: InviteOffer, now: datetime) -> Iterator[Finding]:
    """Nobody pays or buys to be allowed to invite: neither a text nor the document asks for it (rules L1)."""
    yield from said("NO_JOIN_FEE", offer, words.JOIN_FEE)


@check("INVITE_FITS", InviteOffer)
def invite_fits(offer: InviteOffer, now: datetime) -> Iterator[Finding]:
    """Something is promised, each thing once and in order."""
    if not (offer.stages or offer.thresholds or offer.commission or offer.welcome):
        zh, en = "请至少设置一项奖励", "It rewards nothing: set a stage, a threshold, a welcome or a commission."
        yield Finding("INVITE_FITS", "/stages", zh, en)
    if len({stage.on for stage in offer.stages}) != len(offer.stages):
        yield Finding("INVITE_FITS", "/stages", "同一阶段重复", "A stage is named twice.")
    if len(set(offer.orders_count)) != len(offer.orders_count):
        yield Finding("INVITE_FITS", "/orders_count", "订单类型重复", "A kind of order is named twice.")
    if any(one.friends >= after.friends for one, after in pairwise(offer.thresholds)):
        yield Finding("INVITE_FITS", "/thresholds", "人数须逐级递增", "A threshold needs more friends than the last.")
    if offer.thresholds and offer.count_after_days > offer.promise_days:
        zh, en = "计入人数的等待期不得长于奖励有效期", "Friends would count after all that they may bring is over."
        yield Finding("INVITE_FITS", "/count_after_days", zh, en)
    yield from _commission_fits(offer)


def _commission_fits(offer: InviteOffer) -> Iterator[Finding]:
    rate = offer.commission
    if rate is None:
        return
    if (rate.levels == 1) != (rate.second_bp == 0):
        zh, en = (
            "第二级比例须与层级一致",
            "The second level has a rate just where there are two.",
        )
        yield Finding("INVITE_FITS", "/commission/second_bp", zh, en)
    elif rate.second_bp > rate.percent_bp:
        zh, en = "第二级比例不得高于第一级", "The second level gets no more than the first."
        yield Finding("INVITE_FITS", "/commission/second_bp", zh, en)


def promised_until(offer: InviteOffer, accepted_at: datetime) -> datetime:
    """What a friend does after this brings nothing."""
    return accepted_at + timedelta(days=offer.promise_days)
