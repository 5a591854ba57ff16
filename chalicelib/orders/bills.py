"""Every day's books compared with WeChat's: what it booked and we do not know, and what we know and it did not book.

The merchant's own due entry asks each morning for the day before. A payment that only the bill tells of is taken as if
it had been notified; whatever else differs is stuck money, which a person sees. A day may be compared once more.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from chalicelib.core import clock, log
from chalicelib.core.decision import decided
from chalicelib.core.errors import INVALID_FIELD, RippleError, Unknown
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import query, read, read_all
from chalicelib.core.times import Time, span, timed
from chalicelib.core.transaction import Transaction, due_moves, update_one
from chalicelib.merchants import audit
from chalicelib.merchants.items import Merchant
from chalicelib.merchants.service import BILL_TIME, bill_due_at
from chalicelib.orders import stuck
from chalicelib.orders.comparing import compare
from chalicelib.orders.day import DayBill, bill_index, bill_key
from chalicelib.wechat.http import WechatError

KEPT = timedelta(days=90)
"""WeChat keeps bills for three months."""


@timed(
    Time(
        f"{BILL_TIME:%H:%M} in Beijing, every morning",
        "WeChat's bill of the day before is compared with our books: a payment that only the bill has is "
        "taken, what else differs is stuck money; what is stuck is counted",
        "days are compared in their order, each once, from bills that WeChat keeps " + span(KEPT),
    )
)
def merchant_due(merchant: Merchant) -> None:
    """Compare the merchant's next day, and come back for the one after it (the due handler of `Merchant`).

    What is stuck is reported first, whether or not WeChat has a bill.
    """
    day = date.fromisoformat(merchant.bill_day or "")
    leased = {"leased": Merchant.gsi2sk == merchant.gsi2sk}
    if clock.now() < bill_due_at(day):
        update_one(merchant, [], when=leased, due=bill_due_at(day))
        return
    stuck.report(merchant.mid)
    if clock.day_of(clock.now()) - day > KEPT:
        log.error("bill_too_old", mid=merchant.mid, day=day.isoformat())
    elif compare(merchant.mid, day) is None:
        update_one(merchant, [], when=leased, due=clock.now())
        return
    after = day + timedelta(days=1)
    update_one(merchant, [Merchant.bill_day.set(after.isoformat())], when=leased, due=bill_due_at(after))


def ask(intent: Intent, day: date) -> None:
    """Somebody wants a day compared, again or before the morning. Raises INVALID_FIELD for one that has no bill."""
    mid = intent.mid
    ago = clock.day_of(clock.now()) - day
    if not timedelta(0) <= ago <= KEPT:
        raise RippleError(
            INVALID_FIELD, "/day", reason=("只能核对近 90 天内的账单", "WeChat has bills of the last 90 days")
        )

    def attempt() -> None:
        key = record_key(intent)
        if recorded(intent, read(key)[key]) is not None:
            return
        tx, (pk, sk) = Transaction(), (bill_index(mid), day.isoformat())
        sums = (DayBill.payments, DayBill.paid_fen, DayBill.refunds, DayBill.refunded_fen, DayBill.differences)
        begun = [number.set(number | 0) for number in sums]
        listed = [DayBill.gsi1pk.set(pk), DayBill.gsi1sk.set(sk), *due_moves(bill_key(mid, day), clock.now())]
        tx.upsert("bill", bill_key(mid, day), [*begun, *listed])
        add_record(tx, intent)
        audit.add(tx, mid, intent.actor, "bill.compare", day.isoformat())
        tx.commit()

    decided(attempt)


@timed(
    Time(
        f"the merchant wants a day compared: at once; one that has no bill yet at {BILL_TIME:%H:%M} the next morning",
        "that day is compared once more",
        "it waits in the list of days",
    )
)
def bill_due(asked: DayBill) -> None:
    """Compare a day that somebody asked for (the due handler of `DayBill`); one that has no bill yet waits for it."""
    leased = {"leased": DayBill.gsi2sk == asked.gsi2sk}
    try:
        whole = compare(asked.mid, asked.day) is not None
    except (Unknown, WechatError):
        if clock.now() >= bill_due_at(asked.day):
            raise
        update_one(asked, [], when=leased, due=bill_due_at(asked.day))
        return
    update_one(asked, [], when=leased, due=None if whole else clock.now())


def compared(mid: MerchantId, limit: int, after: dict[str, Any] | None) -> tuple[list[DayBill], dict[str, Any] | None]:
    """A page of the days that were compared, latest first."""
    page = query(bill_index(mid), index="gsi1", limit=limit, forward=False, after=after)
    return [item for item in read_all(page.keys) if isinstance(item, DayBill)], page.after
