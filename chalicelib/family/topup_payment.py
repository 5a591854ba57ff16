"""What a payment, or its proven absence, does to a wallet that is topped up: the play's side of `orders.play`.

Whatever has become of the family meanwhile, money that was taken for it becomes its value: it can be asked for back.
"""

from __future__ import annotations

from pynamodb.expressions.update import Action

from chalicelib.core.decision import Read
from chalicelib.core.errors import RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.store import Found
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.family import purse, topup_back
from chalicelib.family.items import Family, family_key
from chalicelib.family.states import Why
from chalicelib.family.topup import FILLER, family_of
from chalicelib.orders import steps
from chalicelib.orders.items import Order
from chalicelib.orders.play import Capture, PaymentRef
from chalicelib.orders.states import OrderState


class TopUps:
    """The play that orders of ``topup`` belong to (`orders.play.Play`)."""

    roles: frozenset[str] = frozenset({FILLER})

    def reads(self, ref: PaymentRef) -> list[Key]:
        """Nothing: the wallet is written as it is."""
        return []

    def capture(self, ref: PaymentRef, order: Order, capture: Capture, found: Found) -> str:
        """Record money: the wallet has what it buys, or it is owed back where its order was given up."""
        tx = Transaction()
        if order.state not in (OrderState.HELD, OrderState.CLOSING):
            steps.add_owed_capture(tx, order, capture)
            tx.commit()
            return "owed"
        fen, fid = order.total_fen, family_of(order.object_id)
        steps.add_capture(tx, order, capture, OrderState.CONFIRMED)
        arrived = [Family.arriving.add(-fen), Family.paid.add(fen), Family.credits.add(1)]
        tx.update("family", family_key(ref.mid, fid), arrived, when={"arriving": Family.arriving >= fen})
        at, oid = capture.paid_at, order.oid
        purse.add_move(tx, ref.mid, fid, at, oid, Why.TOPPED_UP, paid=fen, by=order.uid, subject=oid)
        tx.commit()
        return "bought"

    def release(self, order: Order) -> None:
        """An order is proven unpaid: nothing of it is on its way any more."""
        fen, fid = order.total_fen, family_of(order.object_id)
        tx = Transaction()
        steps.add_release(tx, order)
        gone = [Family.arriving.add(-fen)]
        tx.update("family", family_key(order.mid, fid), gone, when={"arriving": Family.arriving >= fen})
        tx.commit()

    def give_back(self, tx: Transaction, order: Order, read: Read, *, unsent: bool) -> list[Action]:
        """No money of it goes back without its value: raises `TOPUP_BACK`."""
        raise topup_back.by_wallet(order)


class Back:
    """How money of a top-up goes back (`orders.play.Returns`)."""

    def refusal(self, order: Order) -> RippleError:
        return topup_back.by_wallet(order)

    def give_back(self, intent: Intent, order: Order, amount_fen: int | None, note: str) -> None:
        topup_back.give_back(intent, order.oid, amount_fen, note)


TOPUPS = TopUps()
"""What orders are given as their play."""
BACK = Back()
