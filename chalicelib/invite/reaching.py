"""What a friend does that brings his inviter something: his first help, his first order, and commission of his orders.

Each is told at least once, perhaps late, and happens once: a grant moves from promised to held, or is put under the
name of the order. An order that has ended meanwhile brings nothing, which is a condition of the same transaction.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from chalicelib.accounts.items import User, user_key
from chalicelib.campaigns.gifts import Gift
from chalicelib.campaigns.kinds.invite import Commission, InviteOffer, StageOn
from chalicelib.campaigns.live import live
from chalicelib.core import clock
from chalicelib.core.decision import decided
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.outbox import Done, Effect, EffectClass, OutboxEntry
from chalicelib.core.store import read, read_one
from chalicelib.core.transaction import Transaction
from chalicelib.invite import rules
from chalicelib.invite.awaiting import add_unfollowed, add_unhelped
from chalicelib.invite.earning import add_earned
from chalicelib.invite.friends import Friend, commission_ref, friend_key, offer_of, stage_key
from chalicelib.invite.items import Edge, edge_key
from chalicelib.invite.purse import Purse
from chalicelib.orders.items import Order, order_key
from chalicelib.orders.states import OrderState
from chalicelib.rewards import grants, minors
from chalicelib.rewards.give import Origin
from chalicelib.rewards.items import Grant, grant_key
from chalicelib.rewards.states import ORDER_REFUNDED, GrantState, Why


def helped(entry: OutboxEntry) -> Done:
    """Somebody who is awaited has helped: the stage is reached, and he is awaited no more."""
    mid, uid, at = MerchantId(entry.mid), UserId(entry.payload["uid"]), clock.parse(entry.payload["at"])

    def attempt() -> None:
        friend = read_one(Friend, friend_key(mid, uid))
        if friend is None or at > friend.until:
            return
        keys = stage_key(friend, StageOn.FIRST_HELP), user_key(mid, uid)
        found = read(*keys)
        grant, user = found.item(Grant, keys[0]), found.item(User, keys[1])
        if grant is None or user is None or grant.state is not GrantState.PROMISED:
            return
        tx = Transaction()
        stage = offer_of(mid, friend.cid, friend.version).stage(StageOn.FIRST_HELP)
        grants.add_reached(tx, grant, clock.now() + timedelta(days=stage.hold_days if stage else 0))
        add_unhelped(tx, user)
        tx.commit()

    decided(attempt)
    return Done()


FIRST_HELPS = Effect(EffectClass.SAME_NUMBER, helped)
"""How it is heard that somebody helped for the first time (`sharing.firsts`)."""


class Following:
    """What follows from the orders of those who were invited."""

    def confirmed(self, order: Order) -> None:
        """It may be his first, and may bring commission; later than promised, or of another kind, it brings nothing."""
        mid = order.mid
        friend = read_one(Friend, friend_key(mid, order.uid))
        if friend is None:
            return
        offer = offer_of(mid, friend.cid, friend.version)
        if not rules.counts(offer, order, friend.until):
            return
        if offer.stage(StageOn.FIRST_ORDER) is not None:
            decided(lambda: _first_order(mid, order.oid, offer))
        if offer.commission is not None:
            for level, uid in enumerate(_above(order, offer.commission), 1):
                decided(partial(_commission, order, friend, offer, level, uid))

    def returned(self, order: Order) -> None:
        """All of it went back: what it brought is undone. What stays of a part is asked when the hold is over."""
        if order.state is not OrderState.REFUND:
            return
        friend = read_one(Friend, friend_key(order.mid, order.uid))
        if friend is None:
            return
        if friend.order == order.oid:
            grants.undo(stage_key(friend, StageOn.FIRST_ORDER), ORDER_REFUNDED)
        offer = offer_of(order.mid, friend.cid, friend.version)
        if offer.commission is not None:
            for level, uid in enumerate(_above(order, offer.commission), 1):
                grants.undo(grant_key(order.mid, uid, commission_ref(friend.cid, order.oid, level)), ORDER_REFUNDED)


FOLLOWING = Following()
"""How this room follows orders."""


def _above(order: Order, rate: Commission) -> list[UserId]:
    """Who gets commission of an order: its buyer's inviter and, where there are two levels, that one's inviter."""
    edge = read_one(Edge, edge_key(order.mid, order.uid))
    return edge.ancestors[: rate.levels] if edge else []


def _first_order(mid: MerchantId, oid: str, offer: InviteOffer) -> None:
    bought = order_key(mid, oid)
    order = read_one(Order, bought)
    friend = read_one(Friend, friend_key(mid, order.uid)) if order else None
    if order is None or friend is None or friend.order is not None or order.state is not OrderState.CONFIRMED:
        return
    keys = stage_key(friend, StageOn.FIRST_ORDER), user_key(mid, order.uid)
    found = read(*keys)
    grant, user = found.item(Grant, keys[0]), found.item(User, keys[1])
    stage = offer.stage(StageOn.FIRST_ORDER)
    if grant is None or user is None or stage is None or grant.state is not GrantState.PROMISED:
        return
    tx = Transaction()
    grants.add_reached(tx, grant, clock.now() + timedelta(days=stage.hold_days))
    tx.update("friend", friend, [Friend.order.set(oid)], when={"first": Friend.order.does_not_exist()})
    tx.check("order", bought, when={"confirmed": Order.state == OrderState.CONFIRMED})
    if offer.commission is None:
        add_unfollowed(tx, user)
    tx.commit()


def _commission(order: Order, friend: Friend, offer: InviteOffer, level: int, uid: UserId) -> None:
    rate, mid = offer.commission, order.mid
    if rate is None:
        return
    amount = rules.commission(rate, level, rules.paid_goods(order, order.cash_fen))
    if amount == 0:
        return
    ref = commission_ref(friend.cid, order.oid, level)
    gift = Gift(amount=amount, form=rate.form)
    purse = Purse(live(mid, CampaignId(friend.cid), InviteOffer), {gift.currency: amount})
    bought, made, him = order_key(mid, order.oid), grant_key(mid, uid, ref), user_key(mid, uid)
    found = read(bought, made, him, *purse.keys)
    now_is = found.item(Order, bought)
    if found.item(Grant, made) is not None or now_is is None or now_is.state is not OrderState.CONFIRMED:
        return
    if minors.is_minor(found.item(User, him)):
        return
    origin = Origin(
        mid=mid,
        cid=CampaignId(friend.cid),
        version=friend.version,
        why=Why.INVITE_COMMISSION,
        ref=ref,
        subject=order.oid,
    )
    tx = Transaction()
    tx.check("order", bought, when={"confirmed": Order.state == OrderState.CONFIRMED})
    add_earned(tx, purse, purse.drawn(found), uid, gift, origin, timedelta(days=rate.hold_days))
    tx.commit()
