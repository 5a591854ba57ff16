"""Who did what with a merchant's key: written in the same transaction as the thing done."""

from __future__ import annotations

from typing import Any

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId, new_ulid
from chalicelib.core.store import query
from chalicelib.core.transaction import Transaction
from chalicelib.merchants.items import Audit, audit_key, merchant_key


def add(tx: Transaction, mid: MerchantId, actor: str, action: str, subject: str, **detail: str) -> None:
    """Note ``action`` on ``subject`` by the key ``actor`` in ``tx``."""
    now = clock.now()
    key = audit_key(mid, clock.iso(now), new_ulid())
    tx.put("audit", Audit(*key, actor=actor, action=action, subject=subject, detail=detail, at=now))


def entries(mid: MerchantId, limit: int, after: dict[str, Any] | None) -> tuple[list[Audit], dict[str, Any] | None]:
    """A page of the log, newest first."""
    page = query(merchant_key(mid).pk, begins="AUD#", limit=limit, forward=False, after=after)
    return [item for item in page.items if isinstance(item, Audit)], page.after
