"""The order's own part of a play's transactions, so that its conditions are written once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from pynamodb.expressions.update import Action

from chalicelib.accounts.items import User, user_key
from chalicelib.campaigns.offer import Fulfilment
from chalicelib.core import chance, clock
from chalicelib.core.ids import CROCKFORD, MerchantId
from chalicelib.core.outbox import owe
from chalicelib.core.store import Found
from chalicelib.core.table import table
from chalicelib.core.transaction import Transaction
from chalicelib.orders import follows, messages, owing, stuck, tenders
from chalicelib.orders.items import (
    Order,
    Payment,
    paid_on,
    payment_key,
    shard_of,
)
from chalicelib.orders.numbers import trade_number
from chalicelib.orders.play import Capture
from chalicelib.orders.states import Cause, Delivery, OrderState
from chalicelib.orders.stuck import Reason

PRESALE = "wechat_presale"
"""The outbox's name of telling WeChat that goods go out later than others."""

CLOSING_SLOW = timedelta(hours=2)
"""How long after its deadline an order may wait for WeChat's word before somebody hears of it."""

CODE_LETTERS = 8

NOTHING = Found({})


def add_capture(
    tx: Transaction,
    order: Order,
    capture: Capture,
    state: OrderState = OrderState.PAID,
    also: Sequence[Action] = (),
    *,
    held: Found = NOTHING,
    about: messages.About | None = None,
) -> None:
    """The order becomes paid and its capture live; nothing here looks at the time, since the money is there.

    ``state`` is CONFIRMED where the play has nothing left to decide. A released order's parts are held anew by what
    `tenders.again` has ``held``. Its buyer is told, of what of the play it is ``about`` where that has a page.

    An order that was paid under another attempt before keeps its due entry until every attempt is known.
    """
    same = {"same": Order.state == order.state, "attempt": Order.attempt == order.attempt}
    order.paid_at = capture.paid_at
    actions = [
        Order.state.set(state),
        Order.captured.set(capture.attempt),
        Order.paid_at.set(capture.paid_at),
        *(_confirmed(order) if state is OrderState.CONFIRMED else ()),
        *also,
    ]
    due = order.ship_by if state is OrderState.CONFIRMED else None
    tx.update("order", order, actions, when=same, due=due if order.attempt == 1 else clock.now())
    if order.state is OrderState.CLOSING:
        _add_closed(tx, order)
    tenders.add_capture(tx, order, held)
    _add_payment(tx, order, capture)
    if state is OrderState.CONFIRMED:
        follows.add_confirmed(tx, order)
    messages.add_paid(tx, order, about)
    if order.terms.presale:
        owe(tx, "presale", order.mid, PRESALE, order.oid, {})


def add_owed_capture(tx: Transaction, order: Order, capture: Capture) -> None:
    """Money that pays for nothing is owed back in the same write that records it."""
    same = {"same": Order.state == order.state}
    if order.state == OrderState.RELEASED:
        tx.update("order", order, [Order.state.set(OrderState.REFUND)], when=same)
    else:
        tx.check("order", order, when=same)
    _add_payment(tx, order, capture, owed=True)
    why = Cause.TOO_LATE if order.captured is None else Cause.PAID_TWICE
    owing.owe_refund(tx, order, capture.attempt, capture.total_fen, why, of_fen=capture.total_fen)


def add_release(tx: Transaction, order: Order) -> None:
    """A closing order that is proven unpaid is released."""
    closing = {"closing": Order.state == OrderState.CLOSING}
    tx.update("order", order, [Order.state.set(OrderState.RELEASED)], when=closing, due=None)
    tenders.add_release(tx, order)
    _add_closed(tx, order)


def _add_closed(tx: Transaction, order: Order) -> None:
    """The order is no longer closing, which may have been told of as slow; at half of that time none was yet."""
    if clock.now() >= order.deadline + CLOSING_SLOW / 2:
        stuck.add_end(tx, order.mid, Reason.CLOSING_SLOW, trade_number(order.oid, order.attempt))


