"""A top-up goes back: what is still there of it leaves the wallet and is owed to whoever paid, in one transaction.

Whoever bought it may ask for that for seven days and without a reason, whatever has become of his family (rules M3);
its merchant may do it at any time.
"""

from __future__ import annotations

import msgspec

from chalicelib.core import clock, store
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId
from chalicelib.core.transaction import Transaction
from chalicelib.family import lots, purse, topup_rules
from chalicelib.family.items import Family, family_key
from chalicelib.family.standing import same
from chalicelib.family.states import Why
from chalicelib.family.topup import PLAY, family_of
from chalicelib.family.topup_problems import TOPUP_BACK
from chalicelib.merchants import audit
from chalicelib.orders import owing
from chalicelib.orders.items import Order, Payment, order_key
from chalicelib.orders.states import Cause


class Returned(msgspec.Struct, frozen=True, kw_only=True):
    """What went back of a top-up at once."""

    fen: int
    number: str
    """What WeChat knows the refund by."""


class Seen(msgspec.Struct, frozen=True):
    """A top-up, its wallet, and what pays for it, if it was paid."""

    order: Order
    family: Family
    payment: Payment | None


def seen(mid: MerchantId, uid: str, fid: str, oid: str) -> Seen:
    """A top-up of his for that wallet. Raises `NOT_FOUND`."""
    keys = order_key(mid, oid), family_key(mid, fid)
    found = store.read(*keys)
    order, family = _his(found.item(Order, keys[0]), found.item(Family, keys[1]), uid, fid)
    return Seen(order, family, owing.captured(store.read, order))


def by_wallet(order: Order) -> RippleError:
    """That a top-up is given back in one way only, and in which: `TOPUP_BACK`."""
    path = f"POST /v1/families/{family_of(order.object_id)}/topups/{order.oid}/refund"
    return RippleError(TOPUP_BACK, path=path)


def refund(intent: Intent, fid: str, oid: str) -> Returned:
    """Whoever bought it wants back what is still there. Raises `NOT_FOUND`, and what `topup_rules` forbids."""
    keys = record_key(intent), order_key(intent.mid, oid), family_key(intent.mid, fid)

    def attempt(read: Read) -> Returned:
        found = read(*keys)
        if (done := recorded(intent, found[keys[0]])) is not None:
            return Returned(fen=int(done["fen"]), number=done["number"])
        order, family = _his(found.item(Order, keys[1]), found.item(Family, keys[2]), intent.actor, fid)
        topup_rules.insist_may_return(order)
        topup_rules.insist_in_time(order, clock.now())
        payment = _payment(read, order)
        fen = topup_rules.returnable(payment, lots.left_of(family, order.oid), None)
        tx = Transaction()
        number = _add(tx, order, payment, family, fen, Cause.AFTER_SALE, by=intent.actor)
        add_record(tx, intent, fen=str(fen), number=number)
        tx.commit()
        return Returned(fen=fen, number=number)

    return decided_or_refused(attempt)


def give_back(intent: Intent, oid: str, amount_fen: int | None, note: str) -> None:
    """The merchant gives so much of it back, or all that is still there. Raises what `topup_rules` forbids."""
    mid = intent.mid

    def attempt(read: Read) -> None:
        order = _order(read, mid, oid)
        keys = record_key(intent), family_key(mid, family_of(order.object_id))
        found = read(*keys)
        if recorded(intent, found[keys[0]]) is not None:
            return
        family = found.item(Family, keys[1])
        if family is None:
            raise LookupError(f"the family of a top-up: {order.object_id}")
        topup_rules.insist_may_return(order)
        payment = _payment(read, order)
        fen = topup_rules.returnable(payment, lots.left_of(family, order.oid), amount_fen)
        tx = Transaction()
        _add(tx, order, payment, family, fen, Cause.MERCHANT, by=intent.actor, note=note)
        add_record(tx, intent)
        audit.add(tx, mid, intent.actor, "order.refund", oid, amount_fen=str(fen), note=note)
        tx.commit()

    decided_or_refused(attempt)


def _add(
    tx: Transaction,
    order: Order,
    payment: Payment,
    family: Family,
    fen: int,
    why: Cause,
    *,
    by: str,
    note: str | None = None,
) -> str:
    """So much leaves the wallet and is owed back. Returns the number."""
    number = owing.add_value_back(tx, order, payment, fen, why)
    as_read = {"paid": Family.paid == family.paid, "credits": same(Family.credits, family.credits)}
    tx.update("family", family, [Family.paid.add(-fen)], when=as_read)
    ref = f"{order.oid}-{payment.refunds}"
    now = clock.now()
    purse.add_move(tx, order.mid, family.fid, now, ref, Why.TOP_UP_BACK, paid=-fen, by=by, subject=order.oid, note=note)
    return number


def _his(order: Order | None, family: Family | None, uid: str, fid: str) -> tuple[Order, Family]:
    """Both, of whoever bought it for that wallet. Raises `NOT_FOUND`."""
    if order is None or family is None or order.play != PLAY or order.uid != uid:
        raise RippleError(NOT_FOUND)
    if family_of(order.object_id) != fid:
        raise RippleError(NOT_FOUND)
    return order, family


def _order(read: Read, mid: MerchantId, oid: str) -> Order:
    key = order_key(mid, oid)
    order = read(key).item(Order, key)
    if order is None:
        raise RippleError(NOT_FOUND)
    return order


def _payment(read: Read, order: Order) -> Payment:
    """The capture that pays for a confirmed one."""
    payment = owing.captured(read, order)
    if payment is None:
        raise LookupError(f"the payment of an order: {order.oid}")
    return payment
