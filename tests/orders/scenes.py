"""A merchant's people over the same stuck money, while WeChat and the workers go on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.core.ids import MerchantId
from chalicelib.core.outbox import entry_key
from chalicelib.orders import steps, stuck
from chalicelib.orders.items import refund_number
from tests.proof.acts import falls_due
from tests.proof.stage import Act, Scene
from tests.town import Town


def placing(town: Town) -> Mapping[str, Act]:
    """A refund that WeChat refused, and a payment of somebody else's: two people are about to place both."""
    mid = MerchantId(town.merchant.mid)
    _, opened = town.opened(town.campaign(group_seconds=3600))
    town.admin.post(f"/v1/admin/groups/{opened['group_id']}/close")
    town.minute()
    town.act("/_sim/faults", endpoint="refund", kind="not_enough", count=1)
    town.stream()
    stuck.record(mid, "payment_of_no_order", "somebodys-1", {"total_fen": 1})
    rows = town.admin.get("/v1/admin/stuck")["stuck"]
    ids = {row["retryable"]: row["stuck_id"] for row in rows}

    def act(who: str, stuck_id: str, what: str, body: Any = None) -> Act:
        path, key = f"/v1/admin/stuck/{stuck_id}/{what}", f"{who}-{what}-with-one-tap"
        return lambda: town.admin.call("POST", path, body or {}, key=key)

    return {
        "ann retries": act("ann", ids[True], "retry"),
        "ben retries": act("ben", ids[True], "retry"),
        "ann resolves": act("ann", ids[False], "resolve", {"note": "it was the old shop's"}),
        "ben resolves": act("ben", ids[False], "resolve", {"note": "mine"}),
        "the refund falls due": falls_due(town, entry_key(mid, steps.REFUND, refund_number(opened["order_id"], 1))),
    }


SCENES = [Scene("placing", placing)]
