"""What a packet gives, in words: the button names what both sides get, so that nobody taps for something unsaid."""

from __future__ import annotations

from chalicelib.orders.brought import in_words
from chalicelib.redpacket.items import Packet
from chalicelib.redpacket.plans import Plan
from chalicelib.redpacket.states import PacketKind

Said = tuple[str, str]
"""A sentence in Chinese and in English."""


def button(packet: Packet, plan: Plan) -> Said | None:
    """What the next friend taps on: what it brings the owner, and what him; None where nothing is left."""
    if packet.n >= packet.size:
        return None
    if packet.kind is PacketKind.UNLOCK:
        node = next(step for step in plan.steps if step.friends > packet.n)
        zh, en = in_words(plan.given(node.amount))
        left = node.friends - packet.n
        if left == 1:
            return f"帮TA拆，TA得{zh}", f"Help: your friend gets {en}, you get nothing"
        return (
            f"帮TA拆，再有 {left} 位好友确认TA得{zh}",
            f"Help: with {left} more friends your friend gets {en}, you get nothing",
        )
    friend, own = packet.share(packet.n)
    zh, en = in_words(plan.given(friend))
    if not own:
        return f"拆开，你得{zh}", f"Open it: you get {en}"
    owners_zh, owners_en = in_words(plan.given_to_owner(own))
    return f"帮TA拆，TA得{owners_zh}，你得{zh}", f"Open it: your friend gets {owners_en}, you get {en}"
