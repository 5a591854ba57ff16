"""The rules of packets: pure decisions over what one read round found."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.accounts.newcomer import Verdict, verdict
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.orders.states import OrderState
from chalicelib.redpacket import problems
from chalicelib.redpacket.states import ActState, PacketKind, PacketState
from chalicelib.rewards import minors
from chalicelib.sharing.verdict import Outcome

if TYPE_CHECKING:
    from chalicelib.accounts.items import User
    from chalicelib.orders.items import Order
    from chalicelib.redpacket.items import Act, Limit, Packet
    from chalicelib.redpacket.plans import Plan
    from chalicelib.sharing.verdict import Verdict as Judged

CHECKING = timedelta(minutes=10)
"""What the merchant has at least for an act that is held."""

LOOK_AGAIN = timedelta(minutes=1)
"""How soon a packet is looked at again that waits: for held acts, or for an order that holds what was given."""

REDRIVE = timedelta(seconds=60)
"""When the sweeper looks after a claim whose value should be there already."""

TAKEN = {PacketKind.UNLOCK: ActState.COUNTED, PacketKind.ORDER: ActState.OWED, PacketKind.GIFT: ActState.OWED}
"""What an act is when it counts."""


def insist_may_start(plan: Plan, limit: Limit | None, user: User) -> None:
    """Raise what forbids starting a packet, or giving one, beside campaign and budget. Minors start none of cash."""
    minors.insist_may_have(user, plan.form)
    if plan.kind is PacketKind.GIFT and user.first_order_at is None:
        raise RippleError(problems.CUSTOMERS_ONLY)
    if limit is not None and (limit.starts or 0) >= plan.starts:
        raise RippleError(problems.START_LIMIT, limit=plan.starts)
    if limit is not None and plan.active is not None and (limit.active or 0) >= plan.active:
        raise RippleError(problems.ACTIVE_LIMIT, limit=plan.active)


def insist_may_act(plan: Plan, packet: Packet, done: Act | None, limit: Limit | None, uid: str, now: datetime) -> None:
    """Raise what forbids helping or claiming now, whoever does it beside that."""
    if packet.uid == uid:
        raise RippleError(problems.OWN_PACKET)
    if done is not None:
        raise RippleError(problems.ALREADY_ACTED)
    insist_open(packet, now)
    if limit is not None and (limit.helps or 0) >= plan.helps:
        raise RippleError(problems.ACT_LIMIT, limit=plan.helps)
    if limit is not None and limit.day == clock.day_of(now).isoformat() and (limit.today or 0) >= plan.helps_a_day:
        raise RippleError(problems.ACT_DAY_LIMIT, limit=plan.helps_a_day)


def insist_open(packet: Packet, now: datetime) -> None:
    """Raise what keeps a packet from being helped or claimed: nothing is left of it, or it is over."""
    if packet.status is PacketState.DONE or (packet.status is PacketState.ACTIVE and packet.n >= packet.size):
        raise RippleError(problems.PACKET_FULL)
    if packet.status is not PacketState.ACTIVE or now > packet.expires_at:
        raise RippleError(problems.PACKET_ENDED, status=packet.status.value)


def insist_named(packet: Packet, named: int | None) -> None:
    """The next share is what its claimer was told, where he says what that was (rules W6). Raises `SHARE_MOVED`."""
    if named is not None and packet.share(packet.n)[0] != named:
        raise RippleError(problems.SHARE_MOVED, "/amount", amount=packet.share(packet.n)[0])


def insist_welcome(plan: Plan, starts_at: datetime, user: User, now: datetime) -> Verdict | None:
    """The verdict on a newcomer where only those may act. Raises `NEW_ONLY`."""
    if plan.only_new is None:
        return None
    found = verdict(user, plan.only_new, starts_at, now)
    if not found.new:
        raise RippleError(problems.NEW_ONLY)
    return found


def taken_as(judged: Judged, packet: Packet, now: datetime) -> ActState:
    """What an act becomes at once: counted, owed or held. Raises `ACT_REFUSED`, `ACT_LATE`, `ACTS_CHECKING`."""
    if judged.outcome is Outcome.DENY:
        raise RippleError(problems.ACT_REFUSED)
    if judged.outcome is Outcome.ALLOW:
        return TAKEN[packet.kind]
    if now > packet.expires_at - CHECKING:
        raise RippleError(problems.ACT_LATE)
    if packet.held >= packet.size:
        raise RippleError(problems.ACTS_CHECKING)
    return ActState.HELD


def decided_as(packet: Packet, *, yes: bool) -> ActState:
    """What a held act becomes when somebody decides: by state and room, never by the clock."""
    if packet.status not in (PacketState.ACTIVE, PacketState.SETTLING) or packet.n >= packet.size:
        return ActState.MOOT
    return TAKEN[packet.kind] if yes else ActState.REJECTED


def passes_at(plan: Plan, packet: Packet, now: datetime) -> datetime:
    """When an act that is held now is approved by itself, ten minutes before the end at the latest."""
    return min(now + plan.passes_after, packet.expires_at - CHECKING)


def earns(order: Order, live_fen: int, least_fen: int) -> bool:
    """Whether an order brings a packet, or may keep the one it brought: confirmed, and so much of it stays paid."""
    return order.state is OrderState.CONFIRMED and live_fen >= least_fen
