"""What a payment, or its proven absence, does to a card that was ordered: the play's side of `orders.play`."""

from __future__ import annotations

from pynamodb.expressions.update import Action

from chalicelib.campaigns import stock
from chalicelib.campaigns.kinds.punchcard import PunchCardOffer
from chalicelib.campaigns.live import live
from chalicelib.core import clock
from chalicelib.core.decision import Read
from chalicelib.core.errors import RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.store import Found
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.family import standing
from chalicelib.orders import steps, tenders
from chalicelib.orders.items import Order
from chalicelib.orders.play import Capture, PaymentRef
from chalicelib.orders.states import OrderState
from chalicelib.punchcards import returning
from chalicelib.punchcards.cards import add_card
from chalicelib.punchcards.items import BUYER, family_of


class PunchCards:
    """The play that orders of ``punchcard`` belong to (`orders.play.Play`)."""

    roles: frozenset[str] = frozenset({BUYER})

    def reads(self, ref: PaymentRef) -> list[Key]:
        """The family and its buyer: money that comes late buys a card only for who may still spend."""
        return standing.keys(ref.mid, family_of(ref.object_id), ref.uid)

    def capture(self, ref: PaymentRef, order: Order, capture: Capture, found: Found) -> str:
        """Record money: the family has the card, also for a released order while there are any; or it is owed back.

        What was held when it was ordered is paid whatever has become of the family since.
        """
        tx = Transaction()
        if order.state in (OrderState.HELD, OrderState.CLOSING):
            steps.add_capture(tx, order, capture, OrderState.CONFIRMED)
        elif not self._again(tx, ref, order, capture, found):
            steps.add_owed_capture(tx, order, capture)
            tx.commit()
            return "owed"
        steps.add_purchase(tx, order)
        add_card(tx, order)
        tx.commit()
        return "bought"

    def release(self, order: Order) -> None:
        """An order is proven unpaid: its unit of stock goes back."""
        ref = PaymentRef.of(order)
        tx = Transaction()
        steps.add_release(tx, order)
        stock.add_return(tx, ref.mid, ref.cid, order.lines[0].sku_id, order.units or [])
        tx.commit()

    def give_back(self, tx: Transaction, order: Order, read: Read, *, unsent: bool) -> list[Action]:
        """No money of it goes back without its units: raises `CARD_REFUND_PATH`."""
        raise returning.by_shop(order)

    def _again(self, tx: Transaction, ref: PaymentRef, order: Order, capture: Capture, found: Found) -> bool:
        """Pay for a released order in ``tx`` all the same, as if it were made now; False where that cannot be."""
        fid, now = family_of(ref.object_id), clock.now()
        if order.state is not OrderState.RELEASED or not _may_spend(found, ref, fid):
            return False
        campaign, sku = live(ref.mid, ref.cid, PunchCardOffer), order.lines[0].sku_id
        shards = stock.gathered(found, stock.keys(campaign, sku), 1)
        units, held = stock.draw(shards, 1), tenders.again(order)
        if not units or held is None:
            return False
        steps.add_capture(tx, order, capture, OrderState.CONFIRMED, [Order.units.set(units)], held=held)
        if not standing.paid_from(order, fid):
            standing.add_may_spend(tx, ref.mid, fid, ref.uid, now)
        stock.add_draw(tx, shards, units)
        return True


class Back:
    """How money of a card goes back (`orders.play.Returns`): by `returning` alone, with its units."""

    def refusal(self, order: Order) -> RippleError:
        return returning.by_buyer(order)

    def give_back(self, intent: Intent, order: Order, amount_fen: int | None, note: str) -> None:
        raise returning.by_shop(order)


PUNCHCARDS = PunchCards()
"""What orders are given as their play."""
BACK = Back()


def _may_spend(found: Found, ref: PaymentRef, fid: str) -> bool:
    """Whether who ordered it may spend in the family."""
    try:
        standing.insist_may_spend(*standing.seen(found, ref.mid, fid, ref.uid), clock.now())
    except RippleError:
        return False
    return True
