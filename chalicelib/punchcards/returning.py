"""A card is paid back: nothing is left of it then, and the share of what was not used is owed, in one transaction."""

from __future__ import annotations

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.campaigns import stock
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.transaction import Transaction
from chalicelib.merchants import audit
from chalicelib.orders import follows, owing, stuck
from chalicelib.orders.items import Order, Payment, order_key, payment_key
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.states import Cause, OrderState
from chalicelib.punchcards import rules
from chalicelib.punchcards.cards import family_with
from chalicelib.punchcards.items import Card, card_key
from chalicelib.punchcards.problems import CARD_REFUND_PATH


def by_card(order: Order) -> RippleError:
    """That a card is paid back in one way only, and in which: `CARD_REFUND_PATH`."""
    return RippleError(CARD_REFUND_PATH, path=f"POST /v1/admin/cards/{order.oid}/refund")


def pay_back(intent: Intent, oid: str, amount_fen: int | None, note: str) -> None:
    """The merchant pays back what is not used, its share of the price unless he says less; then nothing is left of it.

    The order ends where all of its money goes back. Raises `NOT_FOUND`, and what `rules.payable_back` raises.
    """
    mid = intent.mid
    fid = family_with(mid, oid)
    keys = record_key(intent), order_key(mid, oid), card_key(mid, fid, oid)

    def attempt(read: Read) -> None:
        found = read(*keys)
        if recorded(intent, found[keys[0]]) is not None:
            return
        order, card = found.item(Order, keys[1]), found.item(Card, keys[2])
        if order is None or card is None:
            raise RippleError(NOT_FOUND)
        payment = _payment(read, order)
        live = owing.live_fen(order, payment)
        fen = rules.payable_back(order, card, live, amount_fen)
        tx = Transaction()
        _add_money(tx, order, payment, fen, unused=not card.used, ends=fen == live)
        now = clock.now()
        ended = [Card.left.set(0), Card.back_units.set(card.left), Card.back_fen.set(fen), Card.back_at.set(now)]
        as_seen = {"as_seen": Card.left == card.left, "good": Card.back_at.does_not_exist()}
        tx.update("card", card, ended, when=as_seen)
        add_record(tx, intent)
        said = {"amount_fen": str(fen), "units": str(card.left), "family_id": fid, "note": note}
        audit.add(tx, mid, intent.actor, "card.refund", oid, **said)
        tx.commit()

    decided_or_refused(attempt)


def _payment(read: Read, order: Order) -> Payment | None:
    """The capture that pays for it; none where no money does."""
    if order.captured is None:
        return None
    key = payment_key(order.mid, order.oid, order.captured)
    return read(key).item(Payment, key)


def _add_money(tx: Transaction, order: Order, payment: Payment | None, fen: int, *, unused: bool, ends: bool) -> None:
    """So much is owed back; a card of which nothing was used may be sold again."""
    number, parts = owing.add_part_refund(tx, order, payment, fen, Cause.MERCHANT)
    when: dict[str, Condition] = {"confirmed": Order.state == OrderState.CONFIRMED}
    if parts and order.parts:
        when["parts"] = Order.parts == order.parts
    actions: list[Action] = list(parts)
    if unused:
        ref = PaymentRef.of(order)
        stock.add_return(tx, ref.mid, ref.cid, order.lines[0].sku_id, order.units or [])
        actions.append(Order.units.remove())
    if ends:
        off: list[Action] = [Order.state.set(OrderState.REFUND), Order.gsi3pk.remove(), Order.gsi3sk.remove()]
        tx.update("order", order, [*actions, *off], when=when, due=None)
        stuck.add_end(tx, order.mid, stuck.Reason.NOT_SHIPPED, order.number)
    elif actions:
        tx.update("order", order, actions, when=when)
    else:
        tx.check("order", order, when=when)
    follows.add_returned(tx, order, number)
