"""Goods on their way: sent in parcels, handed over at a counter, corrected once, received.

Each act is one write on the order, so that of sending and refunding one comes first; what WeChat must be told of it is
owed in the same transaction (`upload`).
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.core import clock, log
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.outbox import owe
from chalicelib.core.store import read_one
from chalicelib.core.transaction import UNSET, Transaction, Unset, update_one
from chalicelib.fulfilment import messages, rules
from chalicelib.fulfilment.items import NOT_SHIPPED, Parcel, Shipment, shipment_key
from chalicelib.fulfilment.problems import CODE_WRONG
from chalicelib.merchants import audit
from chalicelib.orders import stuck
from chalicelib.orders.items import Order, order_key
from chalicelib.orders.numbers import parse_trade_number
from chalicelib.orders.states import Delivery, OrderState
from chalicelib.orders.steps import delivery_actions

Decide = Callable[[Order, Shipment | None, Transaction], None]
"""Fills the transaction of an act, or refuses it."""

UPLOAD = "wechat_shipping"
"""The outbox's name of telling WeChat how goods went out."""


def send(
    intent: Intent, oid: str, parcels: Sequence[tuple[str, str]], *, complete: bool, message: str | None = None
) -> None:
    """Send goods: carriers and numbers of express parcels, none for goods that go otherwise.

    ``complete`` says that nothing more follows. Raises `NOT_FOUND`, `UNDECIDED`, `NOT_DELIVERABLE`, `ALREADY_SENT`,
    `ALREADY_RECEIVED`, `CASE_OPEN`, `PICKUP_ONLY`, `INVALID_FIELD`.
    """

    def decide(order: Order, shipment: Shipment | None, tx: Transaction) -> None:
        rules.insist_may_send(order)
        before = shipment.parcels if shipment else []
        numbers = [number for _, number in parcels]
        rules.insist_parcels(order, [*(p.number for p in before), *numbers], new=len(numbers), complete=complete)
        now = clock.now()
        sent = [*before, *(Parcel(carrier, number, now) for carrier, number in parcels)]
        split = 1 if len(sent) > 1 or not complete or (shipment is not None and shipment.split) else 0
        made = _next(order, shipment, sent, split=split, complete=complete)
        made.message = message or (shipment.message if shipment else None)
        made.sent_at = now if complete else None
        if complete:
            _add_move(tx, order, Delivery.SENT, _received_at(order, now))
        else:
            _add_move(tx, order, Delivery.PART, UNSET)
        _add_shipment(tx, order, shipment, made)
        messages.add_sent(tx, order, made.number, list(parcels))
        if complete:
            stuck.add_end(tx, order.mid, NOT_SHIPPED, order.number)
        audit.add(tx, order.mid, intent.actor, "order.send", order.oid, parcels=" ".join(numbers))

    _act(intent, oid, decide)


def hand_over(intent: Intent, oid: str, code: str) -> None:
    """Give goods to whoever shows the buyer's code. Raises what `send` does, `NOT_PICKUP` and `CODE_WRONG`."""

    def decide(order: Order, shipment: Shipment | None, tx: Transaction) -> None:
        rules.insist_may_hand_over(order)
        if not hmac.compare_digest((order.pickup_code or "").encode(), code.strip().upper().encode()):
            raise RippleError(CODE_WRONG)
        made = _next(order, shipment, [], split=0, complete=True)
        made.sent_at = made.done_at = clock.now()
        made.done_by = "code"
        _add_move(tx, order, Delivery.DONE, None)
        _add_shipment(tx, order, shipment, made)
        stuck.add_end(tx, order.mid, NOT_SHIPPED, order.number)
        audit.add(tx, order.mid, intent.actor, "order.hand_over", order.oid)

    _act(intent, oid, decide)


def correct(intent: Intent, oid: str, parcels: Sequence[tuple[str, str]]) -> None:
    """Say once more, and rightly, which parcels were sent. Raises `NOT_SENT`, `ALREADY_CORRECTED` and others."""

    def decide(order: Order, shipment: Shipment | None, tx: Transaction) -> None:
        rules.insist_may_correct(order, shipment)
        assert shipment is not None
        numbers = [number for _, number in parcels]
        rules.insist_parcels(order, numbers, new=len(numbers), complete=True)
        sent = [Parcel(carrier, number, clock.now()) for carrier, number in parcels]
        made = _next(order, shipment, sent, split=max(shipment.split, int(len(sent) > 1)), complete=True)
        made.corrected, made.sent_at, made.message = 1, shipment.sent_at, shipment.message
        there: dict[str, Condition] = {
            "sent": Order.delivery == Delivery.SENT,
            "confirmed": Order.state == OrderState.CONFIRMED,
            "no_case": Order.case.does_not_exist(),
        }
        tx.check("order", order, when=there)
        _add_shipment(tx, order, shipment, made)
        audit.add(tx, order.mid, intent.actor, "order.correct", order.oid, parcels=" ".join(numbers))

    _act(intent, oid, decide)


def give(order: Order) -> None:
    """What was bought is its buyer's as soon as it is paid, and nobody sends it; again is the same. Raises `Lost`."""
    if order.state is not OrderState.CONFIRMED or order.delivery is not Delivery.WAITING:
        return
    made = _next(order, None, [], split=0, complete=True)
    made.sent_at = made.done_at = clock.now()
    made.done_by = "payment"
    tx = Transaction()
    _add_move(tx, order, Delivery.DONE, None)
    _add_shipment(tx, order, None, made)
    tx.commit()