def settle_at_once(order: Order, state: OrderState = OrderState.PAID) -> None:
    """Make a new order that asks for no money a paid one, CONFIRMED where the play has nothing left to decide."""
    order.state, order.paid_at = state, order.created_at
    order.set_due(None)
    if state is OrderState.CONFIRMED:
        order.confirmed_at, order.delivery = order.created_at, Delivery.WAITING
        order.gsi3pk, order.gsi3sk = delivery_index(order, Delivery.WAITING)
        order.pickup_code = _pickup_code(order)
        order.set_due(order.ship_by)


def add_confirmation(tx: Transaction, order: Order) -> None:
    """The play succeeded for a paid order: its goods are owed from now on."""
    actions = [Order.state.set(OrderState.CONFIRMED), *_confirmed(order)]
    due = order.ship_by if order.attempt == 1 else clock.now()
    tx.update("order", order, actions, when={"paid": Order.state == OrderState.PAID}, due=due)
    add_purchase(tx, order)
    follows.add_confirmed(tx, order)


def _confirmed(order: Order) -> list[Action]:
    """What an order becomes when its goods are owed."""
    actions = [Order.confirmed_at.set(clock.now()), *delivery_actions(order, Delivery.WAITING)]
    if code := _pickup_code(order):
        actions.append(Order.pickup_code.set(code))
    return actions


def _pickup_code(order: Order) -> str | None:
    """What its buyer will show, where he fetches the goods."""
    if order.fulfilment is not Fulfilment.PICKUP:
        return None
    return "".join(CROCKFORD[chance.below(len(CROCKFORD))] for _ in range(CODE_LETTERS))


def delivery_actions(order: Order, delivery: Delivery) -> list[Action]:
    """What moves an order to where its goods are now, and to the list of those that are there too."""
    pk, sk = delivery_index(order, delivery)
    return [Order.delivery.set(delivery), Order.gsi3pk.set(pk), Order.gsi3sk.set(sk)]


def add_purchase(tx: Transaction, order: Order) -> None:
    """The buyer has ordered: from now on he is no newcomer (rules 3.2)."""
    now = clock.now()
    actions = [User.first_order_at.set(User.first_order_at | now), User.last_order_at.set(now)]
    tx.update("buyer", user_key(order.mid, order.uid), actions, when={})


def _add_payment(tx: Transaction, order: Order, capture: Capture, *, owed: bool = False) -> None:
    key = payment_key(order.mid, order.oid, capture.attempt)
    payment = Payment(
        *key,
        uid=order.uid,
        object_id=order.object_id,
        total_fen=capture.total_fen,
        live_fen=0 if owed else capture.total_fen,
        owed_fen=capture.total_fen if owed else 0,
        refunds=1 if owed else 0,
        transaction_id=capture.transaction_id,
        paid_at=capture.paid_at,
        recorded_at=clock.now(),
    )
    payment.gsi1pk, payment.gsi1sk = day_index(order, capture)
    tx.put("payment", payment)


def day_index(order: Order, capture: Capture) -> tuple[str, str]:
    """Where a day's captures are found, in China's days (bills are cut there), sharded."""
    day = clock.day_of(capture.paid_at)
    place = f"{clock.iso(capture.paid_at)}#{order.oid}#{capture.attempt}"
    return paid_on(order.mid, day, shard_of(order.pk)), place


def delivery_index(order: Order, delivery: Delivery) -> tuple[str, str]:
    """Where a merchant's orders whose goods are there are found, by when they were paid, sharded."""
    return delivery_list(order.mid, delivery, shard_of(order.pk)), f"{clock.iso(order.paid_at)}#{order.oid}"


def delivery_list(mid: MerchantId, delivery: Delivery, shard: int) -> str:
    """One shard of the orders whose goods are there."""
    return table(mid).pk("FUL", delivery.value, str(shard))
