"""Delivery and after-sale over HTTP."""

from __future__ import annotations

import re
from typing import Any

from chalicelib.core import clock, cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.edge.operation import MERCHANT, USER, Answer, Call, operation
from chalicelib.fulfilment import cases, delivery, file, payback, problems, rules, sheet, tracking
from chalicelib.fulfilment.bodies import (
    Asking,
    Cases,
    Correction,
    GivenBack,
    Grant,
    Listing,
    Numbers,
    OrderCards,
    Refusal,
    Scanned,
    Sending,
    SentParcel,
    Shown,
    ToSend,
)
from chalicelib.fulfilment.items import CaseLine, case_list
from chalicelib.fulfilment.views import OrderRecord, OrderShown, case_view, order_card, order_record, order_shown
from chalicelib.orders.states import Delivery

POSITION = re.compile(r"20\d\d-[0-9T:.-]+Z#[0-9A-Z]+")
"""Where an order stands in a list."""

STATES = (NOT_FOUND, problems.UNDECIDED, problems.NOT_DELIVERABLE, problems.CASE_OPEN)
HANDING = (*STATES, problems.ALREADY_RECEIVED, problems.NOT_PICKUP, problems.CODE_WRONG)
CASES = (NOT_FOUND, problems.CASE_DECIDED)


@operation(
    auth=USER,
    answer=OrderShown,
    summary="One of my orders, or one that I pay for: its money, its goods, its cases",
    problems=(NOT_FOUND,),
)
def show(call: Call[None]) -> OrderShown:
    """One order of the caller, whole; without its receiver one that he pays for."""
    return _shown(call)


@operation(auth=USER, answer=OrderShown, summary="I have received it", problems=(*STATES, problems.NOT_SENT))
def received(call: Call[None]) -> OrderShown:
    """Say that the goods have arrived; again is the same."""
    delivery.received(call.mid, call.uid, call.path["order_id"])
    return _shown(call)


@operation(
    auth=USER,
    body=Asking,
    answer=OrderShown,
    status=201,
    idempotent=True,
    summary="Ask for money back",
    description="While the case is open the order neither goes out nor counts as received.",
    problems=(
        *STATES,
        problems.NOTHING_SENT,
        problems.CASE_LATE,
        problems.TOO_MUCH,
        problems.TOO_MANY_REFUNDS,
        problems.TOO_MANY_CASES,
    ),
)
def ask(call: Call[Asking]) -> OrderShown:
    """Open an after-sale case."""
    asked = call.body
    cases.ask(
        call.intent,
        call.path["order_id"],
        goods_back=asked.goods_back,
        reason=asked.reason.value,
        note=asked.note,
        lines=[CaseLine(line.sku_id, line.quantity) for line in asked.lines],
        amount_fen=asked.amount_fen,
    )
    return _shown(call)


@operation(auth=USER, answer=OrderShown, idempotent=True, summary="I no longer ask", problems=CASES)
def withdraw(call: Call[None]) -> OrderShown:
    """End a case of one's own."""
    cases.withdraw(call.intent, call.path["order_id"], _which(call))
    return _shown(call)


@operation(
    auth=USER, body=SentParcel, answer=OrderShown, idempotent=True, summary="I have sent it back", problems=CASES
)
def send_back(call: Call[SentParcel]) -> OrderShown:
    """Say how the goods come back."""
    cases.send_back(call.intent, call.path["order_id"], _which(call), call.body.carrier, call.body.number)
    return _shown(call)


@operation(auth=MERCHANT, role="viewer", query=Listing, answer=OrderCards, summary="Orders by where their goods are")
def listed(call: Call[None]) -> OrderCards:
    """A page of orders; those still to be sent unless another state is asked for."""
    asked: Listing = call.query
    after = cursor.position(asked.cursor, POSITION)
    found, more = file.listed(call.mid, asked.delivery, asked.day, asked.limit, after)
    return OrderCards(orders=[order_card(order) for order in found], cursor=cursor.of_position(more))


@operation(
    auth=MERCHANT,
    role="operator",
    query=ToSend,
    answer=bytes,
    media="text/csv; charset=utf-8",
    summary="The warehouse's sheet: goods to be sent, with whole addresses",
    description="One row an order line; the look is audited. Where there is more, X-Next-Cursor is the next `cursor`.",
)
def to_send(call: Call[None]) -> Answer[bytes]:
    """A page of the orders that are to be sent, as a CSV."""
    asked: ToSend = call.query
    after = cursor.position(asked.cursor, POSITION)
    place = Delivery(asked.delivery)
    body, more = sheet.page(call.mid, call.key_id, place, asked.day, asked.limit, after, call.language)
    headers = {"Content-Disposition": 'attachment; filename="orders.csv"'}
    following = cursor.of_position(more)
    return Answer(body, headers={**headers, "X-Next-Cursor": following} if following else headers)


@operation(
    auth=MERCHANT,
    role="operator",
    body=Numbers,
    answer=tracking.Report,
    limit=256 * 1024,
    idempotent=True,
    summary="Tracking numbers, as the warehouse gives them back",
    description="At most 300 orders. Each is sent on its own, and nothing twice; what was `not_tried`, try again.",
)
def numbers(call: Call[Numbers]) -> tracking.Report:
    """Send the orders of a file, and say of each line what became of it."""
    return tracking.give(call.intent, call.body.csv, call.language, clock.for_seconds(tracking.SECONDS))


