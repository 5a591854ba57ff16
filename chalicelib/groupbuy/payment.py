"""What a payment, or its proven absence, does to a group: the play's side of `orders.play`."""

from __future__ import annotations

from datetime import timedelta

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.campaigns import stock
from chalicelib.campaigns.items import StockShard
from chalicelib.campaigns.kinds.groupbuy import GroupBuyOffer
from chalicelib.campaigns.live import live
from chalicelib.campaigns.stock import Drawn
from chalicelib.core import clock
from chalicelib.core.decision import Read
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.store import Found, read
from chalicelib.core.table import IntAttribute, Key
from chalicelib.core.transaction import Transaction
from chalicelib.groupbuy import limits, rules, solo
from chalicelib.groupbuy.items import GROUP, LIVE_STATES, Group, Limit, Seat, group_key, limit_key, list_entry, seat_key
from chalicelib.groupbuy.rules import Arrival, Decision
from chalicelib.groupbuy.states import GroupState, SeatRole, SeatState
from chalicelib.orders import steps, tenders
from chalicelib.orders.items import Order
from chalicelib.orders.play import Capture, PaymentRef
from chalicelib.orders.states import OrderState


class GroupBuy:
    """The play that orders of ``groupbuy`` belong to."""

    roles: frozenset[str] = frozenset(SeatRole)

    def reads(self, ref: PaymentRef) -> list[Key]:
        """Group, seat, limit, and for a leader the stock he is about to take."""
        if ref.role == SeatRole.SOLO:
            return solo.reads(ref)
        keys = [
            group_key(ref.mid, ref.object_id),
            seat_key(ref.mid, ref.object_id, ref.uid),
            limit_key(ref.mid, ref.uid, ref.cid),
        ]
        return keys + (stock.some(_leader_shards(ref)) if ref.role == SeatRole.LEADER else [])

    def capture(self, ref: PaymentRef, order: Order, capture: Capture, found: Found) -> str:
        """Record money for a seat: it opens the group, fills a seat, completes the group, or is owed back at once."""
        if ref.role == SeatRole.SOLO:
            return solo.capture(ref, order, capture, found)
        group = found.item(Group, group_key(ref.mid, ref.object_id))
        seat = found.item(Seat, seat_key(ref.mid, ref.object_id, ref.uid))
        if group is None or seat is None:
            raise RippleError(NOT_FOUND)
        limit = found.item(Limit, limit_key(ref.mid, ref.uid, ref.cid))
        campaign = live(ref.mid, ref.cid, GroupBuyOffer)
        offer = campaign.offer
        shards: list[StockShard] = []
        if ref.role == SeatRole.LEADER and group.status == GroupState.PENDING:
            shards = stock.gathered(found, _leader_shards(ref), (group.need - 1) * group.each)
        elif group.sku is None and seat.state == SeatState.RELEASED:
            shards = stock.gathered(found, stock.keys(campaign, seat.sku), group.each)
        held = tenders.again(order) if order.state is OrderState.RELEASED else steps.NOTHING
        decision = rules.arrival(offer, order, group, seat, limit, sum(s.left for s in shards), parts=held is not None)
        tx = Transaction()
        if decision.arrival is Arrival.OWED or held is None:
            steps.add_owed_capture(tx, order, capture)
        elif decision.arrival in (Arrival.OPENS, Arrival.NO_STOCK):
            self._leader(tx, group, seat, order, shards, opens=decision.arrival is Arrival.OPENS)
            limits.add_opened(tx, limit_key(ref.mid, ref.uid, ref.cid))
            steps.add_capture(tx, order, capture, about=(GROUP, group.gid))
        else:
            self._member(tx, group, seat, order, shards, decision)
            if decision.again:
                taken = limit_key(ref.mid, ref.uid, ref.cid)
                limits.add_take(tx, taken, offer.limits, SeatRole.MEMBER, group.each)
            steps.add_capture(tx, order, capture, held=held, about=(GROUP, group.gid))
        tx.commit()
        return decision.arrival.value

    def _leader(
        self, tx: Transaction, group: Group, seat: Seat, order: Order, shards: list[StockShard], *, opens: bool
    ) -> None:
        pending = {"pending": Group.status == GroupState.PENDING}
        _seat_paid(tx, seat, order, SeatState.HELD)
        now = clock.now()
        if opens:
            drawn = stock.draw(shards, (group.need - 1) * group.each) if group.sku is not None else []
            expires_at = now + timedelta(seconds=group.lifetime)
            list_pk, list_sk = list_entry(group, expires_at)
            actions = [
                Group.status.set(GroupState.OPEN),
                Group.paid.set(1),
                Group.held.set(0),
                Group.units.set(stock.together(group.units, drawn)),
                Group.expires_at.set(expires_at),
                Group.gsi1pk.set(list_pk),
                Group.gsi1sk.set(list_sk),
            ]
            tx.update("group", group, actions, when=pending, due=expires_at)
            stock.add_draw(tx, shards, drawn)
            return
        actions = [
            Group.status.set(GroupState.FAILED),
            Group.why.set("no_stock"),
            Group.paid.set(1),
            Group.held.set(0),
            Group.units.set([]),
        ]
        tx.update("group", group, actions, when=pending, due=now)
        stock.add_refusal(tx, shards, group.units)

    def _member(
        self, tx: Transaction, group: Group, seat: Seat, order: Order, shards: list[StockShard], decision: Decision
    ) -> None:
        last = decision.arrival is Arrival.COMPLETES
        actions = seated(Group.left if decision.again else Group.held, last=last)
        when: dict[str, Condition] = {"live": Group.status.is_in(*LIVE_STATES)}
        if decision.again:
            when["room"] = Group.left >= 1
            when["not_closed"] = Group.why.does_not_exist()
        if last:
            when["last"] = Group.paid == group.need - 1
            tx.update("group", group, actions, when=when, due=clock.now())
        else:
            when["not_last"] = Group.paid < group.need - 1
            tx.update("group", group, actions, when=when)
        units: list[Drawn] | None = None
        if decision.again and group.sku is None:
            units = stock.draw(shards, group.each)
            stock.add_draw(tx, shards, units)
        _seat_paid(tx, seat, order, SeatState.RELEASED if decision.again else SeatState.HELD, units)

    def release(self, order: Order) -> None:
        """Give back the seat, the limit and, for a leader, the whole pending group of an order proven unpaid."""
        ref = PaymentRef.of(order)
        if ref.role == SeatRole.SOLO:
            solo.release(order)
            return
        keys = (group_key(ref.mid, ref.object_id), seat_key(ref.mid, ref.object_id, ref.uid))
        found = read(*keys)
        group, seat = found.item(Group, keys[0]), found.item(Seat, keys[1])
        if group is None or seat is None:
            raise RippleError(NOT_FOUND)
        tx = Transaction()
        steps.add_release(tx, order)
        holds = {"order": Seat.order == order.oid, "held": Seat.state == SeatState.HELD}
        tx.update("seat", seat, [Seat.state.set(SeatState.RELEASED)], when=holds)
        opening = group.status == GroupState.PENDING
        units = seat.units or []
        if opening:
            units = [*units, *group.units]
            pending = {"pending": Group.status == GroupState.PENDING}
            void = [Group.status.set(GroupState.FAILED), Group.why.set("void"), Group.held.set(0), Group.units.set([])]
            tx.update("group", group, [*void, Group.left.add(1)], when=pending)
        else:
            held = {"held": Group.held >= 1, "live": Group.status.is_in(*LIVE_STATES)}
            tx.update("group", group, [Group.held.add(-1), Group.left.add(1)], when=held)
        taken = limit_key(ref.mid, ref.uid, ref.cid)
        limits.add_release(tx, taken, SeatRole(ref.role), group.each, opening=opening)
        stock.add_return(tx, ref.mid, ref.cid, seat.sku, units)
        tx.commit()

    def give_back(self, tx: Transaction, order: Order, read: Read, *, unsent: bool) -> list[Action]:
        """A seat that was won is refunded: its limits go back, and its units unless they were sent."""
        ref = PaymentRef.of(order)
        if ref.role == SeatRole.SOLO:
            return solo.give_back(tx, order, unsent=unsent)
        keys = (group_key(ref.mid, ref.object_id), seat_key(ref.mid, ref.object_id, ref.uid))
        found = read(*keys)
        group, seat = found.item(Group, keys[0]), found.item(Seat, keys[1])
        if group is None or seat is None:
            raise RippleError(NOT_FOUND)
        won = {"order": Seat.order == order.oid, "won": Seat.state == SeatState.WON}
        gone = [Seat.units.set([])] if unsent else []
        tx.update("seat", seat, [Seat.state.set(SeatState.REFUNDED), *gone], when=won)
        limits.add_loss(tx, limit_key(ref.mid, ref.uid, ref.cid), group.each)
        if unsent and group.sku is None:
            stock.add_return(tx, ref.mid, ref.cid, seat.sku, seat.units or [])
        elif unsent:
            kept, back = stock.parted(group.units, sum(drawn.units for drawn in group.units) - group.each)
            tx.update("group", group, [Group.units.set(kept)], when={"as_seen": Group.units == group.units})
            stock.add_return(tx, ref.mid, ref.cid, seat.sku, back)
        return []


def seated(room: IntAttribute, *, last: bool) -> list[Action]:
    """One seat more of a group is paid, out of the ``room`` that it was in; the ``last`` one completes it."""
    ends = [Group.status.set(GroupState.SUCCEEDED), Group.gsi1pk.remove(), Group.gsi1sk.remove()]
    return [Group.paid.add(1), room.add(-1), *(ends if last else ())]


GROUPBUY = GroupBuy()
"""What orders are given as their play."""


def _leader_shards(ref: PaymentRef) -> list[Key]:
    campaign = live(ref.mid, ref.cid, GroupBuyOffer)
    return stock.keys(campaign, campaign.offer.skus[0].sku_id) if campaign.offer.one_sku else []


def _seat_paid(tx: Transaction, seat: Seat, order: Order, was: SeatState, units: list[Drawn] | None = None) -> None:
    mine = {"order": Seat.order == order.oid, "was": Seat.state == was}
    actions = [Seat.state.set(SeatState.PAID)] + ([Seat.units.set(units)] if units is not None else [])
    tx.update("seat", seat, actions, when=mine)
