"""A merchant who has everything that it takes to pay cash, as he says it and as the gate sees him."""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.campaigns.gate import Shop
from chalicelib.merchants.cash import CashTerms
from tests.town import Town

READY: dict[str, Any] = {
    "kind": "company",
    "marketing": {"scene_id": "1000"},
    "commission": {"scene_id": "1005", "post": "推广员", "description": "好友订单的佣金"},
    "egress_address": "203.0.113.7",
    "operations_fen": 1_000_000,
}


def terms(**changes: Any) -> CashTerms:
    """How such a merchant pays cash, with ``changes``."""
    return msgspec.convert({**READY, **changes}, CashTerms)


def shop(**changes: Any) -> Shop:
    """What the gate knows of him."""
    said = terms(**changes)
    return Shop(cash=said, operations_fen=said.operations_fen)


def set_up(town: Town, edition: str | None = None, **changes: Any) -> Any:
    """He says it instead of what was read as ``edition``; the answer."""
    body = {"edition": edition, "terms": {**READY, **changes}}
    return town.admin.call("PUT", "/v1/admin/cash", body).expect(200)
