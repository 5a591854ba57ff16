"""Money that no rule can place: written once, told each time it is met, until a person or time has placed it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Protocol

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import clock, log
from chalicelib.core.ids import MerchantId, derived
from chalicelib.core.metrics import count, emit
from chalicelib.core.outbox import OutboxEntry, entry_key
from chalicelib.core.store import query, read_all, read_one
from chalicelib.core.table import Item, Key, StructAttribute, TimeAttribute, table
from chalicelib.core.transaction import Lost, Transaction
from chalicelib.orders.items import Order, order_key
from chalicelib.orders.numbers import order_of
from chalicelib.orders.plugged import DRIVERS
from chalicelib.orders.states import OrderState


class Reason(StrEnum):
    """Why money is stuck. A refusal's reason as it is stored has WeChat's code behind it."""

    PAYMENT_DIFFERS = "payment_differs"
    PAYMENT_OF_NO_ORDER = "payment_of_no_order"
    SECOND_TRANSACTION = "second_transaction_of_one_number"
    CLOSING_SLOW = "closing_slow"
    REFUND_OF_NO_DEBT = "refund_of_no_debt"
    REFUND_REFUSED = "refund_refused"
    REFUND_ABNORMAL = "refund_abnormal"
    REFUND_CLOSED = "refund_closed"
    REFUND_SLOW = "refund_slow"
    BILL_PAYMENT_UNKNOWN = "bill_payment_unknown"
    BILL_PAYMENT_DIFFERS = "bill_payment_differs"
    BILL_PAYMENT_STATUS = "bill_payment_status"
    BILL_LACKS_PAYMENT = "bill_lacks_payment"
    BILL_REFUND_UNKNOWN = "bill_refund_unknown"
    BILL_REFUND_DIFFERS = "bill_refund_differs"
    BILL_REFUND_STATUS = "bill_refund_status"
    BILL_LACKS_REFUND = "bill_lacks_refund"
    NOT_SHIPPED = "not_shipped"
    CASE_UNANSWERED = "case_unanswered"
    UPLOAD_REFUSED = "upload_refused"
    UPLOAD_SLOW = "upload_slow"
    PRESALE_REFUSED = "presale_refused"
    TRANSFER_REFUSED = "transfer_refused"
    TRANSFER_SLOW = "transfer_slow"
    TRANSFER_UNKNOWN = "transfer_unknown"
    """WeChat tells of a transfer that we did not make."""
    TRANSFER_DIFFERS = "transfer_differs"
    """WeChat tells of another amount or user than ours."""
    TRANSFER_CONTRADICTS = "transfer_contradicts"
    """WeChat tells of another end than that which it told of before."""
    FLOW_UNKNOWN = "flow_unknown"
    """The operations account's bill has a transfer that we did not make."""
    FLOW_DIFFERS = "flow_differs"
    FLOW_LACKS_TRANSFER = "flow_lacks_transfer"
    """It was paid by what WeChat said, and the bill has not got it."""
    CODE_REFUND_OWED = "code_refund_owed"
    """A code that was sold brings nothing any more: whoever bought it is owed for it, outside of Ripple."""
    FLOW_LACKS_RETURN = "flow_lacks_return"
    """It came to nothing by what WeChat said, and its money has not come back by the bill."""


CODED = (Reason.REFUND_REFUSED, Reason.UPLOAD_REFUSED, Reason.PRESALE_REFUSED, Reason.TRANSFER_REFUSED)
"""What is stored with the code of WeChat's refusal."""
SLOW = (Reason.REFUND_SLOW, Reason.UPLOAD_SLOW, Reason.TRANSFER_SLOW)
"""What is said of an act for want of anything more definite."""
AMOUNTS = ("total_fen", "refund_fen", "amount_fen", "bill_fen")
"""The facts that say how much money it is about, the first of them that is there."""
PAGE = 100


class Driver(Protocol):
    """Another room that goes on trying what is stuck, by a due entry of its own."""

    def key(self, mid: MerchantId, number: str) -> Key | None:
        """Where that entry stands; None where the number is none of the room's."""
        ...

    def tries(self, item: Item, number: str) -> bool:
        """Whether what stands there is still about this number, and has not ended."""
        ...


