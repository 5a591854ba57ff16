"""Who may still pay for an order is reminded shortly before he may no longer."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import read_one
from chalicelib.notices.moments import Moment
from chalicelib.notices.reasons import Reason, shortly_before
from chalicelib.orders.items import Order, order_key
from chalicelib.orders.prepay import LAST_CALL
from chalicelib.orders.states import OrderState

BEFORE = timedelta(minutes=5)
"""How long before an order's deadline its payer is reminded."""


class Paying:
    """Whoever pays an order's money may do so (`notices.reasons.Reasons`)."""

    def reason(self, mid: MerchantId, uid: UserId, ident: str) -> Reason | None:
        order = read_one(Order, order_key(mid, ident))
        if order is None or order.state is not OrderState.HELD or uid != (order.payer or order.uid):
            return None
        return Reason(
            moment=Moment.PAY_ENDING,
            facts={
                "title": order.lines[0].title,
                "amount_fen": order.cash_fen,
                "order": order.oid,
                "until": clock.iso(order.deadline),
            },
            best=shortly_before(order.deadline, order.created_at, BEFORE),
            until=order.deadline - LAST_CALL,
            insists=lambda tx: tx.check("object", order, when={"held": Order.state == OrderState.HELD}),
        )


PAYING = Paying()
"""Who knows whether there is something to be reminded of an order."""
