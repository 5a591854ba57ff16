"""The packet that an order brought, or why it brought none."""

from __future__ import annotations

from chalicelib.campaigns.live import live
from chalicelib.campaigns.offer import Offer
from chalicelib.core.errors import NOT_FOUND, Problem, RippleError
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.outbox import entry_key
from chalicelib.core.store import read, read_one
from chalicelib.orders import owing, standing
from chalicelib.orders.follows import FOLLOWS
from chalicelib.orders.items import Order, Payment, order_key
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.states import OrderState
from chalicelib.redpacket import problems
from chalicelib.redpacket.items import PACKET, Packet, order_packet_id, packet_key


def brought(mid: MerchantId, uid: UserId, oid: str) -> tuple[Packet | None, RippleError | None]:
    """The packet of a user's order, or why there is none. Raises `NOT_FOUND` for an order that is not his."""
    order = read_one(Order, order_key(mid, oid))
    if order is None or order.uid != uid:
        raise RippleError(NOT_FOUND)
    place = packet_key(mid, order_packet_id(PaymentRef.of(order).cid, oid))
    told = entry_key(mid, FOLLOWS, oid)
    captured = standing.keys(order)[1:]
    found = read(place, told, *captured)
    packet = found.item(Packet, place)
    if packet is not None:
        return packet, None
    live_fen = owing.live_fen(order, found.item(Payment, captured[0]) if captured else None)
    return None, _why_none(order, live_fen, told_later=found[told] is not None)


def _why_none(order: Order, live_fen: int, *, told_later: bool) -> RippleError:
    """Why an order has no packet; ``told_later`` while those who follow it have not all heard of it."""
    after = live(order.mid, PaymentRef.of(order).cid, Offer).offer.after_order
    if after is None or PACKET not in (order.follows or []):
        return RippleError(problems.NONE_BROUGHT)
    if order.state is OrderState.CONFIRMED and live_fen < after.least_paid_fen:
        return RippleError(problems.TOO_LITTLE, least_fen=after.least_paid_fen)
    problem: Problem = {
        OrderState.CONFIRMED: problems.ON_ITS_WAY if told_later else problems.PACKETS_SPENT,
        OrderState.REFUND: problems.TAKEN_BACK,
        OrderState.RELEASED: problems.NONE_BROUGHT,
    }.get(order.state, problems.NOT_CONFIRMED)
    return RippleError(problem)
