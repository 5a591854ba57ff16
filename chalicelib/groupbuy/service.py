"""Opening a group and taking a seat: one read round, one pure decision, one transaction, then WeChat is asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.accounts.items import User, user_index
from chalicelib.accounts.mask import public_avatar, public_name
from chalicelib.accounts.newcomer import Verdict
from chalicelib.campaigns import stock
from chalicelib.campaigns.kinds.groupbuy import GroupBuyOffer
from chalicelib.campaigns.live import Live, live
from chalicelib.campaigns.offer import find_sku, sku_of
from chalicelib.campaigns.stock import Drawn, Shelf
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import CampaignId, UserId
from chalicelib.core.transaction import UNSET, Transaction, Unset
from chalicelib.groupbuy import limits, quotes, rules
from chalicelib.groupbuy.items import (
    GROUP,
    PLAY,
    Group,
    GroupId,
    Limit,
    Seat,
    campaign_of,
    group_id,
    group_key,
    limit_key,
    list_entry,
    seat_key,
)
from chalicelib.groupbuy.payment import seated
from chalicelib.groupbuy.states import GroupState, SeatRole, SeatState
from chalicelib.orders import placing, steps
from chalicelib.orders.items import Order
from chalicelib.orders.placing import Placed, Wish
from chalicelib.orders.play import PaymentRef
from chalicelib.sharing.items import Entry, entry_key
from chalicelib.sharing.rules import attributed


def open_group(intent: Intent, cid: CampaignId, wish: Wish) -> Placed:
    """Open a group: the leader's own seat and unit are held, the rest is taken when he pays, which may be at once.

    Raises `NOT_RUNNING`, `SOLD_OUT`, `OPENING_PENDING`, the limits, and what `quotes.cost_of` raises.
    """
    mid, uid = intent.mid, UserId(intent.actor)
    gid = group_id(cid, intent.ident("group", 16))
    taken = limit_key(mid, uid, cid)

    def attempt(read: Read) -> tuple[Order, User, bool]:
        campaign = live(mid, cid, GroupBuyOffer)
        offer = campaign.offer
        asked = find_sku(offer.skus, wish.sku_id)
        shelf = Shelf(campaign, asked.sku_id if asked else None, offer.units_at_once, read)
        found = read(*placing.reads(intent, wish), taken, *shelf.keys)
        user = placing.buyer(found, intent)
        if replay := placing.made_before(found, intent):
            return replay, user, False
        sku = sku_of(offer.skus, wish.sku_id)
        now = clock.now()
        campaign.insist_running(now)
        left = shelf.seen(found)
        rules.insist_may_open(offer, found.item(Limit, taken), sum(s.left for s in left))
        cost = quotes.cost_of(intent, wish, campaign, sku, SeatRole.LEADER, offer.units_per_seat)
        ref = PaymentRef(mid, PLAY, gid, uid, SeatRole.LEADER)
        deadline = now + timedelta(seconds=offer.pay_window_seconds)
        order = placing.new_order(intent, user, ref, campaign, sku, wish, found, cost=cost, deadline=deadline)
        paid = not order.cash_fen
        if paid:
            steps.settle_at_once(order)
        units = stock.draw(left, offer.units_at_once if paid else offer.units_per_seat)
        tx = Transaction()
        placing.add(tx, order, wish, found, about=(GROUP, gid))
        tx.put("group", _group(campaign, gid, uid, units, paid=paid))
        tx.put("seat", _seat(order, user, sku.sku_id, units=None if offer.one_sku else units))
        limits.add_take(tx, taken, offer.limits, SeatRole.LEADER, offer.units_per_seat, opening=gid, pending=not paid)
        stock.add_draw(tx, left, units)
        tx.commit()
        return order, user, True

    order, user, new = decided_or_refused(attempt)
    return placing.asked(order, user, new=new)


def join_group(intent: Intent, gid: GroupId, wish: Wish) -> Placed:
    """Hold a seat in an open group; a released seat of the same user is taken again.

    Raises `GROUP_FULL`, `GROUP_ENDED`, `GROUP_ENDING`, `ALREADY_SEATED`, `NEW_USERS_ONLY`, `SOLD_OUT`, the limits,
    and what `quotes.cost_of` raises.
    """
    mid, uid, cid = intent.mid, UserId(intent.actor), campaign_of(gid)
    taken, place, mine = limit_key(mid, uid, cid), group_key(mid, gid), seat_key(mid, gid, uid)
    entry = entry_key(mid, uid, GROUP, gid)

    def attempt(read: Read) -> tuple[Order, User, bool]:
        campaign = live(mid, cid, GroupBuyOffer)
        offer = campaign.offer
        asked = find_sku(offer.skus, wish.sku_id)
        own = asked.sku_id if asked and not offer.one_sku else None
        shelf = Shelf(campaign, own, offer.units_per_seat, read)
        found = read(*placing.reads(intent, wish), taken, place, mine, entry, *shelf.keys)
        user = placing.buyer(found, intent)
        if replay := placing.made_before(found, intent):
            return replay, user, False
        sku = sku_of(offer.skus, wish.sku_id)
        group, seat, limit = found.item(Group, place), found.item(Seat, mine), found.item(Limit, taken)
        if group is None or (group.status == GroupState.PENDING and group.leader != uid):
            raise RippleError(NOT_FOUND)
        now = clock.now()
        campaign.insist_not_paused()
        left = shelf.seen(found)
        rules.insist_may_join(offer, group, seat, limit, sum(s.left for s in left), now)
        newcomer = rules.insist_welcome(offer, user, now)
        if group.expires_at is None:
            raise RippleError(NOT_FOUND)
        cost = quotes.cost_of(intent, wish, campaign, sku, SeatRole.MEMBER, group.each)
        units = stock.draw(left, group.each) if own else None
        ref = PaymentRef(mid, PLAY, gid, uid, SeatRole.MEMBER)
        deadline = min(now + timedelta(seconds=offer.pay_window_seconds), group.expires_at)
        order = placing.new_order(intent, user, ref, campaign, sku, wish, found, cost=cost, deadline=deadline)
        paid = not order.cash_fen
        if paid:
            steps.settle_at_once(order)
        tx = Transaction()
        placing.add(tx, order, wish, found, about=(GROUP, gid))
        room = {
            "open": Group.status == GroupState.OPEN,
            "room": Group.left >= 1,
            "in_time": Group.expires_at >= now + rules.LAST_HOLD,
        }
        actions: list[Action] = [Group.held.add(1), Group.left.add(-1)]
        due: datetime | Unset = UNSET
        if paid:
            last = group.paid + 1 == group.need
            actions, due = seated(Group.left, last=last), now if last else UNSET
            room["paid_as_seen"] = Group.paid == group.paid
        tx.update("group", group, actions, when=room, due=due)
        free: dict[str, Condition] = {"free": Seat.pk.does_not_exist()}
        if seat is not None:
            free = {"released": Seat.state == SeatState.RELEASED, "same": Seat.take == seat.take}
        sat = _seat(order, user, sku.sku_id, units=units, before=seat, verdict=newcomer)
        sat.came_by = attributed(found.item(Entry, entry), now)
        tx.put("seat", sat, when=free)
        limits.add_take(tx, taken, offer.limits, SeatRole.MEMBER, group.each)
        stock.add_draw(tx, left, units or [])
        tx.commit()
        return order, user, True

    order, user, new = decided_or_refused(attempt)
    return placing.asked(order, user, new=new)


def _group(campaign: Live[GroupBuyOffer], gid: GroupId, leader: UserId, units: list[Drawn], *, paid: bool) -> Group:
    offer, now = campaign.offer, clock.now()
    group = Group(
        *group_key(campaign.mid, gid),
        status=GroupState.OPEN if paid else GroupState.PENDING,
        need=offer.size,
        paid=1 if paid else 0,
        held=0 if paid else 1,
        left=offer.size - 1,
        version=campaign.version,
        leader=leader,
        sku=offer.skus[0].sku_id if offer.one_sku else None,
        each=offer.units_per_seat,
        units=units if offer.one_sku else [],
        lifetime=offer.group_seconds,
        honour=1 if offer.at_expiry == "honour_price" else 0,
        created_at=now,
    )
    if paid:
        group.expires_at = now + timedelta(seconds=group.lifetime)
        group.gsi1pk, group.gsi1sk = list_entry(group, group.expires_at)
        group.set_due(group.expires_at)
    return group


def _seat(
    order: Order,
    user: User,
    sku_id: str,
    *,
    units: list[Drawn] | None,
    before: Seat | None = None,
    verdict: Verdict | None = None,
) -> Seat:
    gid = order.object_id
    seat = Seat(
        *seat_key(order.mid, gid, order.uid),
        order=order.oid,
        state=SeatState.HELD if order.cash_fen else SeatState.PAID,
        take=before.take + 1 if before else 1,
        sku=sku_id,
        units=units,
        verdict=verdict,
        nickname=public_name(user),
        avatar_url=public_avatar(user),
        created_at=before.created_at if before else order.created_at,
    )
    seat.gsi1pk, seat.gsi1sk = user_index(order.mid, order.uid), f"G#{clock.iso(seat.created_at)}#{gid}"
    return seat
