"""Balance pays for orders: held with an order, used when it is paid, free again when it is released.

What is held stays the user's and moves between two numbers of one account. A posting is written when it becomes the
order's, and another each time that some of it comes back.
"""

from __future__ import annotations

from chalicelib.campaigns.gifts import Currency
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import Found, read
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.orders.items import Order, Part
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.problems import TENDER_UNKNOWN
from chalicelib.orders.tenders import Bill, Choice, Pay
from chalicelib.rewards import balances, give
from chalicelib.rewards.items import Account, account_key
from chalicelib.rewards.posting import add_posting
from chalicelib.rewards.problems import BALANCE_EMPTY
from chalicelib.rewards.states import Why

NAME = "balance"
REF = "fen"
"""The one balance that a user has."""


def order_account(oid: str) -> str:
    """The account of what balance pays of an order."""
    return f"order:{oid}"


class Balance:
    """What a user's balance does for an order (`orders.tenders.Tender`)."""

    def keys(self, mid: MerchantId, uid: str, ref: str) -> list[Key]:
        return balances.keys(mid, uid, Currency.FEN)

    def worth(self, bill: Bill, pay: Pay, rest_fen: int, found: Found) -> int:
        """All of the rest that is there. Raises `TENDER_UNKNOWN` for another name than `REF`, `BALANCE_EMPTY`."""
        if pay.ref != REF:
            raise RippleError(TENDER_UNKNOWN, tender=f"{NAME} {pay.ref}")
        there = balances.there(found, bill.mid, bill.uid, Currency.FEN)
        if there <= 0:
            raise RippleError(BALANCE_EMPTY)
        return min(rest_fen, there)

    def choices(self, bill: Bill) -> list[Choice]:
        """His balance, where he has some."""
        there = balances.there(read(*self.keys(bill.mid, bill.uid, REF)), bill.mid, bill.uid, Currency.FEN)
        if there <= 0:
            return []
        choice = Choice(
            tender=NAME,
            ref=REF,
            title_zh="余额",
            title_en="Balance",
            worth_fen=min(there, bill.total_fen),
            why_not=None,
            why_not_zh=None,
            why_not_en=None,
            until=None,
        )
        return [choice]

    def may_hold(self, order: Order, part: Part, found: Found) -> bool:
        return balances.there(found, order.mid, order.uid, Currency.FEN) >= part.fen

    def add_hold(self, tx: Transaction, order: Order, part: Part, found: Found, *, captured: bool) -> None:
        actions = [Account.balance.add(-part.fen), *([] if captured else [Account.held.add(part.fen)])]
        tx.update("balance", _key(order), actions, when={"enough": Account.balance >= part.fen})
        if captured:
            _add_paid(tx, order, part)

    def add_capture(self, tx: Transaction, order: Order, part: Part) -> None:
        tx.update("balance", _key(order), [Account.held.add(-part.fen)], when={"held": Account.held >= part.fen})
        _add_paid(tx, order, part)

    def add_release(self, tx: Transaction, order: Order, part: Part) -> None:
        actions = [Account.held.add(-part.fen), Account.balance.add(part.fen)]
        tx.update("balance", _key(order), actions, when={"held": Account.held >= part.fen})

    def add_back(self, tx: Transaction, order: Order, part: Part, fen: int) -> None:
        """The posting is named by what had come back before: each return of an order happens once."""
        tx.update("balance", _key(order), [Account.balance.add(fen)], when={})
        _add_posting(tx, order, f"back-{order.oid}-{part.back_fen}", Why.ORDER_BACK, -fen)


BALANCE = Balance()


def _key(order: Order) -> Key:
    return account_key(order.mid, order.uid, Currency.FEN)


def _add_paid(tx: Transaction, order: Order, part: Part) -> None:
    _add_posting(tx, order, f"paid-{order.oid}", Why.ORDER_PAID, part.fen)


def _add_posting(tx: Transaction, order: Order, ref: str, why: Why, fen: int) -> None:
    """So much goes from the user to the order, or back."""
    legs = give.moved(give.user(order.uid), order_account(order.oid), Currency.FEN, fen)
    cid = PaymentRef.of(order).cid
    add_posting(tx, order.mid, order.uid, ref, why, order.oid, legs, cid=cid, version=order.version)