class StuckMoney(Item):
    """Money that no rule can place: recorded once, alarmed, for a person to decide."""

    letter = "STUCK"
    prefix = "META"

    reason = UnicodeAttribute()
    number = UnicodeAttribute()
    """The number of what it is about."""
    facts = StructAttribute[dict[str, str | int | None]](dict[str, str | int | None])
    effect = UnicodeAttribute(null=True)
    """The outbox's name of the act that goes on trying, where one does: its row ends with it."""
    recorded_at = TimeAttribute()

    @property
    def why(self) -> Reason:
        """Its reason without WeChat's code; another release may have stored one that this one does not know."""
        known = {reason.value: reason for reason in Reason}
        coded = (each for each in CODED if self.reason.startswith(f"{each.value}_"))
        return known.get(self.reason) or next(coded, Reason.REFUND_REFUSED)

    @property
    def amount_fen(self) -> int:
        """How much money it is about."""
        return next((fen for name in AMOUNTS if isinstance(fen := self.facts.get(name), int)), 0)

    @property
    def driver(self) -> Key | None:
        """Whose due entry tries again by itself: its act's, another room's, or an order's which is being closed."""
        if (driver := DRIVERS.get(self.why.value)) is not None:
            return driver.key(self.mid, self.number)
        if self.effect is not None:
            return entry_key(self.mid, self.effect, self.number)
        oid = order_of(self.number)
        return order_key(self.mid, oid) if oid and self.reason == Reason.CLOSING_SLOW else None


Facts = dict[str, str | int | None]
Difference = tuple[Reason, str, Facts]
"""What a bill has otherwise: why, of which number, and what else is said of it."""


def record(
    mid: MerchantId, reason: Reason, number: str, facts: Facts, *, code: str | None = None, effect: str | None = None
) -> None:
    """Record money that needs a person: once per number and reason, or per number and ``effect`` in trouble.

    It is told before it is written, and again whenever it is met: a process that dies in between has told it. What was
    only slow so far gets the reason, ``code`` behind it, once there is one.
    """
    row = _told(mid, reason, number, facts, code, effect)
    try:
        Transaction().put("stuck", row).commit()
    except Lost as lost:
        known = lost.item("stuck")
        if isinstance(known, StuckMoney) and known.reason in SLOW and reason not in SLOW:
            row.recorded_at, row.gsi1sk = known.recorded_at, known.gsi1sk
            Transaction().put("stuck", row, when={}).commit()
        log.info("stuck_money_known", mid=mid, reason=row.reason, number=number)


def record_all(mid: MerchantId, day: date, found: Iterable[Difference]) -> int:
    """Record the differences of a day's bill; returns how many there are."""
    number = 0
    for reason, about, facts in found:
        record(mid, reason, about, {"day": day.isoformat(), **facts})
        number += 1
    return number


def add(tx: Transaction, mid: MerchantId, reason: Reason, number: str, facts: Facts) -> None:
    """`record` in the transaction of what makes it so; what stood there before is said anew."""
    tx.put("stuck", _told(mid, reason, number, facts, None, None), when={})


def _told(mid: MerchantId, why: Reason, number: str, facts: Facts, code: str | None, effect: str | None) -> StuckMoney:
    """The row, which is told before it is written."""
    reason = why.value if code is None else f"{why.value}_{code.lower()}"
    log.error("stuck_money", mid=mid, reason=reason, number=number, facts=facts)
    count("StuckMoney", reason=reason, number=number)
    instant = clock.now()
    key = stuck_key(mid, effect or reason, number)
    row = StuckMoney(*key, reason=reason, number=number, facts=facts, effect=effect, recorded_at=instant)
    row.gsi1pk, row.gsi1sk = stuck_index(mid), f"{clock.iso(instant)}#{number}"
    return row


def is_tried(row: StuckMoney) -> bool:
    """Whether something is still being tried for it; of what has ended a late word may leave a row behind."""
    where = row.driver
    if where is None:
        return False
    if (driver := DRIVERS.get(row.why.value)) is not None:
        found = read_one(Item, where)
        return found is not None and driver.tries(found, row.number)
    if row.effect is not None:
        return read_one(OutboxEntry, where) is not None
    order = read_one(Order, where)
    return order is not None and order.state == OrderState.CLOSING


def report(mid: MerchantId) -> None:
    """Report how much of a merchant's money is stuck, in fen, and for how long the oldest of it, in seconds."""
    amount, oldest, after = 0, clock.now(), None
    while True:
        page = query(stuck_index(mid), index="gsi1", limit=PAGE, after=after)
        rows = [item for item in read_all(page.keys) if isinstance(item, StuckMoney)]
        amount += sum(row.amount_fen for row in rows)
        oldest = min([oldest, *(row.recorded_at for row in rows)])
        after = page.after
        if after is None:
            break
    emit({"StuckAmount": amount}, unit="None", mid=mid)
    emit({"StuckAge": (clock.now() - oldest).total_seconds()}, unit="Seconds", mid=mid)


def add_end(tx: Transaction, mid: MerchantId, topic: str, number: str) -> None:
    """What was in trouble (an effect, or a reason) has come to its end."""
    tx.delete(f"stuck_{topic}", stuck_key(mid, topic, number), when={})


def stuck_key(mid: MerchantId, topic: str, number: str) -> Key:
    """Where the row of a topic and a number stands."""
    return table(mid).key("STUCK", derived(topic, number))


def stuck_index(mid: MerchantId) -> str:
    """The index partition that lists a merchant's stuck money."""
    return table(mid).pk("STUCK", "0")
