"""An order's money as its merchant sees it: what was paid in a day, one order whole, and what needs him."""

from __future__ import annotations

from datetime import date
from typing import Any

from chalicelib.core import clock
from chalicelib.core.decision import decided
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId
from chalicelib.core.outbox import OutboxEntry, entry_key
from chalicelib.core.store import query, read, read_all, read_one
from chalicelib.core.table import Key, table
from chalicelib.core.transaction import Transaction
from chalicelib.merchants import audit
from chalicelib.orders import steps, stuck
from chalicelib.orders.items import PAYMENT_SHARDS, Order, Payment, Receiver, StuckMoney, order_key, paid_on
from chalicelib.orders.problems import NOT_RETRYABLE, STILL_OWED


def order(mid: MerchantId, oid: str) -> tuple[Order, list[Payment], Receiver | None]:
    """An order with every capture of it, first attempt first, and who gets its goods. Raises `NOT_FOUND`."""
    items = query(order_key(mid, oid).pk).items
    found = next((item for item in items if isinstance(item, Order)), None)
    if found is None:
        raise RippleError(NOT_FOUND)
    payments = sorted((item for item in items if isinstance(item, Payment)), key=lambda payment: payment.attempt)
    return found, payments, next((item for item in items if isinstance(item, Receiver)), None)


def paid(mid: MerchantId, day: date, limit: int, before: str | None) -> tuple[list[tuple[Order, Payment]], str | None]:
    """Payments of a day in China, latest first, each with its order, and where the next page begins.

    The day's payments lie in `PAYMENT_SHARDS` index partitions: each is asked for one page of keys, and only what is
    shown is read. ``before`` is the position that the last page ended with.
    """
    places: list[tuple[str, Key]] = []
    for shard in range(PAYMENT_SHARDS):
        page = query(paid_on(mid, day, shard), index="gsi1", limit=limit + 1, forward=False, at_most=before)
        places += zip(page.positions, page.keys, strict=True)
    places = sorted((place for place in places if place[0] != before), reverse=True)
    shown, more = places[:limit], len(places) > limit
    payments = [item for item in read_all(key for _, key in shown) if isinstance(item, Payment)]
    owners = {payment.pk: order_key(mid, payment.oid) for payment in payments}
    orders = {item.pk: item for item in read_all(owners.values()) if isinstance(item, Order)}
    return [(orders[p.pk], p) for p in payments if p.pk in orders], shown[-1][0] if more else None


def stuck_money(
    mid: MerchantId, limit: int, after: dict[str, Any] | None
) -> tuple[list[StuckMoney], dict[str, Any] | None]:
    """A page of the merchant's stuck money, oldest first; none is the normal state."""
    page = query(stuck.stuck_index(mid), index="gsi1", limit=limit, after=after)
    return [item for item in read_all(page.keys) if isinstance(item, StuckMoney)], page.after


def retry(intent: Intent, stuck_id: str) -> None:
    """Try a refund in trouble at once instead of at its next turn. Raises `NOT_RETRYABLE` for anything else."""

    def attempt() -> None:
        row = _row(intent, stuck_id)
        if row is None:
            return
        if not _owed(row):
            raise RippleError(NOT_RETRYABLE)
        tx = Transaction()
        tx.update("entry", entry_key(intent.mid, steps.REFUND, row.number), when={}, due=clock.now())
        add_record(tx, intent)
        audit.add(tx, intent.mid, intent.actor, "stuck.retry", row.number)
        tx.commit()

    decided(attempt)


def resolve(intent: Intent, stuck_id: str, note: str) -> None:
    """Somebody has placed the money outside: its row ends, and who said so stays. Raises `STILL_OWED` for a refund."""

    def attempt() -> None:
        row = _row(intent, stuck_id)
        if row is None:
            return
        if _owed(row):
            raise RippleError(STILL_OWED)
        tx = Transaction()
        tx.delete("stuck", row, when={"there": StuckMoney.pk.exists()})
        add_record(tx, intent)
        audit.add(tx, intent.mid, intent.actor, "stuck.resolve", row.number, reason=row.reason, note=note)
        tx.commit()

    decided(attempt)


def _owed(row: StuckMoney) -> bool:
    """Whether it is a refund that is still being tried; of one that has ended a late word may leave a row behind."""
    return stuck.is_refund(row) and read_one(OutboxEntry, entry_key(row.mid, steps.REFUND, row.number)) is not None


def _row(intent: Intent, stuck_id: str) -> StuckMoney | None:
    """The row; None where this request was carried out before. Raises `NOT_FOUND`."""
    keys = record_key(intent), table(intent.mid).key("STUCK", stuck_id)
    found = read(*keys)
    row = found.item(StuckMoney, keys[1])
    if recorded(intent, found[keys[0]]) is not None:
        return None
    if row is None:
        raise RippleError(NOT_FOUND)
    return row
