"""The one thing that a merchant may do with a packet: close it."""

from __future__ import annotations

from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.transaction import Transaction
from chalicelib.merchants import audit
from chalicelib.redpacket.items import Packet, PacketId, packet_key
from chalicelib.redpacket.problems import PACKET_ENDED
from chalicelib.redpacket.states import PacketState


def close(intent: Intent, rid: PacketId) -> None:
    """End a packet before its time: what was reached or claimed is kept, what is held is decided, the rest goes back.

    Raises `PACKET_ENDED`.
    """
    mid = intent.mid
    keys = record_key(intent), packet_key(mid, rid)

    def attempt(read: Read) -> None:
        found = read(*keys)
        packet = found.item(Packet, keys[1])
        if packet is None:
            raise RippleError(NOT_FOUND)
        if recorded(intent, found[keys[0]]) is not None:
            return
        if packet.status is not PacketState.ACTIVE:
            raise RippleError(PACKET_ENDED, status=packet.status.value)
        tx = Transaction()
        active = {"active": Packet.status == PacketState.ACTIVE}
        tx.update("packet", packet, [Packet.status.set(PacketState.SETTLING)], when=active, due=clock.now())
        add_record(tx, intent)
        audit.add(tx, mid, intent.actor, "packet.close", rid)
        tx.commit()

    decided_or_refused(attempt)
