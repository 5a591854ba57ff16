"""What claims and packets say in the statements of their users, and what they moved (`rewards.lines`)."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.core.store import read_one
from chalicelib.redpacket.items import Claim, Packet, packet_key
from chalicelib.redpacket.states import ActState, PacketKind
from chalicelib.redpacket.values import owner_legs, plan_of
from chalicelib.rewards import give
from chalicelib.rewards.give import coupon_of
from chalicelib.rewards.items import Leg
from chalicelib.rewards.lines import Line, Listed, moved, named
from chalicelib.rewards.states import Why
from chalicelib.rewards.words import Standing

STANDING = {
    ActState.HELD: Standing.REVIEW,
    ActState.OWED: Standing.HELD,
    ActState.GRANTED: Standing.GRANTED,
    ActState.CLAWED: Standing.TAKEN_BACK,
}
"""Where a claim is that may bring its claimer something; one that was refused or not needed brought nothing."""


def of_claim(claim: Claim, uid: str) -> Line | None:
    """What a claim brings its claimer; what that brings the packet's owner stands in his own statement."""
    packet = read_one(Packet, packet_key(claim.mid, claim.rid))
    if packet is None or claim.friend is None or claim.state not in STANDING:
        return None
    plan, theirs = plan_of(packet), {give.user(uid), give.coupons(uid)}
    given = claim.legs is not None and named(plan.form) == "coupon"
    return Line(
        at=claim.created_at,
        ref=packet.rid,
        why=Why.GIFT if packet.kind is PacketKind.GIFT else Why.PACKET_SHARE,
        state=STANDING[claim.state],
        amount=claim.friend,
        currency=packet.currency,
        form=named(plan.form),
        cid=packet.cid,
        version=packet.version,
        subject=packet.rid,
        until=claim.due,
        ended_at=claim.posted_at,
        back=-sum(leg.amount for leg in claim.back or [] if leg.account in theirs),
        coupon=coupon_of(packet.rid) if given else None,
    )


def of_packet(packet: Packet, uid: str) -> Line | None:
    """What friends' claims brought a packet's owner, or left him owing; nodes stand in his statement by themselves."""
    claims = list(owner_legs(packet))
    if not claims:
        return None
    legs = [leg for _, own in claims for leg in own]
    gained = sum(leg.amount for leg in legs if leg.amount > 0)
    back = -sum(leg.amount for leg in legs if leg.amount < 0)
    return Line(
        at=packet.created_at,
        ref=packet.rid,
        why=Why.PACKET_OWN,
        state=Standing.TAKEN_BACK if back == gained else Standing.GRANTED,
        amount=gained,
        currency=packet.currency,
        form=named(plan_of(packet).own_form),
        cid=packet.cid,
        version=packet.version,
        subject=packet.order or packet.rid,
        back=back,
        debt=sum(claim.debt or 0 for claim, _ in claims),
        drawn=sum(part.units for part in packet.drawn),
    )


def _own(packet: Packet) -> Iterator[Leg]:
    for _, legs in owner_legs(packet):
        yield from legs


CLAIMS = Listed(of_claim, moved)
PACKETS = Listed(of_packet, _own)
