"""What follows from an order that was confirmed, or of which money went back: others act on it, once each in effect.

An order names its followers when it is made, so that one which nobody follows costs nothing. Each event is owed in the
transaction that makes it so, the stream brings it at once, and a follower that dies in between is asked again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from chalicelib.core.ids import MerchantId
from chalicelib.core.outbox import Done, Effect, EffectClass, Later, OutboxEntry, owe
from chalicelib.core.store import read_one
from chalicelib.core.transaction import Transaction
from chalicelib.merchants.segments import FOLLOWER
from chalicelib.orders.items import Order, order_key
from chalicelib.orders.plugged import FOLLOWERS

if TYPE_CHECKING:
    from chalicelib.accounts.items import User
    from chalicelib.campaigns.live import Live
    from chalicelib.campaigns.offer import Offer

FOLLOWS = "order_follows"
"""The outbox's name of telling followers."""


class Follower(Protocol):
    """Who acts on an order's events. It may be told twice, late, and of a return before the confirmation."""

    def confirmed(self, order: Order) -> None:
        """The order was confirmed; it may have ended since. Raises `Lost` or `Unknown` to be told again."""
        ...

    def returned(self, order: Order) -> None:
        """Money of the order went back, or all of it, with which it ended. Raises as `confirmed`."""
        ...


def of(campaign: Live[Offer], user: User) -> list[str]:
    """Who follows an order of this campaign that this buyer makes."""
    counted = [FOLLOWER] if campaign.is_counted else []
    return [*campaign.offer.followed_by, *(user.followed_by or []), *counted]


def add_confirmed(tx: Transaction, order: Order) -> None:
    """The order becomes confirmed in ``tx``."""
    if order.follows:
        owe(tx, "follows", order.mid, FOLLOWS, order.oid, {"oid": order.oid, "event": "confirmed"})


def add_returned(tx: Transaction, order: Order, number: str) -> None:
    """Money of the confirmed order goes back in ``tx``, under that number."""
    if order.follows:
        owe(tx, "follows", order.mid, FOLLOWS, number, {"oid": order.oid, "event": "returned"})


def deliver(entry: OutboxEntry) -> Done | Later:
    """Tell every follower, each by itself and in its own transactions."""
    order = read_one(Order, order_key(MerchantId(entry.mid), entry.payload["oid"]))
    if order is None:
        raise LookupError(f"the order of an event: {entry.payload['oid']}")
    for name in order.follows or []:
        if entry.payload["event"] == "confirmed":
            FOLLOWERS[name].confirmed(order)
        else:
            FOLLOWERS[name].returned(order)
    return Done()


EFFECT = Effect(EffectClass.SAME_NUMBER, deliver)
"""How it is carried out."""
