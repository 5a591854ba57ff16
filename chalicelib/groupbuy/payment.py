"""What a payment, or its proven absence, does to a group: the play's side of `orders.play`."""

from __future__ import annotations

from datetime import timedelta

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.campaigns import stock
from chalicelib.campaigns.items import StockShard
from chalicelib.campaigns.kinds.groupbuy import GroupBuyOffer
from chalicelib.campaigns.live import live
from chalicelib.core import clock
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.store import Found, read
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.groupbuy import rules
from chalicelib.groupbuy.items import Group, Limit, Seat, group_key, limit_key, list_entry, seat_key
from chalicelib.groupbuy.rules import Arrival, Decision
from chalicelib.groupbuy.states import Drawn, GroupState, SeatRole, SeatState
from chalicelib.orders import steps
from chalicelib.orders.items import Order
from chalicelib.orders.play import Capture, PaymentRef

LIVE_STATES = (GroupState.OPEN, GroupState.SETTLING)


class GroupBuy:
    """The play that orders of ``groupbuy`` belong to."""

    roles: frozenset[str] = frozenset(SeatRole)

    def reads(self, ref: PaymentRef) -> list[Key]:
        """Group, seat, limit, and for a leader the stock he is about to take."""
        keys = [
            group_key(ref.mid, ref.object_id),
            seat_key(ref.mid, ref.object_id, ref.uid),
            limit_key(ref.mid, ref.uid, ref.cid),
        ]
        return keys + (_leader_shards(ref) if ref.role == SeatRole.LEADER else [])

    def capture(self, ref: PaymentRef, order: Order, capture: Capture, found: Found) -> str:
        """Record money for a seat: it opens the group, fills a seat, completes the group, or is owed back at once."""
        group = found.item(Group, group_key(ref.mid, ref.object_id))
        seat = found.item(Seat, seat_key(ref.mid, ref.object_id, ref.uid))
        if group is None or seat is None:
            raise RippleError(NOT_FOUND)
        limit = found.item(Limit, limit_key(ref.mid, ref.uid, ref.cid))
        shards = [item for item in found.values() if isinstance(item, StockShard)]
        if group.sku is None and seat.state == SeatState.RELEASED:
            again = stock.keys(live(ref.mid, ref.cid, GroupBuyOffer), seat.sku)
            shards = [s for s in read(*again).values() if isinstance(s, StockShard)]
        offer = live(ref.mid, ref.cid, GroupBuyOffer).offer
        decision = rules.arrival(offer, order, group, seat, limit, sum(s.left for s in shards))
        tx = Transaction()
        if decision.arrival is Arrival.OWED:
            steps.add_owed_capture(tx, order, capture)
        elif decision.arrival in (Arrival.OPENS, Arrival.NO_STOCK):
            self._leader(tx, group, seat, order, shards, opens=decision.arrival is Arrival.OPENS)
            tx.update("limit", limit_key(ref.mid, ref.uid, ref.cid), [Limit.pending.remove()], when={})
            steps.add_capture(tx, order, capture)
        else:
            self._member(tx, group, seat, order, shards, decision)
            if decision.again:
                _add_part(tx, limit_key(ref.mid, ref.uid, ref.cid), offer.limits.take_part, offer.limits.join)
            steps.add_capture(tx, order, capture)
        tx.commit()
        return decision.arrival.value

    def _leader(
        self, tx: Transaction, group: Group, seat: Seat, order: Order, shards: list[StockShard], *, opens: bool
    ) -> None:
        pending = {"pending": Group.status == GroupState.PENDING}
        _seat_paid(tx, seat, order, SeatState.HELD)
        now = clock.now()
        if opens:
            drawn = stock.draw(shards, group.need - 1) if group.sku is not None else []
            expires_at = now + timedelta(seconds=group.lifetime)
            list_pk, list_sk = list_entry(group, expires_at)
            actions = [
                Group.status.set(GroupState.OPEN),
                Group.paid.set(1),
                Group.held.set(0),
                Group.units.set(_sum(group.units, [Drawn(d.shard, d.units) for d in drawn])),
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
        stock.add_refusal(tx, shards, {d.shard: d.units for d in group.units})

    def _member(
        self, tx: Transaction, group: Group, seat: Seat, order: Order, shards: list[StockShard], decision: Decision
    ) -> None:
        from_room = Group.left if decision.again else Group.held
        when: dict[str, Condition] = {"live": Group.status.is_in(*LIVE_STATES)}
        if decision.again:
            when["room"] = Group.left >= 1
        actions: list[Action] = [Group.paid.add(1), from_room.add(-1)]
        if decision.arrival is Arrival.COMPLETES:
            when["last"] = Group.paid == group.need - 1
            actions += [Group.status.set(GroupState.SUCCEEDED), Group.gsi1pk.remove(), Group.gsi1sk.remove()]
            tx.update("group", group, actions, when=when, due=clock.now())
        else:
            when["not_last"] = Group.paid < group.need - 1
            tx.update("group", group, actions, when=when)
        shard: int | None = None
        if decision.again and group.sku is None:
            drawn = stock.draw(shards, 1)
            stock.add_draw(tx, shards, drawn)
            shard = drawn[0].shard
        _seat_paid(tx, seat, order, SeatState.RELEASED if decision.again else SeatState.HELD, shard)

    def release(self, order: Order) -> None:
        """Give back the seat, the limit and, for a leader, the whole pending group of an order proven unpaid."""
        ref = PaymentRef.of(order)
        keys = (group_key(ref.mid, ref.object_id), seat_key(ref.mid, ref.object_id, ref.uid))
        found = read(*keys)
        group, seat = found.item(Group, keys[0]), found.item(Seat, keys[1])
        if group is None or seat is None:
            raise RippleError(NOT_FOUND)
        tx = Transaction()
        steps.add_release(tx, order)
        holds = {"order": Seat.order == order.oid, "held": Seat.state == SeatState.HELD}
        tx.update("seat", seat, [Seat.state.set(SeatState.RELEASED)], when=holds)
        taken = Limit.opens if ref.role == SeatRole.LEADER else Limit.joins
        back: list[Action] = [Limit.parts.add(-1), taken.add(-1)]
        units = {d.shard: d.units for d in group.units} if group.status == GroupState.PENDING else {}
        if group.status == GroupState.PENDING:
            back.append(Limit.pending.remove())
            pending = {"pending": Group.status == GroupState.PENDING}
            void = [Group.status.set(GroupState.FAILED), Group.why.set("void"), Group.held.set(0), Group.units.set([])]
            tx.update("group", group, [*void, Group.left.add(1)], when=pending)
        else:
            held = {"held": Group.held >= 1, "live": Group.status.is_in(*LIVE_STATES)}
            tx.update("group", group, [Group.held.add(-1), Group.left.add(1)], when=held)
        if seat.shard is not None:
            units = {seat.shard: 1}
        tx.update("limit", limit_key(ref.mid, ref.uid, ref.cid), back, when={"taken": Limit.parts >= 1})
        stock.add_return(tx, ref.mid, ref.cid, seat.sku, units)
        tx.commit()


def _leader_shards(ref: PaymentRef) -> list[Key]:
    campaign = live(ref.mid, ref.cid, GroupBuyOffer)
    return stock.keys(campaign, campaign.offer.skus[0].sku_id) if campaign.offer.one_sku else []


def _seat_paid(tx: Transaction, seat: Seat, order: Order, was: SeatState, shard: int | None = None) -> None:
    mine = {"order": Seat.order == order.oid, "was": Seat.state == was}
    actions = [Seat.state.set(SeatState.PAID)] + ([Seat.shard.set(shard)] if shard is not None else [])
    tx.update("seat", seat, actions, when=mine)


def _add_part(tx: Transaction, key: Key, parts: int, joins: int) -> None:
    caps = {
        "parts": Limit.parts.does_not_exist() | (Limit.parts < parts),
        "joins": Limit.joins.does_not_exist() | (Limit.joins < joins),
    }
    tx.upsert("limit", key, [Limit.parts.add(1), Limit.joins.add(1)], when=caps)


def _sum(ours: list[Drawn], more: list[Drawn]) -> list[Drawn]:
    total: dict[int, int] = {}
    for drawn in (*ours, *more):
        total[drawn.shard] = total.get(drawn.shard, 0) + drawn.units
    return [Drawn(shard, units) for shard, units in sorted(total.items())]
