"""What an order gives back: money is owed under a number of its own, parts are back with the write that says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.core import clock
from chalicelib.core.decision import Read
from chalicelib.core.ids import MerchantId
from chalicelib.core.outbox import owe
from chalicelib.core.table import table
from chalicelib.core.transaction import Transaction
from chalicelib.orders import follows, messages, stuck, tenders
from chalicelib.orders.items import Order, Part, Payment, Refund, payment_key, refund_key, refunded_on, shard_of
from chalicelib.orders.numbers import refund_number, trade_number
from chalicelib.orders.states import Cause, Disposition, OrderState

REFUND = "wechat_refund"
"""The outbox's name of sending money back through WeChat Pay."""

APART = timedelta(seconds=61)
"""WeChat takes refunds of one payment a minute apart (wechat.md 7.6)."""


def add_refund(tx: Transaction, order: Order) -> None:
    """The play failed for a paid order: its capture is owed back, all of it, and its parts go back."""
    paid = {"paid": Order.state == OrderState.PAID}
    actions: list[Action] = [Order.state.set(OrderState.REFUND)]
    parts, back = tenders.add_back(tx, order, order.total_fen)
    attempt, cash = order.captured, order.cash_fen
    if back:
        actions += [Order.parts.set(parts), *([] if cash else [Order.backs.set(1)])]
    tx.update("order", order, actions, when=paid)
    if not cash:
        _add_row(tx, order, 0, 0, Cause.PLAY_FAILED, cause=0, back=back)
        return
    tx.update(
        "payment",
        payment_key(order.mid, order.oid, attempt),
        [Payment.live_fen.set(0), Payment.owed_fen.set(cash), Payment.refunds.set(1)],
        when={"live": Payment.live_fen == cash},
    )
    owe_refund(tx, order, attempt, cash, Cause.PLAY_FAILED, of_fen=cash, back=back)


def live_fen(order: Order, payment: Payment | None) -> int:
    """How much pays for the order now, money and parts."""
    return (payment.live_fen if payment else 0) + sum(part.live_fen for part in order.paid_with)


def add_part_refund(
    tx: Transaction, order: Order, payment: Payment | None, amount_fen: int, why: Cause
) -> tuple[str, list[Action]]:
    """A part of what pays for the order, or all that is left of it, goes back: money first, then its parts.

    Money is owed; WeChat takes refunds `APART` from each other. Returns the number it goes under, and what changes on
    the order itself, as long as its parts are what was seen.
    """
    cash = min(amount_fen, payment.live_fen) if payment else 0
    parts, back = tenders.add_back(tx, order, amount_fen - cash)
    actions: list[Action] = [Order.parts.set(parts)] if back else []
    if payment is None or not cash:
        cause = order.backs or 0
        _add_row(tx, order, 0, 0, why, cause=cause, back=back)
        return refund_number(order.oid, 0, cause), [*actions, Order.backs.set(cause + 1)]
    now = clock.now()
    at = max(now, payment.refund_asked_at + APART) if payment.refund_asked_at else now
    tx.update(
        "payment",
        payment,
        [
            Payment.live_fen.add(-cash),
            Payment.owed_fen.add(cash),
            Payment.refunds.add(1),
            Payment.refund_asked_at.set(at),
        ],
        when={
            "live": Payment.live_fen >= cash,
            "as_seen": Payment.refunds == payment.refunds,
        },
    )
    cause = payment.refunds
    owe_refund(tx, order, payment.attempt, cash, why, of_fen=payment.total_fen, cause=cause, at=at, back=back)
    return refund_number(order.oid, payment.attempt, cause), actions


def captured(read: Read, order: Order) -> Payment | None:
    """The capture that pays for the order; none where no money does."""
    if order.captured is None:
        return None
    key = payment_key(order.mid, order.oid, order.captured)
    return read(key).item(Payment, key)


def add_value_back(
    tx: Transaction,
    order: Order,
    payment: Payment | None,
    amount_fen: int,
    why: Cause,
    also: Sequence[Action] = (),
) -> str:
    """So much of what bought value goes back, whose play takes that value out of where it is in ``tx``.

    Where nothing is left of it the confirmed order ends; ``also`` changes on it anyway. Returns the refund's number.
    """
    number, parts = add_part_refund(tx, order, payment, amount_fen, why)
    when: dict[str, Condition] = {"confirmed": Order.state == OrderState.CONFIRMED}
    if parts and order.parts:
        when["parts"] = Order.parts == order.parts
    actions: list[Action] = [*parts, *also]
    if amount_fen == live_fen(order, payment):
        off: list[Action] = [Order.state.set(OrderState.REFUND), Order.gsi3pk.remove(), Order.gsi3sk.remove()]
        tx.update("order", order, [*actions, *off], when=when, due=None)
        stuck.add_end(tx, order.mid, stuck.Reason.NOT_SHIPPED, order.number)
    elif actions:
        tx.update("order", order, actions, when=when)
    else:
        tx.check("order", order, when=when)
    follows.add_returned(tx, order, number)
    return number


def owe_refund(
    tx: Transaction,
    order: Order,
    attempt: int,
    amount_fen: int,
    why: Cause,
    *,
    of_fen: int,
    cause: int = 0,
    at: datetime | None = None,
    back: list[Part] | None = None,
) -> None:
    """Owe ``amount_fen`` of a capture of ``of_fen`` under a number of its own; WeChat is not asked before ``at``."""
    number = refund_number(order.oid, attempt, cause)
    payload = {
        "oid": order.oid,
        "attempt": attempt,
        "cause": cause,
        "trade": trade_number(order.oid, attempt),
        "refund_fen": amount_fen,
        "total_fen": of_fen,
        "at": clock.iso(at or clock.now()),
    }
    _add_row(tx, order, attempt, amount_fen, why, cause=cause, back=back)
    owe(tx, "refund", order.mid, REFUND, number, payload)


def _add_row(
    tx: Transaction, order: Order, attempt: int, amount_fen: int, why: Cause, *, cause: int, back: list[Part] | None
) -> None:
    """Write down what goes back at once, and why; what goes back without money is back by that."""
    now = clock.now()
    row = Refund(
        *refund_key(order.mid, order.oid, attempt, cause),
        uid=order.uid,
        amount_fen=amount_fen,
        back=back or None,
        state=Disposition.OWED if amount_fen else Disposition.REFUNDED,
        why=why,
        owed_at=now,
        refunded_at=None if amount_fen else now,
    )
    tx.put("owed", row)
    if not amount_fen and back:
        messages.add_back(tx, order, row)


def refund_index(mid: MerchantId, oid: str, attempt: int, cause: int, at: datetime) -> tuple[str, str]:
    """Where a day's refunds are found, by when they arrived, sharded as payments are."""
    pk = table(mid).pk("O", oid)
    day = clock.day_of(at)
    return refunded_on(mid, day, shard_of(pk)), f"{clock.iso(at)}#{oid}#{attempt}-{cause}"
