"""The rules of goods and after-sale: pure decisions over what one read round found."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.campaigns.offer import Fulfilment
from chalicelib.core.errors import INVALID_FIELD, RippleError
from chalicelib.core.ids import CROCKFORD, ULID_LENGTH
from chalicelib.fulfilment import problems
from chalicelib.fulfilment.states import CaseState
from chalicelib.orders.numbers import MOST_REFUNDS
from chalicelib.orders.states import Delivery, OrderState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.fulfilment.items import Case, CaseLine, Shipment
    from chalicelib.orders.items import Order, Payment

MOST_PARCELS = 15
"""Parcels of one payment that WeChat takes (rules W17)."""

MOST_CASES = 20
"""After-sale cases that one order may have."""

SCANNED = re.compile(f"([{CROCKFORD}]{{{ULID_LENGTH}}}):([{CROCKFORD}]+)")
"""An order and its buyer's code, as one QR code says them."""

TO_SEND = (Delivery.WAITING, Delivery.PART)


def insist_confirmed(order: Order) -> None:
    """Raise `UNDECIDED` or `NOT_DELIVERABLE` unless the order's goods are owed or were sent."""
    if order.state == OrderState.PAID:
        raise RippleError(problems.UNDECIDED)
    if order.state != OrderState.CONFIRMED:
        raise RippleError(problems.NOT_DELIVERABLE, state=order.state.value)


def insist_may_send(order: Order) -> None:
    """Raise what forbids sending goods of the order now."""
    insist_confirmed(order)
    if order.delivery == Delivery.DONE:
        raise RippleError(problems.ALREADY_RECEIVED)
    if order.delivery == Delivery.SENT:
        raise RippleError(problems.ALREADY_SENT)
    if order.case is not None:
        raise RippleError(problems.CASE_OPEN)


def insist_parcels(order: Order, numbers: Sequence[str], *, new: int, complete: bool) -> None:
    """Raise `INVALID_FIELD` for parcels that do not fit how the goods go out; ``new`` of them are said now."""
    if order.fulfilment is Fulfilment.PICKUP:
        raise RippleError(problems.PICKUP_ONLY)
    if order.fulfilment is not Fulfilment.EXPRESS:
        if numbers or not complete:
            raise _wrong(("非快递发货不填运单，且一次完成", "goods without a carrier have no parcels and go at once"))
        return
    if not numbers or (not new and not complete):
        raise _wrong(("快递发货需要承运商和运单号", "express goods need a carrier and a number"))
    if len(numbers) > MOST_PARCELS:
        raise _wrong((f"最多 {MOST_PARCELS} 个包裹", f"at most {MOST_PARCELS} parcels"))
    if len(set(numbers)) != len(numbers):
        raise _wrong(("运单号重复", "a number occurs twice"))


def insist_may_correct(order: Order, shipment: Shipment | None) -> None:
    """Raise what forbids correcting the parcels now."""
    insist_confirmed(order)
    if order.delivery == Delivery.DONE:
        raise RippleError(problems.ALREADY_RECEIVED)
    if order.delivery != Delivery.SENT or shipment is None:
        raise RippleError(problems.NOT_SENT)
    if order.case is not None:
        raise RippleError(problems.CASE_OPEN)
    if order.fulfilment is not Fulfilment.EXPRESS:
        raise _wrong(("非快递发货没有运单可更正", "goods that go without a carrier have no parcels"))
    if shipment.corrected:
        raise RippleError(problems.ALREADY_CORRECTED)


def insist_may_hand_over(order: Order) -> None:
    """Raise what forbids giving the goods to whoever shows the code."""
    insist_may_send(order)
    if order.fulfilment is not Fulfilment.PICKUP:
        raise RippleError(problems.NOT_PICKUP)


def said_by_qr(oid: str, code: str) -> str:
    """What a QR code says of an order and its buyer's code, for `scanned` to read."""
    return f"{oid}:{code}"


