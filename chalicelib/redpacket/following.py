"""What orders do to packets: a confirmed one brings a packet where its campaign says so, one that goes back takes it.

An order's packet is made after the order, out of what the budget then has: it is never promised before payment. Its id
is derived from the order, so that an order that is told of twice has one.
"""

from __future__ import annotations

from chalicelib.campaigns.live import live
from chalicelib.campaigns.offer import Offer
from chalicelib.core import clock, log
from chalicelib.core.decision import Read, decided, decided_or_refused
from chalicelib.core.errors import RippleError
from chalicelib.core.store import read
from chalicelib.core.transaction import Transaction, update_one
from chalicelib.orders import owing, standing
from chalicelib.orders.items import Order, Payment
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.states import OrderState
from chalicelib.redpacket import creating, plans, problems, rules
from chalicelib.redpacket.items import Packet, order_packet_id, packet_key
from chalicelib.redpacket.states import PacketState
from chalicelib.rewards.funds import Funds


class Following:
    """Who acts for packets on an order's events."""

    def confirmed(self, order: Order) -> None:
        """Make the order's packet, if it still earns one and the budget reaches."""
        try:
            decided_or_refused(lambda read: _make(order, read))
        except RippleError as refused:
            if refused.problem is not problems.PACKETS_SPENT:
                raise
            log.info("packet_not_made", oid=order.oid, why=refused.problem.code)

    def returned(self, order: Order) -> None:
        """Take the order's packet back, if it does not earn it any more."""
        decided(lambda: _take_back(order))


FOLLOWING = Following()
"""What orders are given as the follower of that name."""


def _make(order: Order, read: Read) -> None:
    mid, ref = order.mid, PaymentRef.of(order)
    campaign = live(mid, ref.cid, Offer)
    plan, after = plans.after_order(campaign.offer), campaign.offer.after_order
    if plan is None or after is None:
        return
    rid = order_packet_id(ref.cid, order.oid)
    place, least = packet_key(mid, rid), after.least_paid_fen
    funds = Funds(campaign, {plan.currency: plan.total}, read)
    found = read(place, *standing.keys(order), *funds.keys)
    stands = standing.seen(found, order)
    if found.item(Packet, place) is not None:
        return
    if not rules.earns(stands.order, stands.live_fen, least):
        return
    drawn = funds.drawn(found)
    if drawn is None:
        raise RippleError(problems.PACKETS_SPENT)
    packet = creating.packet(
        mid,
        rid,
        plan,
        order.uid,
        drawn[plan.currency],
        version=campaign.version,
        now=clock.now(),
        fingerprint=order.fingerprint,
        order=order.oid,
    )
    tx = Transaction()
    tx.put("packet", packet)
    _add_earned(tx, stands.order, stands.payment, least)
    funds.add_drawn(tx, drawn)
    tx.commit()
    log.info("packet_made", oid=order.oid, rid=rid, total=plan.total)


def _add_earned(tx: Transaction, order: Order, payment: Payment | None, least_fen: int) -> None:
    """Only while the order is confirmed, and where so much of it must stay paid, while it does."""
    confirmed = {"confirmed": Order.state == OrderState.CONFIRMED}
    if not least_fen:
        tx.check("order", order, when=confirmed)
        return
    as_seen = Order.parts == order.parts if order.parts is not None else Order.parts.does_not_exist()
    tx.check("order", order, when={**confirmed, "parts": as_seen})
    cash = least_fen - owing.live_fen(order, None)
    if payment is not None and cash > 0:
        tx.check("payment", payment, when={"paid": Payment.live_fen >= cash})


def _take_back(order: Order) -> None:
    mid, ref = order.mid, PaymentRef.of(order)
    place = packet_key(mid, order_packet_id(ref.cid, order.oid))
    found = read(place, *standing.keys(order))
    packet = found.item(Packet, place)
    if packet is None or packet.status in (PacketState.CLAWING, PacketState.CLAWED):
        return
    stands = standing.seen(found, order)
    after = live(mid, ref.cid, Offer).offer.after_order
    least = after.least_paid_fen if after is not None else 0
    if rules.earns(stands.order, stands.live_fen, least):
        return
    when = {"status": Packet.status == packet.status, "res": Packet.res == packet.res}
    update_one(packet, [Packet.status.set(PacketState.CLAWING)], when=when, due=clock.now())
