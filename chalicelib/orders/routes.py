"""Orders over HTTP."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

import msgspec

from chalicelib.accounts.items import user_index
from chalicelib.core import cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND
from chalicelib.edge.operation import CALLBACK, MERCHANT, USER, Answer, Call, operation
from chalicelib.orders import bills, desk, payers, payment, receiver, service, stuck
from chalicelib.orders.day import bill_index
from chalicelib.orders.desk_views import (
    ComparedDay,
    DayPayment,
    Stuck,
    compared_day,
    day_payment,
    stuck_view,
)
from chalicelib.orders.items import Order
from chalicelib.orders.payers import PayerShown
from chalicelib.orders.problems import (
    NOT_CANCELLABLE,
    NOT_PAYABLE,
    NOT_RETRYABLE,
    NOTIFICATION_MISPLACED,
    NOTIFICATION_REFUSED,
    PAY_WINDOW_OVER,
    PAYER_PAYS,
    PAYMENT_CHANGED,
    PAYMENT_REFUSED,
    RECEIVER_ELSEWHERE,
    RECEIVER_FIXED,
    RECEIVER_KEPT,
    RECEIVER_KEY_MISSING,
    RECEIVER_UNREADABLE,
    STILL_OWED,
)
from chalicelib.orders.receiver import Address
from chalicelib.orders.views import (
    OrderView,
    Payable,
    ReceiverOpened,
    order_view,
    payable,
    receiver_opened,
)

POSITION = re.compile(r"20\d\d-[0-9T:.-]+Z#[0-9A-Z]+#\d+")
"""Where a payment stands in its day."""


class Orders(msgspec.Struct, kw_only=True):
    """A page of orders, newest first."""

    orders: list[OrderView]
    cursor: str | None


class Day(Page, forbid_unknown_fields=True, kw_only=True):
    """The query of a day's payments."""

    day: date
    """In China's time, as WeChat's bills are."""


class DayPayments(msgspec.Struct, kw_only=True):
    """A page of a day's payments, latest first."""

    payments: list[DayPayment]
    cursor: str | None


class StuckMoney(msgspec.Struct, kw_only=True):
    """A page of stuck money, oldest first; none is the normal state."""

    stuck: list[Stuck]
    cursor: str | None


class ComparedDays(msgspec.Struct, kw_only=True):
    """A page of days compared with WeChat's bills, latest first."""

    days: list[ComparedDay]
    cursor: str | None


class BillDay(msgspec.Struct, forbid_unknown_fields=True):
    """Which day is to be compared."""

    day: date
    """In China's time."""


class Resolution(msgspec.Struct, forbid_unknown_fields=True):
    """How stuck money was placed; kept in the audit log."""

    note: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


@operation(auth=USER, query=Page, answer=Orders, summary="My orders, newest first")
def mine(call: Call[None]) -> Orders:
    """A page of the caller's orders."""
    page: Page = call.query
    after = cursor.decode(page.cursor, user_index(call.mid, call.uid), "gsi1", "O#")
    found, more = service.orders(call.mid, call.uid, page.limit, after)
    paid_by = payers.shown(found, call.uid)
    shown = [order_view(order, paid_by.get(order.oid)) for order in found]
    return Orders(orders=shown, cursor=cursor.encode(more))


@operation(
    auth=USER,
    answer=Payable,
    also=(202,),
    summary="Payment parameters of a held order, again",
    description="For who pays it. Answers 202 without `pay` when WeChat Pay gave no answer yet: ask again.",
    problems=(NOT_FOUND, NOT_PAYABLE, PAY_WINDOW_OVER, PAYER_PAYS, PAYMENT_CHANGED, PAYMENT_REFUSED),
)
def prepay(call: Call[None]) -> Answer[Payable]:
    """Ask WeChat Pay to collect again; safe to repeat, the order and its number stay the same."""
    order, pay = service.pay_again(call.mid, call.uid, call.path["order_id"])
    return Answer(payable(order, pay, _payer(call, order)), status=200 if pay else 202)


@operation(auth=USER, answer=OrderView, summary="Cancel an order before payment", problems=(NOT_FOUND, NOT_CANCELLABLE))
def cancel(call: Call[None]) -> OrderView:
    """Give up a held seat; a payment that is already under way still counts."""
    order = service.cancel(call.mid, call.uid, call.path["order_id"])
    return order_view(order, _payer(call, order))


@operation(
    auth=USER,
    answer=ReceiverOpened,
    summary="Who gets the goods of my order, whole",
    problems=(NOT_FOUND, RECEIVER_UNREADABLE),
)
def show_receiver(call: Call[None]) -> ReceiverOpened:
    """The receiver of one of the caller's orders."""
    return receiver_opened(*receiver.own(call.mid, call.uid, call.path["order_id"]))