def received(mid: MerchantId, uid: UserId, oid: str) -> None:
    """The buyer says that the goods have arrived; again is the same. Raises `NOT_SENT`, `CASE_OPEN` and others."""
    _receive(mid, oid, "user", lambda order: order.uid == uid)


def settled(mid: MerchantId, number: str) -> None:
    """WeChat counts the goods of a payment as received; again is the same. Raises what `received` does.

    The buyer has said so in WeChat, or WeChat's own time was over.
    """
    named = parse_trade_number(number)
    if named is None:
        raise RippleError(NOT_FOUND)
    oid, attempt = named
    _receive(mid, oid, "wechat", lambda order: order.captured == attempt)


def due(order: Order) -> None:
    """What comes next of a confirmed order: late with sending, or received since nobody said otherwise."""
    leased = {"leased": Order.gsi2sk == order.gsi2sk}
    if order.state != OrderState.CONFIRMED or order.delivery == Delivery.DONE or order.case is not None:
        update_one(order, [], when=leased, due=None)
        return
    now = clock.now()
    if order.delivery in rules.TO_SEND:
        until = order.ship_by or now
        if now < until:
            update_one(order, [], when=leased, due=until)
            return
        facts: dict[str, str | int | None] = {"total_fen": order.total_fen, "ship_by": clock.iso(until)}
        tx = Transaction()
        tx.update("order", order, when={"to_send": Order.delivery.is_in(*rules.TO_SEND), **leased}, due=None)
        stuck.add(tx, order.mid, NOT_SHIPPED, order.number, facts)
        tx.commit()
        return
    shipment = read_one(Shipment, shipment_key(order.mid, order.oid))
    until = _received_at(order, shipment.sent_at if shipment and shipment.sent_at else now)
    if now < until:
        update_one(order, [], when=leased, due=until)
        return
    _complete(order, shipment, "time")


def _receive(mid: MerchantId, oid: str, by: str, is_theirs: Callable[[Order], bool]) -> None:
    """Somebody who may speak of the order says that its goods have arrived."""

    def attempt(read: Read) -> None:
        keys = order_key(mid, oid), shipment_key(mid, oid)
        found = read(*keys)
        order, shipment = found.item(Order, keys[0]), found.item(Shipment, keys[1])
        if order is None or not is_theirs(order):
            raise RippleError(NOT_FOUND)
        if order.delivery == Delivery.DONE and order.state == OrderState.CONFIRMED:
            return
        rules.insist_may_receive(order)
        _complete(order, shipment, by)

    decided_or_refused(attempt)


def _complete(order: Order, shipment: Shipment | None, by: str) -> None:
    now = clock.now()
    tx = Transaction()
    _add_move(tx, order, Delivery.DONE, None)
    if shipment is not None:
        tx.update("shipment", shipment, [Shipment.done_at.set(now), Shipment.done_by.set(by)], when={})
    tx.commit()
    log.info("order_received", oid=order.oid, by=by)


def _act(intent: Intent, oid: str, decide: Decide) -> None:
    """Read, decide and write one act of the merchant's once."""
    keys = record_key(intent), order_key(intent.mid, oid), shipment_key(intent.mid, oid)

    def attempt(read: Read) -> None:
        found = read(*keys)
        if recorded(intent, found[keys[0]]) is not None:
            return
        order = found.item(Order, keys[1])
        if order is None:
            raise RippleError(NOT_FOUND)
        tx = Transaction()
        decide(order, found.item(Shipment, keys[2]), tx)
        add_record(tx, intent)
        tx.commit()

    decided_or_refused(attempt)


def _add_move(tx: Transaction, order: Order, to: Delivery, due: datetime | Unset | None) -> None:
    """The order's goods are there now, under the condition that nothing else became of them."""
    actions: list[Action] = delivery_actions(order, to)
    if to is Delivery.DONE:
        actions.append(Order.done_at.set(clock.now()))
    as_seen: dict[str, Condition] = {
        "as_seen": Order.delivery == order.delivery,
        "confirmed": Order.state == OrderState.CONFIRMED,
        "no_case": Order.case.does_not_exist(),
    }
    tx.update("order", order, actions, when=as_seen, due=due)


def _next(order: Order, shipment: Shipment | None, parcels: list[Parcel], *, split: int, complete: bool) -> Shipment:
    """The shipment as it is from now on, one revision further and later than the one before."""
    now = clock.now()
    return Shipment(
        *shipment_key(order.mid, order.oid),
        revision=shipment.revision + 1 if shipment else 1,
        revised_at=max(now, shipment.revised_at + timedelta(milliseconds=1)) if shipment else now,
        parcels=parcels,
        split=split,
        complete=1 if complete else 0,
        told=shipment.told if shipment else 0,
    )


def _add_shipment(tx: Transaction, order: Order, before: Shipment | None, made: Shipment) -> None:
    """Write a revision, and owe WeChat that it is told of it, if it holds money for the order."""
    as_seen: dict[str, Condition] = {"absent": Shipment.pk.does_not_exist()}
    if before is not None:
        as_seen = {"as_seen": Shipment.revision == before.revision, "told": Shipment.told == before.told}
    paid = order.captured is not None
    made.told = made.told if paid else made.revision
    tx.put("shipment", made, when=as_seen)
    if paid:
        owe(tx, "upload", order.mid, UPLOAD, made.number, {"oid": order.oid, "revision": made.revision})


def _received_at(order: Order, sent_at: datetime) -> datetime:
    """When goods count as received of which nobody says anything."""
    return sent_at + timedelta(days=order.terms.complete_days)
