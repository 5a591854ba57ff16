"""What becomes of what an invitation brings when its hold is over: its order must stay, and no farm have made it."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.invite import rules
from chalicelib.invite.friends import Friend, friend_key, level_of, offer_of
from chalicelib.invite.items import Edge, edge_key
from chalicelib.invite.shapes import shape_of
from chalicelib.orders.items import Order, Payment, order_key, payment_key
from chalicelib.orders.states import OrderState
from chalicelib.rewards.grants import Ask, End, Go, Less, Ruling, Wait
from chalicelib.rewards.items import Grant
from chalicelib.rewards.states import ORDER_REFUNDED, GrantState, Why
from chalicelib.rewards.words import noted
from chalicelib.sharing.verdict import Signal

UNREACHED = timedelta(hours=1)
"""How soon a promise is looked at again that its friend has yet to end."""


class Holds:
    """Who decides about what invitations bring."""

    def rule(self, grant: Grant) -> Ruling:
        """Give it, unless its order may still go back or has, or what its inviter brought looks made."""
        now = clock.now()
        if grant.state is GrantState.PROMISED:
            return Wait(now + UNREACHED)
        order = _order(grant)
        if order is not None and (ruling := _of_order(grant, order, now)) is not None:
            return ruling
        return _of_shape(grant, order)


HOLDS = Holds()
"""How grants of this room are decided about."""


def _order(grant: Grant) -> Order | None:
    """The order that a grant is for, if it is for one."""
    if grant.why is Why.INVITE_FIRST_ORDER:
        friend = read_one(Friend, friend_key(grant.mid, grant.subject))
        oid = friend.order if friend else None
    elif grant.why is Why.INVITE_COMMISSION:
        oid = grant.subject
    else:
        return None
    order = read_one(Order, order_key(grant.mid, oid)) if oid else None
    if order is None:
        raise LookupError(f"the order of a grant: {grant.ref}")
    return order


def _of_order(grant: Grant, order: Order, now: datetime) -> Ruling | None:
    if order.state is OrderState.REFUND:
        return End(GrantState.VOID, ORDER_REFUNDED)
    if (until := rules.looked_at_again(order, now)) is not None:
        return Wait(until)
    if grant.why is not Why.INVITE_COMMISSION:
        return None
    rate = offer_of(grant.mid, grant.cid, grant.version).commission
    attempt = order.captured
    payment = read_one(Payment, payment_key(grant.mid, order.oid, attempt)) if attempt is not None else None
    stays = rules.paid_goods(order, payment.live_fen if payment else 0)
    worth = rules.commission(rate, level_of(grant.ref), stays) if rate else 0
    if worth == 0:
        return End(GrantState.VOID, ORDER_REFUNDED)
    return Less(worth) if worth < grant.gift.amount else None


def _of_shape(grant: Grant, order: Order | None) -> Ruling:
    """What a crowd looks like that nobody made is given; anything else the merchant is to look at."""
    child = order.uid if order is not None else grant.subject
    edge = read_one(Edge, edge_key(grant.mid, child))
    if edge is not None and grant.why is Why.INVITE_COMMISSION and level_of(grant.ref) > 1:
        edge = read_one(Edge, edge_key(MerchantId(grant.mid), edge.parent))
    if edge is None:
        return Go()
    shape = shape_of(edge)
    signals = [name for name, seen in ((Signal.STAR, shape.star), (Signal.CHAIN, shape.chain)) if seen]
    return Ask(noted(signals)) if signals else Go()
