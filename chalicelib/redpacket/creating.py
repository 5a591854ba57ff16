"""How a packet begins, and how it ends: all that it promises is reserved, and what nobody took goes back."""

from __future__ import annotations

from datetime import datetime

from pynamodb.expressions.update import Action

from chalicelib.campaigns import stock
from chalicelib.campaigns.gifts import ESCROWS
from chalicelib.campaigns.stock import Drawn
from chalicelib.core.ids import MerchantId
from chalicelib.core.transaction import Transaction
from chalicelib.redpacket.items import Packet, PacketId, limit_key, list_entry, packet_key
from chalicelib.redpacket.plans import Plan
from chalicelib.redpacket.states import PacketKind, PacketState
from chalicelib.rewards.items import statement_entry
from chalicelib.sharing import limits


def packet(
    mid: MerchantId,
    rid: PacketId,
    plan: Plan,
    uid: str,
    drawn: list[Drawn],
    *,
    version: int,
    now: datetime,
    fingerprint: str,
    order: str | None = None,
) -> Packet:
    """A packet that holds all of what it promises, as ``drawn``."""
    made = Packet(
        *packet_key(mid, rid),
        kind=plan.kind,
        status=PacketState.ACTIVE,
        uid=uid,
        steps=plan.steps or None,
        portions=plan.portions or None,
        currency=plan.currency,
        n=0,
        held=0,
        granted=0,
        res=plan.total,
        spent=0,
        drawn=drawn,
        order=order,
        version=version,
        expires_at=now + plan.life,
        fingerprint=fingerprint,
        created_at=now,
    )
    made.gsi1pk, made.gsi1sk = statement_entry(mid, uid, now, rid)
    made.gsi3pk, made.gsi3sk = list_entry(made)
    made.set_due(made.expires_at)
    return made


def add_back(tx: Transaction, packet: Packet) -> list[Action]:
    """What is reserved of it goes back to the campaign's budget. Returns what changes on itself."""
    kept, back = stock.parted(packet.drawn, packet.spent)
    stock.add_return(tx, packet.mid, packet.cid, ESCROWS[packet.currency], back, name="budget")
    return [Packet.res.set(0), Packet.drawn.set(kept)]


def add_end(tx: Transaction, packet: Packet) -> None:
    """A packet is over; one that was to be unlocked is none of its owner's that are not."""
    if packet.kind is PacketKind.UNLOCK:
        limits.add_end(tx, limit_key(packet.mid, packet.uid, packet.cid))
