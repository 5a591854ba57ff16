"""Opening a group and taking a seat: one read round, one pure decision, one transaction, then WeChat is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pynamodb.expressions.condition import Condition

from chalicelib.accounts.items import User, user_key
from chalicelib.campaigns import stock
from chalicelib.campaigns.items import StockShard
from chalicelib.campaigns.service import Live, live
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, UNAUTHENTICATED, RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import CampaignId, GroupId, MerchantId, OrderId, UserId
from chalicelib.core.store import Found
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.groupbuy import problems, rules
from chalicelib.groupbuy.items import Group, Limit, Seat, campaign_of, group_id, group_key, limit_key, seat_key
from chalicelib.groupbuy.states import Drawn, GroupState, SeatState
from chalicelib.orders import prepay
from chalicelib.orders.items import Line, Order, order_key, user_index
from chalicelib.orders.states import OrderState

PLAY = "groupbuy"


@dataclass(frozen=True)
class Held:
    """A seat that is held, and what the client needs to pay for it; ``pay`` is None when WeChat gave no answer yet."""

    order: Order
    pay: dict[str, str] | None


def open_group(intent: Intent, cid: CampaignId, sku_id: str | None) -> Held:
    """Open a group: the leader's own seat and unit are held, the rest is taken when he pays.

    Raises `NOT_RUNNING`, `SOLD_OUT`, `OPENING_PENDING` and the limits.
    """
    mid, uid = intent.mid, UserId(intent.actor)
    oid, gid = OrderId(intent.ident("order")), group_id(cid, intent.ident("group", 16))
    keys = (order_key(mid, oid), user_key(mid, uid), limit_key(mid, uid, cid))

    def attempt(read: Read) -> tuple[Order, User, bool]:
        campaign = live(mid, cid)
        asked = rules.find_sku(campaign.offer, sku_id)
        shards = stock.keys(campaign, asked.sku_id) if asked else []
        found = read(*keys, *shards)
        user = _user(found, keys[1])
        if replay := _made_before(found, keys[0], intent):
            return replay, user, False
        sku = rules.sku_of(campaign.offer, sku_id)
        now = clock.now()
        _insist_running(campaign, now)
        left = _shards(found, shards)
        rules.insist_may_open(campaign.offer, found.item(Limit, keys[2]), sum(s.left for s in left))
        shard = stock.draw(left, 1)[0]
        price = rules.price_of(sku, leader=True)
        deadline = now + timedelta(seconds=campaign.offer.pay_window_seconds)
        order = _order(intent, campaign, oid, gid, user, Line(sku.sku_id, sku.title, 1, price), deadline, leader=True)
        one_sku = len(campaign.offer.skus) == 1
        size = campaign.offer.size
        group = Group(
            *group_key(mid, gid),
            status=GroupState.PENDING,
            need=size,
            paid=0,
            held=1,
            left=size - 1,
            version=campaign.version,
            leader=uid,
            sku=sku.sku_id if one_sku else None,
            units=[Drawn(shard.shard, 1)] if one_sku else [],
            lifetime=campaign.offer.group_seconds,
            honour=1 if campaign.offer.at_expiry == "honour_price" else 0,
            created_at=now,
        )
        tx = Transaction()
        tx.put("order", order)
        tx.put("group", group)
        tx.put("seat", _seat(order, user, sku.sku_id, None if one_sku else shard.shard))
        caps = {
            "opens": Limit.opens.does_not_exist() | (Limit.opens < campaign.offer.limits.open),
            "parts": Limit.parts.does_not_exist() | (Limit.parts < campaign.offer.limits.take_part),
            "no_pending": Limit.pending.does_not_exist(),
        }
        tx.upsert("limit", keys[2], [Limit.opens.add(1), Limit.parts.add(1), Limit.pending.set(gid)], when=caps)
        stock.add_draw(tx, left, [shard])
        tx.commit()
        return order, user, True

    return _asked(*decided_or_refused(attempt))


def join_group(intent: Intent, gid: GroupId, sku_id: str | None) -> Held:
    """Hold a seat in an open group; a released seat of the same user is taken again.

    Raises `GROUP_FULL`, `GROUP_ENDED`, `GROUP_ENDING`, `ALREADY_SEATED`, `SOLD_OUT` and the limits.
    """
    mid, uid, cid = intent.mid, UserId(intent.actor), campaign_of(gid)
    oid = OrderId(intent.ident("order"))
    keys = (
        order_key(mid, oid),
        user_key(mid, uid),
        limit_key(mid, uid, cid),
        group_key(mid, gid),
        seat_key(mid, gid, uid),
    )

    def attempt(read: Read) -> tuple[Order, User, bool]:
        campaign = live(mid, cid)
        asked = rules.find_sku(campaign.offer, sku_id)
        shards = stock.keys(campaign, asked.sku_id) if asked and len(campaign.offer.skus) > 1 else []
        found = read(*keys, *shards)
        user = _user(found, keys[1])
        if replay := _made_before(found, keys[0], intent):
            return replay, user, False
        sku = rules.sku_of(campaign.offer, sku_id)
        group, seat, limit = found.item(Group, keys[3]), found.item(Seat, keys[4]), found.item(Limit, keys[2])
        if group is None or (group.status == GroupState.PENDING and group.leader != uid):
            raise RippleError(NOT_FOUND)
        now = clock.now()
        _insist_not_stopped(campaign)
        left = _shards(found, shards)
        offer = campaign.offer
        rules.insist_may_join(offer, group, seat, limit, sum(s.left for s in left), now)
        if group.expires_at is None:
            raise RippleError(NOT_FOUND)
        drawn = stock.draw(left, 1) if shards else []
        deadline = min(now + timedelta(seconds=offer.pay_window_seconds), group.expires_at)
        line = Line(sku.sku_id, sku.title, 1, rules.price_of(sku, leader=False))
        order = _order(intent, campaign, oid, gid, user, line, deadline, leader=False)
        tx = Transaction()
        tx.put("order", order)
        room = {
            "open": Group.status == GroupState.OPEN,
            "room": Group.left >= 1,
            "in_time": Group.expires_at >= now + rules.LAST_HOLD,
        }
        tx.update("group", group, [Group.held.add(1), Group.left.add(-1)], when=room)
        free: dict[str, Condition] = {"free": Seat.pk.does_not_exist()}
        if seat is not None:
            free = {"released": Seat.state == SeatState.RELEASED, "same": Seat.take == seat.take}
        tx.put("seat", _seat(order, user, sku.sku_id, drawn[0].shard if drawn else None, seat), when=free)
        caps = {
            "joins": Limit.joins.does_not_exist() | (Limit.joins < offer.limits.join),
            "parts": Limit.parts.does_not_exist() | (Limit.parts < offer.limits.take_part),
        }
        tx.upsert("limit", keys[2], [Limit.joins.add(1), Limit.parts.add(1)], when=caps)
        stock.add_draw(tx, left, drawn)
        tx.commit()
        return order, user, True

    return _asked(*decided_or_refused(attempt))


def _asked(order: Order, user: User, new: bool) -> Held:
    if new:
        return Held(order, prepay.first_prepay(order, user))
    if order.state != OrderState.HELD or clock.now() > order.deadline - prepay.LAST_CALL:
        return Held(order, None)
    return Held(order, prepay.repeat_prepay(order, user))


def _user(found: Found, key: Key) -> User:
    user = found.item(User, key)
    if user is None:
        raise RippleError(UNAUTHENTICATED)
    return user


def _made_before(found: Found, key: Key, intent: Intent) -> Order | None:
    order = found.item(Order, key)
    if order is not None:
        intent.insist_same(order.fingerprint)
    return order


def _shards(found: Found, keys: list[Key]) -> list[StockShard]:
    return [shard for key in keys if (shard := found.item(StockShard, key)) is not None]


def _insist_running(campaign: Live, now: datetime) -> None:
    _insist_not_stopped(campaign)
    if campaign.status != "published" or not campaign.starts_at <= now < campaign.ends_at:
        raise RippleError(problems.NOT_RUNNING, status=campaign.status)


def _insist_not_stopped(campaign: Live) -> None:
    if campaign.status == "paused":
        raise RippleError(problems.NOT_RUNNING, status=campaign.status)


def _order(
    intent: Intent,
    campaign: Live,
    oid: OrderId,
    gid: GroupId,
    user: User,
    line: Line,
    deadline: datetime,
    *,
    leader: bool,
) -> Order:
    now = clock.now()
    order = Order(
        *order_key(intent.mid, oid),
        uid=intent.actor,
        play=PLAY,
        cid=campaign_of(gid),
        gid=gid,
        version=campaign.version,
        state=OrderState.HELD,
        lines=[line],
        total_fen=line.price_fen * line.quantity,
        leader=int(leader),
        deadline=deadline,
        fingerprint=intent.fingerprint,
        created_at=now,
    )
    order.gsi1pk, order.gsi1sk = user_index(intent.mid, UserId(intent.actor)), f"O#{clock.iso(now)}#{oid}"
    order.set_due(deadline)
    prepay.freeze(order, user.openid)
    return order


def _seat(order: Order, user: User, sku_id: str, shard: int | None, before: Seat | None = None) -> Seat:
    mid = MerchantId(order.mid)
    seat = Seat(
        *seat_key(mid, order.gid, order.uid),
        order=order.oid,
        state=SeatState.HELD,
        take=before.take + 1 if before else 1,
        sku=sku_id,
        shard=shard,
        nickname=user.nickname,
        avatar_url=user.avatar_url,
        created_at=before.created_at if before else order.created_at,
    )
    seat.gsi1pk, seat.gsi1sk = user_index(mid, order.uid), f"G#{clock.iso(seat.created_at)}#{order.gid}"
    return seat
