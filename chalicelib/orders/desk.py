"""Money as a merchant sees it: what was paid in a day, and what needs him."""

from __future__ import annotations

from datetime import date
from typing import Any

from chalicelib.core import clock
from chalicelib.core.decision import decided
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import query, read, read_all, spread
from chalicelib.core.table import Item, table
from chalicelib.core.transaction import Transaction
from chalicelib.merchants import audit
from chalicelib.orders import stuck
from chalicelib.orders.items import PAYMENT_SHARDS, Order, Payment, order_key, paid_on
from chalicelib.orders.problems import NOT_RETRYABLE, STILL_OWED
from chalicelib.orders.stuck import StuckMoney


def paid(mid: MerchantId, day: date, limit: int, before: str | None) -> tuple[list[tuple[Order, Payment]], str | None]:
    """Payments of a day in China, latest first, each with its order, and where the next page begins.

    Only what is shown is read. ``before`` is the position that the last page ended with.
    """
    shards = [paid_on(mid, day, shard) for shard in range(PAYMENT_SHARDS)]
    keys, more = spread(shards, "gsi1", limit, forward=False, after=before)
    payments = [item for item in read_all(keys) if isinstance(item, Payment)]
    owners = {payment.pk: order_key(mid, payment.oid) for payment in payments}
    orders = {item.pk: item for item in read_all(owners.values()) if isinstance(item, Order)}
    return [(orders[p.pk], p) for p in payments if p.pk in orders], more


def stuck_money(
    mid: MerchantId, limit: int, after: dict[str, Any] | None
) -> tuple[list[StuckMoney], dict[str, Any] | None]:
    """A page of the merchant's stuck money, oldest first; none is the normal state."""
    page = query(stuck.stuck_index(mid), index="gsi1", limit=limit, after=after)
    return [item for item in read_all(page.keys) if isinstance(item, StuckMoney)], page.after


def retry(intent: Intent, stuck_id: str) -> None:
    """Try at once what is in trouble instead of at its next turn. Raises `NOT_RETRYABLE` where nothing is tried."""

    def attempt() -> None:
        row = _row(intent, stuck_id)
        if row is None:
            return
        if row.driver is None or not stuck.is_tried(row):
            raise RippleError(NOT_RETRYABLE)
        tx = Transaction()
        tx.update("entry", row.driver, when={"due": Item.gsi2sk.exists()}, due=clock.now())
        add_record(tx, intent)
        audit.add(tx, intent.mid, intent.actor, "stuck.retry", row.number)
        tx.commit()

    decided(attempt)


def resolve(intent: Intent, stuck_id: str, note: str) -> None:
    """Somebody has placed the money outside: its row ends, and who said so stays.

    Raises `STILL_OWED` while something is tried for it.
    """

    def attempt() -> None:
        row = _row(intent, stuck_id)
        if row is None:
            return
        if stuck.is_tried(row):
            raise RippleError(STILL_OWED)
        tx = Transaction()
        tx.delete("stuck", row, when={"there": StuckMoney.pk.exists()})
        add_record(tx, intent)
        audit.add(tx, intent.mid, intent.actor, "stuck.resolve", row.number, reason=row.reason, note=note)
        tx.commit()

    decided(attempt)


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
