"""The document of a gift campaign (老带新): an old customer gives a new one something; its check and terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.accounts.newcomer import NewUser
from chalicelib.campaigns.gate import Finding, check
from chalicelib.campaigns.gifts import Budget, Currency, Gift, SharedGift
from chalicelib.campaigns.kinds.unlock import promise_fits
from chalicelib.campaigns.offer import Count, Offer


class GiftOffer(Offer, forbid_unknown_fields=True, kw_only=True, frozen=True, tag="gift"):
    """A whole gift campaign. Who gives has ordered here before, who takes is new, and takes one in all."""

    gift: SharedGift
    """What the new one gets. Who gives gets nothing for it."""
    budget: Budget
    per_giver: Count = 3
    """How many one customer may give."""
    packet_seconds: Annotated[int, Meta(ge=1800, le=7 * 86_400)] = 86_400
    """How long one waits to be taken."""
    new_user: NewUser = NewUser()
    """Who counts as new."""
    held_claims_pass_after_seconds: Annotated[int, Meta(ge=600, le=86_400)] = 7200
    """When a claim that waits for the merchant is approved by itself; ten minutes before the end at the latest."""

    @property
    def gives(self) -> Budget | None:
        return self.budget

    @property
    def gifts(self) -> Sequence[Gift]:
        return [self.gift]

    @property
    def friends_gain(self) -> bool:
        return True

    @property
    def only_new(self) -> NewUser | None:
        return self.new_user

    def most_at_once(self, currency: Currency) -> int:
        return self.gift.amount if currency is self.gift.currency else 1

    def terms(self) -> GiftTerms:
        """What users read of it."""
        return GiftTerms(
            gift=self.gift,
            per_giver=self.per_giver,
            packet_seconds=self.packet_seconds,
            new_user=self.new_user,
            held_claims_pass_after_seconds=self.held_claims_pass_after_seconds,
        )


class GiftTerms(msgspec.Struct, kw_only=True, tag_field="kind", tag="gift"):
    """The terms of a gift as users read them."""

    gift: SharedGift
    per_giver: int
    packet_seconds: int
    new_user: NewUser
    held_claims_pass_after_seconds: int


@check("PACKET_FITS", GiftOffer)
def packet_fits(offer: GiftOffer, now: datetime) -> Iterator[Finding]:
    """The budget is of what is given, and a gift's life fits into the campaign's."""
    yield from promise_fits(offer, offer.gift.currency, offer.packet_seconds)