@operation(
    auth=MERCHANT, role="viewer", answer=OrderRecord, summary="One order and all that happened", problems=(NOT_FOUND,)
)
def inspect(call: Call[None]) -> OrderRecord:
    """One order of the merchant, whole."""
    return _record(call)


@operation(
    auth=MERCHANT,
    role="operator",
    body=Sending,
    answer=OrderRecord,
    idempotent=True,
    summary="Goods went out",
    problems=(*STATES, problems.ALREADY_SENT, problems.ALREADY_RECEIVED, problems.PICKUP_ONLY),
)
def send(call: Call[Sending]) -> OrderRecord:
    """Send goods, in one parcel or several; WeChat is told."""
    parcels = [(parcel.carrier, parcel.number) for parcel in call.body.parcels]
    delivery.send(call.intent, call.path["order_id"], parcels, complete=call.body.complete, message=call.body.message)
    return _record(call)


@operation(
    auth=MERCHANT,
    role="operator",
    body=Correction,
    answer=OrderRecord,
    idempotent=True,
    summary="The parcels were others",
    problems=(*STATES, problems.NOT_SENT, problems.ALREADY_CORRECTED, problems.ALREADY_RECEIVED),
)
def correct(call: Call[Correction]) -> OrderRecord:
    """Correct what was said of the parcels, once."""
    parcels = [(parcel.carrier, parcel.number) for parcel in call.body.parcels]
    delivery.correct(call.intent, call.path["order_id"], parcels)
    return _record(call)


@operation(
    auth=MERCHANT,
    role="operator",
    body=Shown,
    answer=OrderRecord,
    idempotent=True,
    summary="Handed over against the buyer's code",
    problems=HANDING,
)
def hand_over(call: Call[Shown]) -> OrderRecord:
    """Give the goods to whoever shows the code."""
    delivery.hand_over(call.intent, call.path["order_id"], call.body.code)
    return _record(call)


@operation(
    auth=MERCHANT,
    role="operator",
    body=Scanned,
    answer=OrderRecord,
    idempotent=True,
    summary="Handed over against the buyer's QR code",
    problems=HANDING,
)
def scan(call: Call[Scanned]) -> OrderRecord:
    """Give the goods of whatever order the QR code names to whoever shows it."""
    order_id, code = rules.scanned(call.body.scanned)
    delivery.hand_over(call.intent, order_id, code)
    return order_record(file.whole(call.mid, order_id), call.language)


@operation(
    auth=MERCHANT,
    role="operator",
    body=GivenBack,
    answer=OrderRecord,
    idempotent=True,
    summary="Give money back",
    problems=(*STATES, problems.TOO_MUCH, problems.TOO_MANY_REFUNDS),
)
def give_back(call: Call[GivenBack]) -> OrderRecord:
    """Refund all or a part without being asked."""
    payback.give_back(call.intent, call.path["order_id"], call.body.amount_fen, call.body.note)
    return _record(call)


@operation(auth=MERCHANT, role="viewer", query=Page, answer=Cases, summary="Open after-sale cases")
def open_cases(call: Call[None]) -> Cases:
    """A page of the cases that are not decided, the one that waits longest first."""
    page: Page = call.query
    found, more = cases.opened(call.mid, page.limit, cursor.decode(page.cursor, case_list(call.mid), "gsi1"))
    return Cases(cases=[case_view(case) for case in found], cursor=cursor.encode(more))


@operation(
    auth=MERCHANT,
    role="operator",
    body=Grant,
    answer=OrderRecord,
    idempotent=True,
    summary="Agree to a case",
    problems=(*CASES, problems.TOO_MUCH, problems.TOO_MANY_REFUNDS),
)
def grant(call: Call[Grant]) -> OrderRecord:
    """Agree: the money goes back, or the goods may come back first."""
    said = call.body
    cases.grant(call.intent, call.path["order_id"], _which(call), amount_fen=said.amount_fen, answer=said.answer)
    return _record(call)


@operation(
    auth=MERCHANT,
    role="operator",
    body=Refusal,
    answer=OrderRecord,
    idempotent=True,
    summary="Refuse a case",
    problems=CASES,
)
def refuse(call: Call[Refusal]) -> OrderRecord:
    """Refuse, and say why."""
    cases.refuse(call.intent, call.path["order_id"], _which(call), call.body.answer)
    return _record(call)


@operation(
    auth=MERCHANT,
    role="operator",
    answer=OrderRecord,
    idempotent=True,
    summary="What was sent back has arrived",
    problems=(*CASES, problems.TOO_MUCH, problems.TOO_MANY_REFUNDS),
)
def goods_came(call: Call[None]) -> OrderRecord:
    """The goods are back: the money goes."""
    cases.goods_came(call.intent, call.path["order_id"], _which(call))
    return _record(call)


def _which(call: Call[Any]) -> int:
    """Which case of the order is meant."""
    text = call.path["case"]
    if not text.isdecimal() or not text.isascii() or len(text) > 3:
        raise RippleError(NOT_FOUND)
    return int(text)


def _shown(call: Call[Any]) -> OrderShown:
    return order_shown(file.seen(call.mid, call.uid, call.path["order_id"]), call.uid, call.language)


def _record(call: Call[Any]) -> OrderRecord:
    return order_record(file.whole(call.mid, call.path["order_id"]), call.language)
