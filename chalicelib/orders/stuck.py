"""Money that no rule can place: written once, counted, alarmed."""

from __future__ import annotations

from chalicelib.core import clock, log
from chalicelib.core.ids import MerchantId, derived
from chalicelib.core.metrics import count
from chalicelib.core.table import table
from chalicelib.core.transaction import Lost, Transaction
from chalicelib.orders.items import StuckMoney


def record(mid: MerchantId, reason: str, number: str, **facts: str | int | None) -> bool:
    """Record money that needs a person, once per reason and number; False where it stood already."""
    instant = clock.now()
    row = StuckMoney(
        *table(mid).key("STUCK", derived(reason, number)),
        reason=reason,
        number=number,
        facts=facts,
        recorded_at=instant,
    )
    row.gsi1pk, row.gsi1sk = table(mid).pk("STUCK", "0"), f"{clock.iso(instant)}#{number}"
    try:
        Transaction().put("stuck", row).commit()
    except Lost:
        return False
    log.error("stuck_money", mid=mid, reason=reason, number=number, facts=facts)
    count("StuckMoney", reason=reason, number=number)
    return True