@operation(
    auth=USER,
    body=Address,
    answer=ReceiverOpened,
    summary="Say who gets the goods of my order",
    description="Pass on what `wx.chooseAddress` answers, in snake case. It can be changed until the goods are sent.",
    problems=(NOT_FOUND, RECEIVER_ELSEWHERE, RECEIVER_FIXED, RECEIVER_KEY_MISSING),
)
def change_receiver(call: Call[Address]) -> ReceiverOpened:
    """Name the receiver of one of the caller's orders, for the first time or anew."""
    return receiver_opened(*receiver.change(call.mid, call.uid, call.path["order_id"], call.body))


@operation(
    auth=MERCHANT, role="viewer", query=Day, answer=DayPayments, summary="Payments of a day, each with its order"
)
def day(call: Call[None]) -> DayPayments:
    """A page of what was paid on a day."""
    asked: Day = call.query
    before = cursor.position(asked.cursor, POSITION)
    found, more = desk.paid(call.mid, asked.day, asked.limit, before)
    shown = [day_payment(order, payment) for order, payment in found]
    return DayPayments(payments=shown, cursor=cursor.of_position(more))


@operation(
    auth=MERCHANT,
    role="operator",
    answer=ReceiverOpened,
    summary="Who gets the goods of an order, whole",
    description="Every look is written to the audit log before it is answered.",
    problems=(NOT_FOUND, RECEIVER_UNREADABLE),
)
def reveal_receiver(call: Call[None]) -> ReceiverOpened:
    """A look at name, phone and address."""
    return receiver_opened(*receiver.reveal(call.mid, call.key_id, call.path["order_id"]))


@operation(
    auth=MERCHANT,
    role="owner",
    idempotent=True,
    summary="Erase who got the goods of an order",
    description="Possible once the three years are over for which the law keeps it; the order and its money stay.",
    problems=(NOT_FOUND, RECEIVER_KEPT),
)
def erase_receiver(call: Call[None]) -> None:
    """Forget name, phone and address."""
    receiver.erase(call.intent, call.path["order_id"])


@operation(auth=MERCHANT, role="viewer", query=Page, answer=StuckMoney, summary="Money that needs somebody")
def stuck_money(call: Call[None]) -> StuckMoney:
    """A page of what was captured or is owed and cannot be placed by itself."""
    page: Page = call.query
    found, more = desk.stuck_money(
        call.mid, page.limit, cursor.decode(page.cursor, stuck.stuck_index(call.mid), "gsi1")
    )
    shown = [stuck_view(row, call.language) for row in found]
    return StuckMoney(stuck=shown, cursor=cursor.encode(more))


@operation(auth=MERCHANT, role="viewer", query=Page, answer=ComparedDays, summary="Days compared with WeChat's bills")
def bills_compared(call: Call[None]) -> ComparedDays:
    """A page of days with WeChat's sums and how many differences there were."""
    page: Page = call.query
    found, more = bills.compared(call.mid, page.limit, cursor.decode(page.cursor, bill_index(call.mid), "gsi1"))
    return ComparedDays(days=[compared_day(day) for day in found], cursor=cursor.encode(more))


@operation(
    auth=MERCHANT,
    role="operator",
    body=BillDay,
    status=202,
    idempotent=True,
    summary="Compare a day with WeChat's bill, again or before the morning",
    description="It is done within a minute, or as soon as WeChat has the bill; look at `GET /v1/admin/bills`.",
)
def compare_bill(call: Call[BillDay]) -> None:
    """Ask for a day's comparison."""
    bills.ask(call.intent, call.body.day)


@operation(
    auth=MERCHANT,
    role="operator",
    idempotent=True,
    summary="Try what is stuck at once",
    problems=(NOT_FOUND, NOT_RETRYABLE),
)
def retry(call: Call[None]) -> None:
    """Make what is still being tried due now; it is tried again by itself in any case."""
    desk.retry(call.intent, call.path["stuck_id"])


@operation(
    auth=MERCHANT,
    role="operator",
    body=Resolution,
    idempotent=True,
    summary="Say that stuck money was placed outside",
    problems=(NOT_FOUND, STILL_OWED),
)
def resolve(call: Call[Resolution]) -> None:
    """Take money from the list that somebody has placed by hand; the note stays in the audit log."""
    desk.resolve(call.intent, call.path["stuck_id"], call.body.note)


@operation(
    auth=CALLBACK,
    summary="WeChat Pay tells of payments and refunds",
    problems=(NOTIFICATION_REFUSED, NOTIFICATION_MISPLACED, NOT_FOUND),
)
def notified(call: Call[None]) -> None:
    """Take a notification; 204 acknowledges it."""
    payment.notified(call.mid, call.headers, call.raw)


def _payer(call: Call[None], order: Order) -> PayerShown | None:
    return payers.shown([order], call.uid).get(order.oid)
