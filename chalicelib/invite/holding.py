"""What becomes of what an invitation brings when its hold is over: its order must stay, and no farm have made it."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.accounts.items import User, user_key
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read, read_one
from chalicelib.invite import rules
from chalicelib.invite.doubts import judged
from chalicelib.invite.friends import Friend, friend_key, level_of, offer_of
from chalicelib.invite.items import Edge, edge_key
from chalicelib.invite.shapes import shape_of
from chalicelib.orders import standing
from chalicelib.orders.items import Order, order_key
from chalicelib.orders.standing import Stands
from chalicelib.orders.states import OrderState
from chalicelib.rewards.grants import Ask, End, Go, Less, Ruling, Wait
from chalicelib.rewards.items import Grant
from chalicelib.rewards.states import ORDER_REFUNDED, GrantState, Why
from chalicelib.rewards.words import noted
from chalicelib.sharing.verdict import Outcome

UNREACHED = timedelta(hours=1)
"""How soon a promise is looked at again that its friend has yet to end."""


class Holds:
    """Who decides about what invitations bring."""

    def rule(self, grant: Grant) -> Ruling:
        """Give it, unless its order may still go back or has, or friend or crowd are doubtful."""
        now = clock.now()
        if grant.state is GrantState.PROMISED:
            return Wait(now + UNREACHED)
        stands = _stands(grant)
        if stands is not None and (ruling := _of_order(grant, stands, now)) is not None:
            return ruling
        ruling = _of_doubts(grant, stands.order if stands is not None else None)
        if isinstance(ruling, Go) and stands is not None:
            return Go(lambda tx: standing.add_as_seen(tx, stands))
        return ruling


HOLDS = Holds()
"""How grants of this room are decided about."""


def _stands(grant: Grant) -> Stands | None:
    """The order that a grant is for and what pays for it, if it is for one."""
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
    return standing.of(order)


def _of_order(grant: Grant, stands: Stands, now: datetime) -> Ruling | None:
    order = stands.order
    if order.state is OrderState.REFUND:
        return End(GrantState.VOID, ORDER_REFUNDED)
    if (until := rules.looked_at_again(order, now)) is not None:
        return Wait(until)
    if grant.why is not Why.INVITE_COMMISSION:
        return None
    rate = offer_of(grant.mid, grant.cid, grant.version).commission
    stays = rules.paid_goods(order, stands.money_fen)
    worth = rules.commission(rate, level_of(grant.ref), stays) if rate else 0
    if worth == 0:
        return End(GrantState.VOID, ORDER_REFUNDED)
    return Less(worth) if worth < grant.gift.amount else None


def _of_doubts(grant: Grant, order: Order | None) -> Ruling:
    """As sure as of any other act one must be of the friend that it is for."""
    keys = [key(grant.mid, order.uid if order is not None else grant.subject) for key in (edge_key, user_key)]
    found = read(*keys)
    edge, friend = found.item(Edge, keys[0]), found.item(User, keys[1])
    if edge is not None and grant.why is Why.INVITE_COMMISSION and level_of(grant.ref) > 1:
        edge = read_one(Edge, edge_key(MerchantId(grant.mid), edge.parent))
    if edge is None or friend is None:
        return Go()
    verdict = judged(friend, shape_of(edge), grant.gift.form)
    if verdict.outcome is Outcome.DENY:
        return End(GrantState.VOID, noted(verdict.reasons))
    return Ask(noted(verdict.reasons)) if verdict.outcome is Outcome.HOLD else Go()
