"""A packet whose time has come: it gives every node that was reached, waits for what is held, and is over once."""

from __future__ import annotations

from datetime import datetime

from pynamodb.expressions.update import Action

from chalicelib.core import clock, log
from chalicelib.core.times import Time, span, timed
from chalicelib.core.transaction import Transaction, update_one
from chalicelib.redpacket import clawing, creating, rules, values
from chalicelib.redpacket.items import LIVE_STATES, Packet
from chalicelib.redpacket.states import PacketState
from chalicelib.rewards.states import MINOR


@timed(
    Time(
        "an act brings it to its next node",
        "what that node brings is given, each node once and in order",
        "the node is reached and safe; its value comes later",
    ),
    Time(
        "its end (`expires_at`)",
        "nodes that were reached are given; then it is over, and what is left of its budget is free again",
        "past its end nobody helps or claims, whatever its state says",
    ),
    Time(
        f"every {span(rules.LOOK_AGAIN)} past its end, while an act waits to be looked at",
        "it is looked at again: an act in time may still bring it to a node",
        "it is over later",
    ),
    Time(
        f"the order that brought it goes back; then every {span(rules.LOOK_AGAIN)} while something of it is in use",
        "what it gave is taken back as far as it is there; the rest is owed",
        "what was given can be spent",
    ),
)
def packet_due(packet: Packet) -> None:
    """Give what was reached, end what is over, take back what must be (the due handler of `Packet`)."""
    leased = {"leased": Packet.gsi2sk == packet.gsi2sk}
    now = clock.now()
    if packet.status is PacketState.CLAWING:
        clawing.claw(packet)
    elif packet.status not in LIVE_STATES:
        update_one(packet, [], when=leased, due=None)
    elif values.is_kept(packet):
        _stop(packet, now)
    elif packet.reached(packet.n) > packet.granted:
        values.grant_node(packet)
    elif packet.status is PacketState.ACTIVE and now < packet.expires_at:
        update_one(packet, [], when=leased, due=packet.expires_at)
    elif packet.held > 0:
        _settle(packet, now)
    else:
        _expire(packet)


def _stop(packet: Packet, now: datetime) -> None:
    """Its owner may not have what it brings: it is over as soon as nothing of it is held."""
    if packet.held > 0:
        _settle(packet, now)
    else:
        _expire(packet, Packet.note.set(MINOR))


def _settle(packet: Packet, now: datetime) -> None:
    waits = {"leased": Packet.gsi2sk == packet.gsi2sk, "status": Packet.status == packet.status}
    settling = [Packet.status.set(PacketState.SETTLING)]
    update_one(packet, settling, when=waits, due=now + rules.LOOK_AGAIN)


def _expire(packet: Packet, *also: Action) -> None:
    when = {
        "leased": Packet.gsi2sk == packet.gsi2sk,
        "status": Packet.status == packet.status,
        "n": Packet.n == packet.n,
        "none_held": Packet.held == 0,
    }
    tx = Transaction()
    actions = [Packet.status.set(PacketState.EXPIRED), *creating.add_back(tx, packet), *also]
    tx.update("packet", packet, actions, when=when, due=None)
    creating.add_end(tx, packet)
    tx.commit()
    log.info("packet_expired", rid=packet.rid, n=packet.n, spent=packet.spent)
