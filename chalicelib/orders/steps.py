"""The order's own part of a play's transactions, so that its conditions are written once."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from pynamodb.expressions.update import Action

from chalicelib.accounts.items import User, user_key
from chalicelib.core import clock
from chalicelib.core.outbox import owe
from chalicelib.core.transaction import Transaction
from chalicelib.orders.items import (
    PAYMENT_SHARDS,
    Order,
    Payment,
    paid_on,
    payment_key,
    refund_number,
    trade_number,
)
from chalicelib.orders.play import Capture
from chalicelib.orders.states import Disposition, OrderState

REFUND = "wechat_refund"
"""The outbox's name of sending money back through WeChat Pay."""


def add_capture(
    tx: Transaction,
    order: Order,
    capture: Capture,
    state: OrderState = OrderState.PAID,
    also: Sequence[Action] = (),
) -> None:
    """The order becomes paid and its capture live; nothing here looks at the time, since the money is there.

    ``state`` is CONFIRMED where the play has nothing left to decide.

    An order that was paid under another attempt before keeps its due entry until every attempt is known.
    """
    same = {"same": Order.state == order.state, "attempt": Order.attempt == order.attempt}
    due = None if order.attempt == 1 else clock.now()
    actions = [Order.state.set(state), Order.captured.set(capture.attempt), *also]
    tx.update("order", order, actions, when=same, due=due)
    _add_payment(tx, order, capture, Disposition.LIVE)


def add_owed_capture(tx: Transaction, order: Order, capture: Capture) -> None:
    """Money that pays for nothing is owed back in the same write that records it."""
    same = {"same": Order.state == order.state}
    if order.state == OrderState.RELEASED:
        tx.update("order", order, [Order.state.set(OrderState.REFUND)], when=same)
    else:
        tx.check("order", order, when=same)
    _add_payment(tx, order, capture, Disposition.OWED)
    owe_refund(tx, order, capture.attempt, capture.total_fen)


def add_release(tx: Transaction, order: Order) -> None:
    """A closing order that is proven unpaid is released."""
    closing = {"closing": Order.state == OrderState.CLOSING}
    tx.update("order", order, [Order.state.set(OrderState.RELEASED)], when=closing, due=None)


def add_confirmation(tx: Transaction, order: Order) -> None:
    """The play succeeded for a paid order."""
    tx.update("order", order, [Order.state.set(OrderState.CONFIRMED)], when={"paid": Order.state == OrderState.PAID})
    add_purchase(tx, order)


def add_purchase(tx: Transaction, order: Order) -> None:
    """The buyer has ordered: from now on he is no newcomer (rules 3.2)."""
    now = clock.now()
    actions = [User.first_order_at.set(User.first_order_at | now), User.last_order_at.set(now)]
    tx.update("buyer", user_key(order.mid, order.uid), actions, when={})


def add_refund(tx: Transaction, order: Order) -> None:
    """The play failed for a paid order: its capture is owed back."""
    attempt = order.captured
    tx.update("order", order, [Order.state.set(OrderState.REFUND)], when={"paid": Order.state == OrderState.PAID})
    tx.update(
        "payment",
        payment_key(order.mid, order.oid, attempt),
        [Payment.disposition.set(Disposition.OWED), Payment.refund_number.set(refund_number(order.oid, attempt))],
        when={"live": Payment.disposition == Disposition.LIVE},
    )
    owe_refund(tx, order, attempt, order.total_fen)


def owe_refund(tx: Transaction, order: Order, attempt: int, amount_fen: int) -> None:
    """Owe the return of one capture, under the number that belongs to it."""
    number = refund_number(order.oid, attempt)
    payload = {
        "oid": order.oid,
        "attempt": attempt,
        "trade": trade_number(order.oid, attempt),
        "refund_fen": amount_fen,
        "total_fen": amount_fen,
    }
    owe(tx, "refund", order.mid, REFUND, number, payload)


def _add_payment(tx: Transaction, order: Order, capture: Capture, disposition: Disposition) -> None:
    key = payment_key(order.mid, order.oid, capture.attempt)
    payment = Payment(
        *key,
        uid=order.uid,
        object_id=order.object_id,
        disposition=disposition,
        total_fen=capture.total_fen,
        transaction_id=capture.transaction_id,
        paid_at=capture.paid_at,
        recorded_at=clock.now(),
        refund_number=refund_number(order.oid, capture.attempt) if disposition is Disposition.OWED else None,
    )
    payment.gsi1pk, payment.gsi1sk = day_index(order, capture)
    tx.put("payment", payment)


def day_index(order: Order, capture: Capture) -> tuple[str, str]:
    """Where a day's captures are found, in China's days (bills are cut there), sharded."""
    day = capture.paid_at.astimezone(clock.BEIJING).date()
    shard = zlib.crc32(order.pk.encode()) % PAYMENT_SHARDS
    return paid_on(order.mid, day, shard), f"{clock.iso(capture.paid_at)}#{order.oid}#{capture.attempt}"
