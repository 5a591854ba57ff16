"""Documents of codes and of a word, five hundred of each; both pass the gate."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.campaigns.rewards import BALANCE

CODES_GIFT: dict[str, Any] = {"kind": "gift", "gift": {"amount": 100, "form": BALANCE}}
"""Of which five hundred come to five hundred yuan."""
TEN_OFF: dict[str, Any] = {
    "kind": "coupon",
    "coupon": {"title": "满 50 减 10", "off": {"kind": "amount", "fen": 1000}, "threshold_fen": 5000},
    "validity": {"kind": "after_claim", "days": 30},
}


def codes_offer(now: datetime, **changes: Any) -> dict[str, Any]:
    """Codes, one a user, with ``changes``."""
    now = now.replace(microsecond=0)
    return {
        "kind": "codes",
        "title": "秋茶兑换码",
        "description": "扫描茶罐上的兑换码，即可兑换。",
        "rule_sheet": {
            "rules_text": "每人限兑一次，先到先得，兑完即止。",
            "eligibility": "持有兑换码的用户均可兑换。",
            "result": "兑换后立即到账，每码相同。",
            "refund_terms": "兑换码为赠送，不可退换。",
            "host_name": "演示商户",
            "host_contact": "400-000-0000",
        },
        "starts_at": (now - timedelta(hours=1)).isoformat(),
        "ends_at": (now + timedelta(days=14)).isoformat(),
        "share": {"title": "兑换秋茶好礼"},
        "brings": TEN_OFF,
        "total": 500,
        **changes,
    }


def word_offer(now: datetime, **changes: Any) -> dict[str, Any]:
    """双十一快乐, five hundred times, once a user, with ``changes``."""
    document = {**codes_offer(now), "kind": "word", "title": "双十一口令福利", "word": "双十一快乐"}
    document["description"] = "主播说出口令，在小程序内输入即可兑换。"
    return {**document, **changes}
