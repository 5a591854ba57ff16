"""Who else than its buyer pays an order's money: named with the order, and one of its conditions.

He is asked for the money that tenders leave, and it goes back to him. An order whose payer is to be another is
cancelled and made again: the body that WeChat was given has his openid in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from chalicelib.accounts import mask, nicknames
from chalicelib.accounts.items import User, user_key
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import Found, read_one
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.orders.items import Order
from chalicelib.orders.plugged import PAYERS
from chalicelib.orders.problems import PAYER_PAYS
from chalicelib.orders.tenders import Bill

FAMILY = "family"
"""The kind of payer that a wish names: the owner of the buyer's family."""


class Payer(Protocol):
    """A kind of payer. What it insists on stands in the transaction that makes the order."""

    def keys(self, mid: MerchantId, uid: str, ref: str) -> list[Key]:
        """What says who pays for this buyer, and whether he does."""
        ...

    def who(self, bill: Bill, ref: str, found: Found) -> UserId:
        """Who pays the money of ``bill``; never its buyer. Raises what forbids it."""
        ...

    def add(self, tx: Transaction, order: Order, ref: str, found: Found) -> None:
        """Insist that he still would, and let him find the order."""
        ...


class PayerShown(msgspec.Struct, kw_only=True):
    """Who pays an order's money, where that is not its buyer."""

    user_id: str
    nickname: str
    """Masked."""
    mine: bool
    """Whether that is who asks."""


def keys(mid: MerchantId, uid: str, ref: str | None) -> list[Key]:
    """What the read round of a new order needs for its payer, where one is named."""
    return PAYERS[FAMILY].keys(mid, uid, ref) if ref is not None else []


def chosen(bill: Bill, ref: str, found: Found) -> User:
    """Who pays the money of ``bill``, read in a round of its own. Raises what forbids it."""
    uid = PAYERS[FAMILY].who(bill, ref, found)
    payer = read_one(User, user_key(bill.mid, uid))
    if payer is None:
        raise LookupError(f"a payer: {uid}")
    return payer


def add(tx: Transaction, order: Order, ref: str | None, found: Found) -> None:
    """The new order may be paid by whom it names."""
    if ref is not None and order.payer is not None:
        PAYERS[FAMILY].add(tx, order, ref, found)


def paying(order: Order, buyer: User | None) -> User | None:
    """Whose openid WeChat has of the order's money: its payer's, else its buyer's."""
    return buyer if order.payer is None else read_one(User, user_key(order.mid, order.payer))


def insist_pays(order: Order, uid: str) -> None:
    """Raise `PAYER_PAYS` for whoever WeChat will not collect the order's money from."""
    if order.payer not in (None, uid):
        raise RippleError(PAYER_PAYS)


def shown(orders: Sequence[Order], asker: str | None) -> dict[str, PayerShown]:
    """Who pays for those orders that somebody else than their buyer pays for, by order, as ``asker`` sees it."""
    paid_by = {order.oid: order.payer for order in orders if order.payer is not None}
    called = nicknames.seen(orders[0].mid, paid_by.values()) if paid_by else {}
    return {
        oid: PayerShown(user_id=uid, nickname=called.get(uid, mask.NOBODY), mine=uid == asker)
        for oid, uid in paid_by.items()
    }
