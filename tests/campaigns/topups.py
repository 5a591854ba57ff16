"""A document of top-ups that passes the gate of a merchant who has filed what he sells."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.campaigns.codes import codes_offer


def topup_offer(now: datetime, **changes: Any) -> dict[str, Any]:
    """Two denominations, with ``changes``."""
    document = {name: said for name, said in codes_offer(now).items() if name not in ("brings", "total")}
    return {
        **document,
        "kind": "topup",
        "title": "家庭钱包充值",
        "description": "充值等额到账，不过期，7 天内可退未使用的部分。",
        "share": {"title": "家庭钱包充值"},
        "skus": [
            {"sku_id": "fifty", "title": "充值 50 元", "value_fen": 5_000},
            {"sku_id": "thousand", "title": "充值 1,000 元", "value_fen": 100_000},
        ],
        **changes,
    }
