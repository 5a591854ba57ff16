"""Money that no rule can place: written once, told each time it is met, until a person or time has placed it."""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import clock, log
from chalicelib.core.ids import MerchantId, derived
from chalicelib.core.metrics import count
from chalicelib.core.outbox import OutboxEntry, entry_key
from chalicelib.core.store import read_one
from chalicelib.core.table import Item, Key, StructAttribute, TimeAttribute, table
from chalicelib.core.transaction import Lost, Transaction


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


Facts = dict[str, str | int | None]


def record(mid: MerchantId, reason: str, number: str, facts: Facts, *, effect: str | None = None) -> None:
    """Record money that needs a person: once per number and reason, or per number and ``effect`` in trouble.

    It is told before it is written, and again whenever it is met: a process that dies in between has told it.
    """
    try:
        Transaction().put("stuck", _told(mid, reason, number, facts, effect)).commit()
    except Lost:
        log.info("stuck_money_known", mid=mid, reason=reason, number=number)


def add(tx: Transaction, mid: MerchantId, reason: str, number: str, facts: Facts) -> None:
    """`record` in the transaction of what makes it so; what stood there before is said anew."""
    tx.put("stuck", _told(mid, reason, number, facts, None), when={})


def _told(mid: MerchantId, reason: str, number: str, facts: Facts, effect: str | None) -> StuckMoney:
    """The row, which is told before it is written."""
    log.error("stuck_money", mid=mid, reason=reason, number=number, facts=facts)
    count("StuckMoney", reason=reason, number=number)
    instant = clock.now()
    key = stuck_key(mid, effect or reason, number)
    row = StuckMoney(*key, reason=reason, number=number, facts=facts, effect=effect, recorded_at=instant)
    row.gsi1pk, row.gsi1sk = stuck_index(mid), f"{clock.iso(instant)}#{number}"
    return row


def is_tried(row: StuckMoney) -> bool:
    """Whether an act is still being tried for it; of one that has ended a late word may leave a row behind."""
    return row.effect is not None and read_one(OutboxEntry, entry_key(row.mid, row.effect, row.number)) is not None


def add_end(tx: Transaction, mid: MerchantId, topic: str, number: str) -> None:
    """What was in trouble (an effect, or a reason) has come to its end."""
    tx.delete(f"stuck_{topic}", stuck_key(mid, topic, number), when={})


def stuck_key(mid: MerchantId, topic: str, number: str) -> Key:
    """Where the row of a topic and a number stands."""
    return table(mid).key("STUCK", derived(topic, number))


def stuck_index(mid: MerchantId) -> str:
    """The index partition that lists a merchant's stuck money."""
    return table(mid).pk("STUCK", "0")
