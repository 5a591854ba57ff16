"""Money that no rule can place: written once, told each time it is met, until a person or time has placed it."""

from __future__ import annotations

from chalicelib.core import clock, log
from chalicelib.core.ids import MerchantId, derived
from chalicelib.core.metrics import count
from chalicelib.core.table import Key, table
from chalicelib.core.transaction import Lost, Transaction
from chalicelib.orders.items import StuckMoney

REFUND = "refund"
"""The topic of a refund in trouble: one row a number, whatever WeChat says next, deleted when the money is back."""


def record(mid: MerchantId, reason: str, number: str, facts: dict[str, str | int | None], topic: str = "") -> None:
    """Record money that needs a person, once per number and ``topic`` (the reason, unless it is given).

    It is told before it is written, and again whenever it is met: a process that dies in between has told it.
    """
    log.error("stuck_money", mid=mid, reason=reason, number=number, facts=facts)
    count("StuckMoney", reason=reason, number=number)
    instant = clock.now()
    key = stuck_key(mid, topic or reason, number)
    row = StuckMoney(*key, reason=reason, number=number, facts=facts, recorded_at=instant)
    row.gsi1pk, row.gsi1sk = stuck_index(mid), f"{clock.iso(instant)}#{number}"
    try:
        Transaction().put("stuck", row).commit()
    except Lost:
        log.info("stuck_money_known", mid=mid, reason=reason, number=number)


def is_refund(row: StuckMoney) -> bool:
    """Whether it is a refund that we owe: it is tried again by itself, and its row ends when the money is back."""
    return row.key == stuck_key(row.mid, REFUND, row.number)


def add_end(tx: Transaction, mid: MerchantId, number: str) -> None:
    """A refund is back at last: whatever trouble it had is over."""
    tx.delete("stuck", stuck_key(mid, REFUND, number), when={})


def stuck_key(mid: MerchantId, topic: str, number: str) -> Key:
    """Where the row of a topic and a number stands."""
    return table(mid).key("STUCK", derived(topic, number))


def stuck_index(mid: MerchantId) -> str:
    """The index partition that lists a merchant's stuck money."""
    return table(mid).pk("STUCK", "0")
