"""Money that goes back after an order was confirmed: a part of it, or all, with which the order ends."""

from __future__ import annotations

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.transaction import Transaction
from chalicelib.fulfilment import rules
from chalicelib.fulfilment.items import NOT_SHIPPED
from chalicelib.fulfilment.problems import CASE_OPEN
from chalicelib.merchants import audit
from chalicelib.orders import follows, owing, stuck
from chalicelib.orders.items import Order, Payment, order_key, payment_key
from chalicelib.orders.play import PLAYS
from chalicelib.orders.plugged import RETURNS
from chalicelib.orders.states import Cause, Delivery, OrderState


def give_back(intent: Intent, oid: str, amount_fen: int | None, note: str) -> None:
    """The merchant gives money back without being asked, all that is left unless he says less.

    An order that asked for nothing ends all the same; one of a play of `RETURNS` gives its money back as that says.

    Raises `NOT_FOUND`, `UNDECIDED`, `NOT_DELIVERABLE`, `CASE_OPEN`, `TOO_MUCH`, `TOO_MANY_REFUNDS`.
    """
    keys = record_key(intent), order_key(intent.mid, oid)

    def attempt(read: Read) -> None:
        found = read(*keys)
        if recorded(intent, found[keys[0]]) is not None:
            return
        order = found.item(Order, keys[1])
        if order is None:
            raise RippleError(NOT_FOUND)
        if order.play in RETURNS:
            RETURNS[order.play].give_back(intent, order, amount_fen, note)
            return
        rules.insist_confirmed(order)
        if order.case is not None:
            raise RippleError(CASE_OPEN)
        payment = live_payment(read, order)
        live = owing.live_fen(order, payment)
        amount = max(min(1, order.total_fen), live) if amount_fen is None else amount_fen
        rules.insist_refundable(live, payment, amount, "/amount_fen")
        tx = Transaction()
        add(tx, order, payment, amount, Cause.MERCHANT, read)
        add_record(tx, intent)
        audit.add(tx, order.mid, intent.actor, "order.refund", oid, amount_fen=str(amount), note=note)
        tx.commit()

    decided_or_refused(attempt)


def live_payment(read: Read, order: Order) -> Payment | None:
    """The capture that pays for the order; none where no money does."""
    if order.captured is None:
        return None
    key = payment_key(order.mid, order.oid, order.captured)
    return read(key).item(Payment, key)


def add(
    tx: Transaction,
    order: Order,
    payment: Payment | None,
    amount_fen: int,
    why: Cause,
    read: Read,
    *,
    case: int | None = None,
) -> str:
    """So much of what is live goes back; where nothing stays live the order ends, and its play hears of it.

    ``case`` is the one that ends with it. Returns the number that the money goes back under.
    """
    number, parts = owing.add_part_refund(tx, order, payment, amount_fen, why)
    when: dict[str, Condition] = {
        "confirmed": Order.state == OrderState.CONFIRMED,
        "as_seen": Order.delivery == order.delivery,
    }
    if parts and order.parts:
        when["parts"] = Order.parts == order.parts
    freed: list[Action] = []
    if case is None:
        when["no_case"] = Order.case.does_not_exist()
    else:
        when["mine"] = Order.case == case
        freed = [Order.case.remove()]
    if amount_fen == owing.live_fen(order, payment):
        unsent = order.delivery == Delivery.WAITING
        given = PLAYS[order.play].give_back(tx, order, read, unsent=unsent)
        off = [Order.state.set(OrderState.REFUND), Order.gsi3pk.remove(), Order.gsi3sk.remove()]
        tx.update("order", order, [*off, *freed, *parts, *given], when=when, due=None)
        stuck.add_end(tx, order.mid, NOT_SHIPPED, order.number)
    elif freed:
        tx.update("order", order, [*freed, *parts], when=when, due=clock.now())
    elif parts:
        tx.update("order", order, parts, when=when)
    else:
        tx.check("order", order, when=when)
    follows.add_returned(tx, order, number)
    return number
