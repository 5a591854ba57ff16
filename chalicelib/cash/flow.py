"""Each morning the operations account's bill of the day before is compared with our transfers.

The due entry of a merchant's cash set-up asks for it, day by day. What differs is stuck money, which a person sees. A
day may be compared once more.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from chalicelib.cash.comparing import compare
from chalicelib.cash.days import FlowDay, day_key, days_index
from chalicelib.core import clock, log
from chalicelib.core.decision import decided
from chalicelib.core.errors import INVALID_FIELD, NOT_FOUND, RippleError, Unknown
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import query, read, read_all, read_one
from chalicelib.core.times import Time, span, timed
from chalicelib.core.transaction import Transaction, due_moves, update_one
from chalicelib.merchants import audit
from chalicelib.merchants.cash import CashSetup, setup_key
from chalicelib.merchants.service import BILL_TIME, bill_due_at
from chalicelib.wechat.http import WechatError

KEPT = timedelta(days=90)
"""WeChat keeps bills for three months."""


@timed(
    Time(
        f"{BILL_TIME:%H:%M} in Beijing, every morning, where the merchant pays cash",
        "the operations account's bill of the day before is compared with our transfers; what differs is stuck money",
        "days are compared in their order, each once, from bills that WeChat keeps " + span(KEPT),
    )
)
def setup_due(setup: CashSetup) -> None:
    """Compare the merchant's next day, and come back for the one after it (the due handler of `CashSetup`).

    A refusal of WeChat's is waited out: it is the merchant's account that something is wrong with, for as long as it
    takes him.
    """
    day = date.fromisoformat(setup.flow_day or "")
    leased = {"leased": CashSetup.gsi2sk == setup.gsi2sk}
    if clock.now() < bill_due_at(day):
        update_one(setup, [], when=leased, due=bill_due_at(day))
        return
    if clock.day_of(clock.now()) - day > KEPT:
        log.error("flow_too_old", mid=setup.mid, day=day.isoformat())
    elif _compare(setup.mid, day) is None:
        update_one(setup, [], when=leased, due=clock.now())
        return
    after = day + timedelta(days=1)
    update_one(setup, [CashSetup.flow_day.set(after.isoformat())], when=leased, due=bill_due_at(after))


def ask(intent: Intent, day: date) -> None:
    """Somebody wants a day compared, again or before the morning.

    Raises NOT_FOUND where the merchant has not said how he pays cash, and INVALID_FIELD for a day that has no bill.
    """
    mid = intent.mid
    ago = clock.day_of(clock.now()) - day
    if not timedelta(0) <= ago <= KEPT:
        raise RippleError(
            INVALID_FIELD, "/day", reason=("只能核对近 90 天内的资金账单", "WeChat has bills of the last 90 days")
        )
    keys = record_key(intent), setup_key(mid)

    def attempt() -> None:
        found = read(*keys)
        if found[keys[1]] is None:
            raise RippleError(NOT_FOUND)
        if recorded(intent, found[keys[0]]) is not None:
            return
        tx, (pk, sk) = Transaction(), (days_index(mid), day.isoformat())
        sums = (
            *(FlowDay.transfers, FlowDay.transferred_fen, FlowDay.returns, FlowDay.returned_fen),
            *(FlowDay.other_came_fen, FlowDay.other_went_fen, FlowDay.differences),
        )
        begun = [number.set(number | 0) for number in sums]
        listed = [FlowDay.gsi1pk.set(pk), FlowDay.gsi1sk.set(sk), *due_moves(day_key(mid, day), clock.now())]
        tx.upsert("day", day_key(mid, day), [*begun, *listed])
        add_record(tx, intent)
        audit.add(tx, mid, intent.actor, "cash.compare", day.isoformat())
        tx.commit()

    decided(attempt)


@timed(
    Time(
        f"the merchant wants a day compared: at once; one that has no bill yet at {BILL_TIME:%H:%M} the next morning",
        "that day is compared once more",
        "it waits in the list of days",
    )
)
def day_due(asked: FlowDay) -> None:
    """Compare a day that somebody asked for (the due handler of `FlowDay`); one that has no bill yet waits for it.

    So does one whose days before it are not compared yet: what left on those is wanted for it.
    """
    leased = {"leased": FlowDay.gsi2sk == asked.gsi2sk}
    setup = read_one(CashSetup, setup_key(asked.mid))
    try:
        if setup is not None and setup.flow_day is not None and setup.flow_day < asked.day.isoformat():
            raise Unknown("the days before it are not compared yet")
        whole = _compare(asked.mid, asked.day) is not None
    except Unknown:
        if clock.now() >= bill_due_at(asked.day):
            raise
        update_one(asked, [], when=leased, due=bill_due_at(asked.day))
        return
    update_one(asked, [], when=leased, due=None if whole else clock.now())


def compared(mid: MerchantId, limit: int, after: dict[str, Any] | None) -> tuple[list[FlowDay], dict[str, Any] | None]:
    """A page of the days that were compared, latest first."""
    page = query(days_index(mid), index="gsi1", limit=limit, forward=False, after=after)
    return [item for item in read_all(page.keys) if isinstance(item, FlowDay)], page.after


def _compare(mid: MerchantId, day: date) -> int | None:
    """`compare`, with every refusal of the bill `Unknown`."""
    try:
        return compare(mid, day)
    except WechatError as refused:
        log.warning("flow_refused", mid=mid, day=day.isoformat(), raised=refused)
        raise Unknown(f"the bill was refused: {refused.code}") from refused
