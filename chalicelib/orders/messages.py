"""What people are told of an order's money by WeChat's messages: that it is paid, and that money is back."""

from __future__ import annotations

from datetime import datetime

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import read
from chalicelib.core.transaction import Transaction
from chalicelib.notices.moments import Facts, Moment
from chalicelib.notices.setup import voice
from chalicelib.notices.telling import tell
from chalicelib.orders.items import Order, Refund, order_key, refund_key

ORDER = "order"
"""The kind of object that an order is to messages."""

About = tuple[str, str]
"""The kind and the id of what a message opens."""


def facts(order: Order, amount_fen: int, at: datetime) -> Facts:
    """What every message of an order's money says."""
    return {"title": order.lines[0].title, "amount_fen": amount_fen, "order": order.oid, "at": clock.iso(at)}


def add_paid(tx: Transaction, order: Order, about: About | None) -> None:
    """The buyer of an order that is paid in ``tx`` is told so, whoever pays for him.

    ``about`` is what of its play the message opens, None where that is the order.
    """
    told = facts(order, order.total_fen, order.paid_at)
    buyer, opens = UserId(order.uid), about or (ORDER, order.oid)
    tell(tx, "paid_told", order.mid, buyer, Moment.PAID, order.oid, told, about=opens)


def add_back(tx: Transaction, order: Order, refund: Refund) -> None:
    """What went back without money is back as soon as that is written: the buyer is told."""
    _add_refunded(tx, order, refund, UserId(order.uid), _parts_fen(refund), refund.owed_at)


def add_arrived(tx: Transaction, mid: MerchantId, oid: str, attempt: int, cause: int, at: datetime) -> None:
    """Money of a refund has arrived: who paid it is told, also of what else went back to him with it.

    What is needed for that is read only where the shop tells of it.
    """
    if not voice(mid).tells(Moment.REFUNDED):
        return
    keys = order_key(mid, oid), refund_key(mid, oid, attempt, cause)
    found = read(*keys)
    order, refund = found.item(Order, keys[0]), found.item(Refund, keys[1])
    if order is None or refund is None:
        return
    also = _parts_fen(refund) if order.payer is None else 0
    _add_refunded(tx, order, refund, UserId(order.payer or order.uid), refund.amount_fen + also, at)


def _parts_fen(refund: Refund) -> int:
    """What of the order's parts goes back with a refund."""
    return sum(part.fen for part in refund.back or ())


def _add_refunded(tx: Transaction, order: Order, refund: Refund, uid: UserId, fen: int, at: datetime) -> None:
    told, opens = facts(order, fen, at), (ORDER, order.oid)
    tell(tx, "refund_told", order.mid, uid, Moment.REFUNDED, refund.number, told, about=opens)
