"""A card is paid back: nothing is left of it then, and the share of what was not used is owed, in one transaction.

Whoever bought it may ask for that for seven days and without a reason, whatever has become of his family (rules M3);
its merchant may do it at any time.
"""

from __future__ import annotations

import msgspec
from pynamodb.expressions.update import Action

from chalicelib.campaigns import stock
from chalicelib.core import clock, store
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.transaction import Transaction
from chalicelib.merchants import audit
from chalicelib.orders import owing
from chalicelib.orders.items import Order, Payment, order_key
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.states import Cause
from chalicelib.punchcards import rules
from chalicelib.punchcards.cards import family_with
from chalicelib.punchcards.items import PLAY, Card, card_key, family_of
from chalicelib.punchcards.problems import CARD_ASK_THERE, CARD_REFUND_PATH, CARD_UNPAID


class Returned(msgspec.Struct, frozen=True, kw_only=True):
    """What went back of a card at once."""

    fen: int
    units: int
    """That were not used."""
    number: str
    """What the refund is known by."""


class Bought(msgspec.Struct, frozen=True):
    """A card's order, and what pays for it now."""

    order: Order
    live_fen: int


def by_shop(order: Order) -> RippleError:
    """That the shop pays a card back in one way only, and in which: `CARD_REFUND_PATH`."""
    return RippleError(CARD_REFUND_PATH, path=f"POST /v1/admin/cards/{order.oid}/refund")


def by_buyer(order: Order) -> RippleError:
    """That its buyer has a card paid back in one way only, and in which: `CARD_ASK_THERE`."""
    path = f"POST /v1/families/{family_of(order.object_id)}/cards/{order.oid}/refund"
    return RippleError(CARD_ASK_THERE, path=path)


def bought(card: Card) -> Bought:
    """What a card was bought with."""
    key = order_key(card.mid, card.oid)
    order = store.read(key).item(Order, key)
    if order is None:
        raise LookupError(f"the order of a card: {card.oid}")
    return Bought(order, owing.live_fen(order, owing.captured(store.read, order)))


def refund(intent: Intent, fid: str, oid: str) -> Returned:
    """Whoever bought it wants back what is not used. Raises `NOT_FOUND`, and what `rules` forbid."""
    mid = intent.mid
    keys = record_key(intent), order_key(mid, oid), card_key(mid, fid, oid)

    def attempt(read: Read) -> Returned:
        found = read(*keys)
        if (done := recorded(intent, found[keys[0]])) is not None:
            return Returned(fen=int(done["fen"]), units=int(done["units"]), number=done["number"])
        order, card = found.item(Order, keys[1]), found.item(Card, keys[2])
        if order is None or order.play != PLAY or order.uid != intent.actor or family_of(order.object_id) != fid:
            raise RippleError(NOT_FOUND)
        if card is None:
            raise RippleError(CARD_UNPAID, state=order.state.value)
        rules.insist_in_time(card, clock.now())
        payment = owing.captured(read, order)
        fen = rules.payable_back(order, card, owing.live_fen(order, payment), None)
        tx = Transaction()
        number = _add(tx, order, payment, card, fen, Cause.AFTER_SALE)
        add_record(tx, intent, fen=str(fen), units=str(card.left), number=number)
        tx.commit()
        return Returned(fen=fen, units=card.left, number=number)

    return decided_or_refused(attempt)


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
        payment = owing.captured(read, order)
        fen = rules.payable_back(order, card, owing.live_fen(order, payment), amount_fen)
        tx = Transaction()
        _add(tx, order, payment, card, fen, Cause.MERCHANT)
        add_record(tx, intent)
        said = {"amount_fen": str(fen), "units": str(card.left), "family_id": fid, "note": note}
        audit.add(tx, mid, intent.actor, "card.refund", oid, **said)
        tx.commit()

    decided_or_refused(attempt)


def _add(tx: Transaction, order: Order, payment: Payment | None, card: Card, fen: int, why: Cause) -> str:
    """So much is owed back, and nothing is left of the card; one of which nothing was used may be sold again.

    Returns the number of the refund.
    """
    sold_again: list[Action] = []
    if not card.used:
        ref = PaymentRef.of(order)
        stock.add_return(tx, ref.mid, ref.cid, order.lines[0].sku_id, order.units or [])
        sold_again = [Order.units.remove()]
    number = owing.add_value_back(tx, order, payment, fen, why, sold_again)
    now = clock.now()
    ended = [Card.left.set(0), Card.back_units.set(card.left), Card.back_fen.set(fen), Card.back_at.set(now)]
    as_seen = {"as_seen": Card.left == card.left, "good": Card.back_at.does_not_exist()}
    tx.update("card", card, ended, when=as_seen)
    return number
