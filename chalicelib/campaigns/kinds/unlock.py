"""The document of an unlock campaign: so many friends who confirm bring so much, told beforehand; its checks and terms.

Nothing is sold. A friend who only opens the card counts for nothing (rules W2), and no amount is drawn (rules W6).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.accounts.newcomer import NewUser
from chalicelib.campaigns.disclosure import names_helpers
from chalicelib.campaigns.gate import Finding, check
from chalicelib.campaigns.gifts import Amount, Budget, Currency, Form, Gift, currency_of
from chalicelib.campaigns.kinds.bargain import WhoMayHelp
from chalicelib.campaigns.offer import Count, Offer


class Node(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What so many friends bring."""

    friends: Annotated[int, Meta(ge=1, le=20)]
    """All that have confirmed, those of the nodes before too."""
    amount: Amount
    """What it adds to the nodes before."""


class UnlockLimits(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What one user may do in a campaign; each is counted by itself."""

    starts: Count = 3
    """Packets started."""
    active: Count = 1
    """Packets of his that are not over."""
    helps: Count = 3
    helps_a_day: Count = 3


class UnlockOffer(Offer, forbid_unknown_fields=True, kw_only=True, frozen=True, tag="unlock"):
    """A whole unlock campaign."""

    nodes: Annotated[list[Node], Meta(min_length=1, max_length=5)]
    form: Form
    """How every node's amount is given."""
    budget: Budget
    packet_seconds: Annotated[int, Meta(ge=1800, le=7 * 86_400)] = 86_400
    limits: UnlockLimits = UnlockLimits()
    who_may_help: WhoMayHelp = WhoMayHelp.ANY
    new_user: NewUser = NewUser()
    """Who counts as new, where only new users may help."""
    held_helps_pass_after_seconds: Annotated[int, Meta(ge=600, le=86_400)] = 7200
    """When a help that waits for the merchant is approved by itself; ten minutes before the end at the latest."""

    @property
    def gives(self) -> Budget | None:
        return self.budget

    @property
    def gifts(self) -> Sequence[Gift]:
        return [Gift(amount=node.amount, form=self.form) for node in self.nodes]

    @property
    def unheld(self) -> Sequence[Gift]:
        return self.gifts

    @property
    def total(self) -> int:
        """What all nodes come to: what one packet reserves."""
        return sum(node.amount for node in self.nodes)

    @property
    def only_new(self) -> NewUser | None:
        return self.new_user if self.who_may_help is WhoMayHelp.NEW_USER else None

    def most_at_once(self, currency: Currency) -> int:
        return self.total if currency is currency_of(self.form) else 1

    def terms(self) -> UnlockTerms:
        """What users read of it."""
        return UnlockTerms(
            nodes=self.nodes,
            form=self.form,
            packet_seconds=self.packet_seconds,
            limits=self.limits,
            who_may_help=self.who_may_help,
            new_user=self.only_new,
            held_helps_pass_after_seconds=self.held_helps_pass_after_seconds,
        )


class UnlockTerms(msgspec.Struct, kw_only=True, tag_field="kind", tag="unlock"):
    """The terms of an unlock packet as users read them."""

    nodes: list[Node]
    form: Form
    packet_seconds: int
    limits: UnlockLimits
    who_may_help: str
    new_user: NewUser | None
    held_helps_pass_after_seconds: int


@check("HELPERS_DISCLOSED", UnlockOffer)
def helpers_disclosed(offer: UnlockOffer, now: datetime) -> Iterator[Finding]:
    """The rule sheet tells of every node how many friends it takes (rules W6)."""
    sheet = offer.rule_sheet
    for n, node in enumerate(offer.nodes):
        texts = sheet.rules_text, sheet.eligibility, sheet.result
        if not any(names_helpers(text, node.friends) for text in texts):
            zh = f"规则说明须写明每一档所需的好友人数，例如“邀请 {node.friends} 位好友确认”"
            en = f'The rules must tell of every node how many it takes, for instance "{node.friends} friends".'
            yield Finding("HELPERS_DISCLOSED", f"/nodes/{n}/friends", zh, en)


@check("PACKET_FITS", UnlockOffer)
def packet_fits(offer: UnlockOffer, now: datetime) -> Iterator[Finding]:
    """Each node takes more friends than the one before, and a packet's budget and life fit."""
    for n, (before, node) in enumerate(zip(offer.nodes, offer.nodes[1:], strict=False), start=1):
        if node.friends <= before.friends:
            zh, en = "后一档的人数须多于前一档", "A node takes more friends than the one before it."
            yield Finding("PACKET_FITS", f"/nodes/{n}/friends", zh, en)
    yield from promise_fits(offer, currency_of(offer.form), offer.packet_seconds)


def promise_fits(offer: Offer, currency: Currency, seconds: int) -> Iterator[Finding]:
    """The budget has no other currency than what is given, and a packet's life fits into the campaign's."""
    budget = dict(offer.gives.parts()) if offer.gives is not None else {}
    for other in budget.keys() - {currency}:
        zh, en = "该预算与发放的内容不符", "Nothing is given of what this is a budget of."
        yield Finding("PACKET_FITS", f"/budget/{other.value}", zh, en)
    if timedelta(seconds=seconds) > offer.ends_at - offer.starts_at:
        zh, en = "红包时限长于活动时间", "A packet would live longer than the campaign."
        yield Finding("PACKET_FITS", "/packet_seconds", zh, en)
