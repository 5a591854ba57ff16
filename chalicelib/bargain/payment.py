"""What a payment, or its proven absence, does to a bargain: the play's side of `orders.play`."""

from __future__ import annotations

from datetime import timedelta

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.bargain import endings, rules
from chalicelib.bargain.items import BARGAIN, Bargain, bargain_key
from chalicelib.bargain.quotes import BUYER
from chalicelib.bargain.states import BargainState
from chalicelib.campaigns import stock
from chalicelib.core import clock
from chalicelib.core.decision import Read
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.store import Found, read
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.orders import steps
from chalicelib.orders.items import Order
from chalicelib.orders.play import Capture, PaymentRef
from chalicelib.orders.states import OrderState


class Bargaining:
    """The play that orders of ``bargain`` belong to."""

    roles: frozenset[str] = frozenset({BUYER})

    def reads(self, ref: PaymentRef) -> list[Key]:
        """The bargain."""
        return [bargain_key(ref.mid, ref.object_id)]

    def capture(self, ref: PaymentRef, order: Order, capture: Capture, found: Found) -> str:
        """Record money: it buys the bargain of a live order, and is owed back for any other, whose price has moved."""
        bargain = found.item(Bargain, bargain_key(ref.mid, ref.object_id))
        if bargain is None:
            raise RippleError(NOT_FOUND)
        tx = Transaction()
        if not rules.buys(bargain, order):
            steps.add_owed_capture(tx, order, capture)
            tx.commit()
            return "owed"
        own = {"ordering": Bargain.status == BargainState.ORDERING, "order": Bargain.order == order.oid}
        tx.update("bargain", bargain, endings.add_bought(tx, bargain), when=own)
        steps.add_capture(tx, order, capture, OrderState.CONFIRMED, about=(BARGAIN, bargain.bid))
        steps.add_purchase(tx, order)
        tx.commit()
        return "bought"

    def release(self, order: Order) -> None:
        """An order is proven unpaid: its bargain goes on where it was, or ends if its merchant has closed it."""
        bargain = _of(order, read)
        tx = Transaction()
        steps.add_release(tx, order)
        if bargain.to_close is not None:
            _add_closed(tx, bargain, order)
        else:
            _add_resumed(tx, bargain, order)
        stock.add_return(tx, order.mid, bargain.cid, bargain.sku, order.units or [], name="ordered")
        tx.commit()

    def give_back(self, tx: Transaction, order: Order, read: Read, *, unsent: bool) -> list[Action]:
        """All money of a bought bargain goes back: so do what it spent of the budget, and its unit unless it was sent.

        Having started it stays counted.
        """
        bargain = _of(order, read)
        own = {"bought": Bargain.status == BargainState.BOUGHT, "order": Bargain.order == order.oid}
        gone = [Bargain.units.set([])] if unsent else []
        tx.update("bargain", bargain, [Bargain.escrow.set([]), *gone], when=own)
        endings.add_to_budget(tx, bargain, bargain.escrow)
        if not unsent:
            return []
        stock.add_return(tx, order.mid, bargain.cid, bargain.sku, [*bargain.units, *(order.units or [])])
        return [Order.units.remove()]


BARGAINING = Bargaining()
"""What orders are given as their play."""


def _of(order: Order, read: Read) -> Bargain:
    key = bargain_key(order.mid, order.object_id)
    bargain = read(key).item(Bargain, key)
    if bargain is None:
        raise RippleError(NOT_FOUND)
    return bargain


def _add_resumed(tx: Transaction, bargain: Bargain, order: Order) -> None:
    """Back to where it was: an early order gives the frozen time back, at the floor the claim window ran on."""
    now = clock.now()
    when: dict[str, Condition] = {
        "ordering": Bargain.status == BargainState.ORDERING,
        "order": Bargain.order == order.oid,
        "not_closed": Bargain.to_close.does_not_exist(),
    }
    actions: list[Action] = [Bargain.order.remove(), Bargain.before.remove(), Bargain.rest_ms.remove()]
    if rules.is_frozen(bargain):
        due = now + timedelta(milliseconds=bargain.rest_ms or 0)
        actions += [Bargain.status.set(BargainState.ACTIVE), Bargain.expires_at.set(due)]
    else:
        due = max(now, bargain.claim_until or now)
        actions.append(Bargain.status.set(BargainState.FLOOR))
    tx.update("bargain", bargain, actions, when=when, due=due)


def _add_closed(tx: Transaction, bargain: Bargain, order: Order) -> None:
    """Nobody paid, and its merchant had closed it meanwhile."""
    when = {
        "ordering": Bargain.status == BargainState.ORDERING,
        "order": Bargain.order == order.oid,
        "marked": Bargain.to_close.exists(),
    }
    tx.update("bargain", bargain, [*endings.ended(BargainState.CLOSED), Bargain.order.remove()], when=when, due=None)
    endings.add_back(tx, bargain)
