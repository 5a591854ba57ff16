"""What people are told of packets and rains by WeChat's messages, and what they are asked to agree to."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.campaigns.live import live
from chalicelib.campaigns.offer import Offer
from chalicelib.core import clock
from chalicelib.core.errors import Language
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import read_one
from chalicelib.notices.asking import Ask, ask
from chalicelib.notices.moments import Moment
from chalicelib.notices.reasons import Reason, shortly_before
from chalicelib.redpacket.items import Packet, packet_key
from chalicelib.redpacket.states import PacketKind, PacketState

BEFORE = timedelta(hours=2)
"""How long before a packet ends its owner is reminded."""


def asked(packet: Packet, language: Language, *, own: bool) -> Ask:
    """What somebody is asked to let himself be told, who looks at a packet: its owner, or who helps him or claims."""
    if not own:
        return ask(packet.mid, language, Moment.HELP_DECIDED, Moment.REWARD_ARRIVED)
    unlock = (Moment.UNLOCK_ENDING,) if packet.kind is PacketKind.UNLOCK else ()
    return ask(packet.mid, language, *unlock, Moment.REWARD_ARRIVED)


def asked_of_rain(mid: MerchantId, language: Language) -> Ask:
    """What somebody is asked to let himself be told, who waits for a burst or has claimed of one."""
    return ask(mid, language, Moment.REWARD_ARRIVED, Moment.REWARD_ENDING)


class Ending:
    """The owner of a packet that is unlocked may ask more friends (`notices.reasons.Reasons`)."""

    def reason(self, mid: MerchantId, uid: UserId, ident: str) -> Reason | None:
        packet = read_one(Packet, packet_key(mid, ident))
        if packet is None or packet.uid != uid or packet.kind is not PacketKind.UNLOCK:
            return None
        missing = [step.friends - packet.n for step in packet.steps or () if step.friends > packet.n]
        if packet.status is not PacketState.ACTIVE or not missing:
            return None
        title = live(mid, packet.cid, Offer).offer.title
        return Reason(
            moment=Moment.UNLOCK_ENDING,
            facts={"title": title, "left": missing[0], "until": clock.iso(packet.expires_at)},
            best=shortly_before(packet.expires_at, packet.created_at, BEFORE),
            until=packet.expires_at,
            insists=lambda tx: tx.check("object", packet, when={"active": Packet.status == PacketState.ACTIVE}),
        )


ENDING = Ending()
"""Who knows whether there is something to be reminded of a packet."""
