"""Orders over HTTP."""

from __future__ import annotations

import msgspec

from chalicelib.accounts.items import user_index
from chalicelib.core import cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND
from chalicelib.edge.operation import CALLBACK, USER, Answer, Call, operation
from chalicelib.orders import payment, service
from chalicelib.orders.problems import (
    NOT_CANCELLABLE,
    NOT_PAYABLE,
    NOTIFICATION_MISPLACED,
    NOTIFICATION_REFUSED,
    PAY_WINDOW_OVER,
    PAYMENT_CHANGED,
    PAYMENT_REFUSED,
)
from chalicelib.orders.views import OrderShown, OrderView, Payable, order_shown, order_view, payable


class Orders(msgspec.Struct, kw_only=True):
    """A page of orders, newest first."""

    orders: list[OrderView]
    cursor: str | None


@operation(auth=USER, answer=OrderShown, summary="One of my orders, and where its money is", problems=(NOT_FOUND,))
def show(call: Call[None]) -> OrderShown:
    """One order of the caller with its payments."""
    order, payments = service.statement(call.mid, call.uid, call.path["order_id"])
    return order_shown(order, payments, call.language)


@operation(auth=USER, query=Page, answer=Orders, summary="My orders, newest first")
def mine(call: Call[None]) -> Orders:
    """A page of the caller's orders."""
    page: Page = call.query
    after = cursor.decode(page.cursor, user_index(call.mid, call.uid), "gsi1", "O#")
    found, more = service.orders(call.mid, call.uid, page.limit, after)
    return Orders(orders=[order_view(order) for order in found], cursor=cursor.encode(more))


@operation(
    auth=USER,
    answer=Payable,
    also=(202,),
    summary="Payment parameters of a held order, again",
    description="Answers 202 without `pay` when WeChat Pay gave no answer yet: ask again.",
    problems=(NOT_FOUND, NOT_PAYABLE, PAY_WINDOW_OVER, PAYMENT_CHANGED, PAYMENT_REFUSED),
)
def prepay(call: Call[None]) -> Answer[Payable]:
    """Ask WeChat Pay to collect again; safe to repeat, the order and its number stay the same."""
    order, pay = service.pay_again(call.mid, call.uid, call.path["order_id"])
    return Answer(payable(order, pay), status=200 if pay else 202)


@operation(auth=USER, answer=OrderView, summary="Cancel an order before payment", problems=(NOT_FOUND, NOT_CANCELLABLE))
def cancel(call: Call[None]) -> OrderView:
    """Give up a held seat; a payment that is already under way still counts."""
    return order_view(service.cancel(call.mid, call.uid, call.path["order_id"]))


@operation(
    auth=CALLBACK,
    summary="WeChat Pay tells of payments and refunds",
    problems=(NOTIFICATION_REFUSED, NOTIFICATION_MISPLACED, NOT_FOUND),
)
def notified(call: Call[None]) -> None:
    """Take a notification; 204 acknowledges it."""
    payment.notified(call.mid, call.headers, call.raw)
