"""What a payment, or its proven absence, does to a code that was ordered with: the play's side of `orders.play`.

An order that may be paid, or was, is named by its code and by no other, and its code by it: the order's own state is
the fence of both. The unit of stock goes with the code (`buying`).
"""

from __future__ import annotations

from pynamodb.expressions.update import Action

from chalicelib.campaigns import stock
from chalicelib.campaigns.kinds.codes import Funding
from chalicelib.campaigns.stock import Drawn
from chalicelib.core import clock
from chalicelib.core.decision import Read
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.store import Found, read
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.orders import steps, stuck, tenders
from chalicelib.orders.items import Order
from chalicelib.orders.play import Capture, PaymentRef
from chalicelib.orders.states import OrderState
from chalicelib.voucher import redeeming, rules
from chalicelib.voucher.finding import document_of
from chalicelib.voucher.goods import HOLDER, code_of
from chalicelib.voucher.items import Batch, Redeemed, Used, batch_key, redeemed_key, used_key


class Vouchers:
    """The play that orders of ``voucher`` belong to."""

    roles: frozenset[str] = frozenset({HOLDER})

    def reads(self, ref: PaymentRef) -> list[Key]:
        """The code, its batch, and how many its payer has redeemed."""
        return [*_keys(ref), redeemed_key(ref.mid, ref.uid, ref.cid)]

    def capture(self, ref: PaymentRef, order: Order, capture: Capture, found: Found) -> str:
        """Record money: it confirms a live order, redeems the code once more for a released one, or is owed back."""
        tx = Transaction()
        if order.state in (OrderState.HELD, OrderState.CLOSING):
            steps.add_capture(tx, order, capture, OrderState.CONFIRMED)
            steps.add_purchase(tx, order)
        elif (held := _again(tx, ref, order, found)) is not None:
            steps.add_capture(tx, order, capture, OrderState.CONFIRMED, held=held)
            steps.add_purchase(tx, order)
        else:
            steps.add_owed_capture(tx, order, capture)
            tx.commit()
            return "owed"
        tx.commit()
        return "bought"

    def release(self, order: Order) -> None:
        """An order is proven unpaid: its code is free again, or ends where its batch or range has ended meanwhile."""
        ref = PaymentRef.of(order)
        seen, batch = _seen(read(*_keys(ref)), ref)
        tx = Transaction()
        steps.add_release(tx, order)
        redeeming.add_freed(tx, document_of(ref.mid, ref.cid), batch, seen, clock.now(), undone=False)
        tx.commit()

    def give_back(self, tx: Transaction, order: Order, read: Read, *, unsent: bool) -> list[Action]:
        """All of its money goes back: its code stays used up, and its unit goes back to the SKU unless it was sent.

        What was sold stays spent, as wherever codes end: its unit is kept for whoever bought the code, who has got
        neither code nor goods, until his merchant has paid him back, which is said among stuck money.
        """
        if not unsent:
            return []
        ref = PaymentRef.of(order)
        bid, serial = code_of(ref.object_id)
        if document_of(ref.mid, ref.cid).funding is Funding.SOLD:
            facts: stuck.Facts = {"batch_id": bid, "serial": serial, "order_id": order.oid}
            stuck.add(tx, ref.mid, stuck.Reason.CODE_REFUND_OWED, f"{bid}-{serial}", facts)
        else:
            stock.add_return(tx, ref.mid, ref.cid, order.lines[0].sku_id, [Drawn(0, 1)])
        return []


VOUCHERS = Vouchers()
"""What orders are given as their play."""


def _keys(ref: PaymentRef) -> tuple[Key, Key]:
    """Where the code of an order stands, and its batch."""
    bid, serial = code_of(ref.object_id)
    return used_key(ref.mid, bid, serial), batch_key(ref.mid, bid)


def _seen(found: Found, ref: PaymentRef) -> tuple[Used, Batch]:
    code, lot = _keys(ref)
    seen, batch = found.item(Used, code), found.item(Batch, lot)
    if seen is None or batch is None:
        raise RippleError(NOT_FOUND)
    return seen, batch


def _again(tx: Transaction, ref: PaymentRef, order: Order, found: Found) -> Found | None:
    """Redeem the code of a released order once more, in ``tx``; None, and nothing in it, where that cannot be.

    Returns what was found of the order's parts, which are held anew.
    """
    if order.state is not OrderState.RELEASED:
        return None
    seen, batch = _seen(found, ref)
    offer = document_of(ref.mid, ref.cid)
    if not rules.takes_again(
        offer, batch, seen, ref.uid, found.item(Redeemed, redeemed_key(ref.mid, ref.uid, ref.cid))
    ):
        return None
    held = tenders.again(order)
    if held is None:
        return None
    used = redeeming.used(batch, seen.serial, seen, clock.now(), None, uid=ref.uid, order=order.oid)
    redeeming.add_redeemed(tx, batch, used, seen, None)
    redeeming.add_limit(tx, offer, batch, ref.uid)
    return held
