"""A bargain campaign that passes the gate: three friends, equal cuts, told in its rule sheet."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any


def told(*, helpers: int = 3, only_new: bool = False) -> dict[str, str]:
    """A rule sheet that tells how many friends it takes, and who may help."""
    friends = "从未在本店下单的用户" if only_new else "所有用户"
    return {
        "rules_text": f"发起后 24 小时内邀请 {helpers} 位好友帮砍，每位好友确认后砍掉的金额固定，砍满即可按底价购买。",
        "eligibility": f"所有用户均可发起，{friends}可以帮砍，同一好友对同一砍价只能帮砍一次。",
        "result": "砍满后 24 小时内可按底价购买，逾期名额取消。",
        "refund_terms": "发货前可全额退款，按原路退回。",
        "host_name": "演示商户",
        "host_contact": "400-000-0000",
    }


def bargain_offer(now: datetime, **changes: Any) -> dict[str, Any]:
    """Its document, running from an hour before ``now`` for thirty days, with ``changes``."""
    now = now.replace(microsecond=0)
    return {
        "kind": "bargain",
        "title": "秋茶礼盒 好友帮砍",
        "description": "邀请好友帮砍，每位好友砍掉的金额固定并提前公示。",
        "rule_sheet": told(),
        "skus": [
            {
                "sku_id": "box-1",
                "title": "秋茶礼盒",
                "fulfilment": "express",
                "start_price_fen": 9900,
                "floor_price_fen": 3900,
                "reference_price_fen": 9900,
                "reference_basis": "近 7 日最低成交价",
                "stock": 100,
            }
        ],
        "cuts": 3,
        "starts_at": (now - timedelta(hours=1)).isoformat(),
        "ends_at": (now + timedelta(days=30)).isoformat(),
        "share": {"title": "帮我砍一刀秋茶礼盒"},
        **changes,
    }
