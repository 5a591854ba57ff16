"""What a campaign promises with its packets, whatever its document: one form for unlocking, after orders, and gifts."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from chalicelib.accounts.newcomer import NewUser
from chalicelib.campaigns.gifts import AsBalance, AsPoints, Currency, Form, Gift, currency_of
from chalicelib.campaigns.kinds.gift import GiftOffer
from chalicelib.campaigns.kinds.unlock import UnlockOffer
from chalicelib.campaigns.offer import Offer
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.redpacket.items import Portion, Step, portions
from chalicelib.redpacket.states import PacketKind


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What every packet of a kind is made of in a campaign, and who may take part in it."""

    kind: PacketKind
    steps: list[Step] = []
    """Where it is unlocked."""
    portions: list[Portion] = []
    """Where it is claimed."""
    form: Form
    """Of what its claimers get, or of what its nodes bring."""
    life: timedelta
    helps: int
    """Helps or claims of one user in the campaign."""
    helps_a_day: int
    passes_after: timedelta
    """How long a held act waits for the merchant at most."""
    only_new: NewUser | None = None
    """Who counts as new, where only those may help or claim."""
    starts: int = 0
    """Packets that one user may start; none that an order brings is started."""
    active: int | None = None
    """Of them at once, where that is limited."""

    @property
    def currency(self) -> Currency:
        """What its amounts are in."""
        return currency_of(self.form)

    @property
    def total(self) -> int:
        """What one packet takes of the budget."""
        own = sum(step.amount for step in self.steps)
        return own + sum(part.times * (part.friend + part.own) for part in self.portions)

    @property
    def own_form(self) -> AsBalance | AsPoints:
        """How the owner's part of a share is given: balance, or points where the friend's are."""
        return self.form if isinstance(self.form, AsPoints) else AsBalance()

    @property
    def forms(self) -> list[Form]:
        """How anything of it is given, to friend or owner."""
        own = any(part.own for part in self.portions)
        return [self.form, *([self.own_form] if own else ())]

    def given(self, amount: int) -> Gift:
        """So much for a claimer, or for the owner of what was unlocked."""
        return Gift(amount=amount, form=self.form)

    def given_to_owner(self, amount: int) -> Gift:
        """So much for the owner of what somebody claimed."""
        return Gift(amount=amount, form=self.own_form)


def started(offer: Offer) -> Plan:
    """The packets that a user of the campaign starts himself. Raises `NOT_FOUND` where he starts none."""
    if isinstance(offer, UnlockOffer):
        return Plan(
            kind=PacketKind.UNLOCK,
            steps=[Step(node.friends, node.amount) for node in offer.nodes],
            form=offer.form,
            life=timedelta(seconds=offer.packet_seconds),
            helps=offer.limits.helps,
            helps_a_day=offer.limits.helps_a_day,
            passes_after=timedelta(seconds=offer.held_helps_pass_after_seconds),
            only_new=offer.only_new,
            starts=offer.limits.starts,
            active=offer.limits.active,
        )
    if isinstance(offer, GiftOffer):
        return Plan(
            kind=PacketKind.GIFT,
            portions=[Portion(1, offer.gift.amount, 0)],
            form=offer.gift.form,
            life=timedelta(seconds=offer.packet_seconds),
            helps=1,
            helps_a_day=1,
            passes_after=timedelta(seconds=offer.held_claims_pass_after_seconds),
            only_new=offer.only_new,
            starts=offer.per_giver,
        )
    raise RippleError(NOT_FOUND)


def after_order(offer: Offer) -> Plan | None:
    """The packet that an order of the campaign brings; None where it brings none."""
    packet = offer.after_order.packet if offer.after_order is not None else None
    if packet is None:
        return None
    return Plan(
        kind=PacketKind.ORDER,
        portions=portions([(share.friend, share.own) for share in packet.shares]),
        form=packet.form,
        life=timedelta(seconds=packet.life_seconds),
        helps=packet.claims,
        helps_a_day=packet.claims_a_day,
        passes_after=timedelta(seconds=packet.held_claims_pass_after_seconds),
    )


def of(offer: Offer, kind: PacketKind) -> Plan:
    """What packets of that kind promise in the campaign. Raises `NOT_FOUND` where it has none."""
    plan = after_order(offer) if kind is PacketKind.ORDER else started(offer)
    if plan is None or plan.kind is not kind:
        raise RippleError(NOT_FOUND)
    return plan