def shown_at_pickup(order: Order) -> str:
    """What the buyer shows while his goods wait. Raises `NOT_PICKUP` and `NOT_WAITING`."""
    if order.fulfilment is not Fulfilment.PICKUP:
        raise RippleError(problems.NOT_PICKUP)
    if order.delivery != Delivery.WAITING or order.pickup_code is None:
        raise RippleError(problems.NOT_WAITING)
    return said_by_qr(order.oid, order.pickup_code)


def scanned(text: str) -> tuple[str, str]:
    """The order and the code that a QR code says. Raises `INVALID_FIELD` for any other text.

    >>> scanned(said_by_qr("PDMB2GJ341SCPWKG2QN7HENYK4", "8K3M2Q7T"))
    ('PDMB2GJ341SCPWKG2QN7HENYK4', '8K3M2Q7T')
    """
    said = SCANNED.fullmatch(text.strip().upper())
    if said is None:
        reason = ("这不是买家的取货二维码", "this is not what a buyer's QR code says")
        raise RippleError(INVALID_FIELD, "/scanned", reason=reason)
    return said[1], said[2]


def insist_may_receive(order: Order) -> None:
    """Raise what forbids saying that the goods have arrived."""
    insist_confirmed(order)
    if order.delivery in TO_SEND:
        raise RippleError(problems.NOT_SENT)
    if order.case is not None:
        raise RippleError(problems.CASE_OPEN)


def insist_may_ask(order: Order, *, goods_back: bool, now: datetime) -> None:
    """Raise what forbids opening an after-sale case now."""
    insist_confirmed(order)
    if order.case is not None:
        raise RippleError(problems.CASE_OPEN)
    if order.cases >= MOST_CASES:
        raise RippleError(problems.TOO_MANY_CASES, limit=MOST_CASES)
    if goods_back and order.delivery in TO_SEND:
        raise RippleError(problems.NOTHING_SENT)
    if order.ask_until is not None and now > order.ask_until:
        raise RippleError(problems.CASE_LATE, until=order.ask_until.isoformat())


def insist_refundable(live_fen: int, payment: Payment | None, amount_fen: int, pointer: str | None = None) -> None:
    """Raise what forbids that so much of what is live goes back: `TOO_MUCH`, `TOO_MANY_REFUNDS`."""
    if amount_fen > live_fen:
        raise RippleError(problems.TOO_MUCH, pointer, live_fen=live_fen)
    if payment is None or not payment.live_fen:
        return
    last = payment.refunds == MOST_REFUNDS - 1 and amount_fen < payment.live_fen
    if last or payment.refunds >= MOST_REFUNDS:
        raise RippleError(problems.TOO_MANY_REFUNDS)


def insist_case(case: Case, *states: CaseState) -> None:
    """Raise `CASE_DECIDED` unless the case is in one of ``states``."""
    if case.state not in states:
        raise RippleError(problems.CASE_DECIDED, state=case.state.value)


def wanted(order: Order, lines: Sequence[CaseLine], amount_fen: int | None) -> int:
    """What a case asks for: the amount that is said, or what its lines cost, all of the order for all of its lines.

    Raises `INVALID_FIELD` for lines that the order has not.
    """
    bought = {line.sku_id: line for line in order.lines}
    total = 0
    for n, line in enumerate(lines):
        own = bought.get(line.sku_id)
        if own is None or line.quantity > own.quantity or sum(one.sku_id == line.sku_id for one in lines) > 1:
            reason = ("订单中没有这么多该商品", "the order has not as many of it")
            raise RippleError(INVALID_FIELD, f"/lines/{n}", reason=reason)
        total += line.quantity * own.price_fen
    if all(line.quantity == sum(one.quantity for one in lines if one.sku_id == line.sku_id) for line in order.lines):
        total = order.total_fen
    return total if amount_fen is None else amount_fen


def _wrong(reason: tuple[str, str]) -> RippleError:
    return RippleError(INVALID_FIELD, "/parcels", reason=reason)
