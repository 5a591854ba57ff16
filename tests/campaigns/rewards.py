"""Documents that give something: what a paid order brings, and a rain; each passes the gate."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

LIMITED = "先到先得，送完即止。"
COUPON = {"as": "coupon", "title": "满减券"}
BALANCE = {"as": "balance"}
POINTS = {"as": "points"}
CASH = {"as": "cash"}
PACKET = {"shares": [{"friend": 200, "own": 100}, {"friend": 200}], "form": COUPON}


def gift(amount: int = 500, form: dict[str, Any] = COUPON) -> dict[str, Any]:
    """So much in a form."""
    return {"amount": amount, "form": form}


def after_order(**changes: Any) -> dict[str, Any]:
    """A coupon of five yuan for a paid order, out of a budget of a hundred yuan, with ``changes``."""
    return {"gift": gift(), "budget": {"fen": 10_000}, **changes}


def told_of_rain() -> dict[str, str]:
    """A rule sheet that tells of a rain."""
    return {
        "rules_text": f"每场红包雨开始后点击领取，每份金额固定且人人相同，每人每场限领一份。{LIMITED}",
        "eligibility": "所有用户均可领取。",
        "result": "领取后一分钟内到账，未领取的不再发放。",
        "refund_terms": "红包为赠送，不涉及退款。",
        "host_name": "演示商户",
        "host_contact": "400-000-0000",
    }


def rain_offer(now: datetime, **changes: Any) -> dict[str, Any]:
    """Two bursts within the hour, with ``changes``; the budget is what they come to unless it is said."""
    now = now.replace(microsecond=0)
    bursts = [
        {"at": (now + timedelta(minutes=5)).isoformat(), "seconds": 60, "count": 100, "amount": 200},
        {"at": (now + timedelta(minutes=30)).isoformat(), "seconds": 60, "count": 50, "amount": 500},
    ]
    said = changes.get("bursts", bursts)
    currency = "points" if changes.get("form", COUPON)["as"] == "points" else "fen"
    return {
        "kind": "rain",
        "title": "秋茶红包雨",
        "description": "每晚整点红包雨，每份金额固定。",
        "rule_sheet": told_of_rain(),
        "bursts": bursts,
        "form": COUPON,
        "budget": {currency: sum(burst["count"] * burst["amount"] for burst in said)},
        "starts_at": (now - timedelta(hours=1)).isoformat(),
        "ends_at": (now + timedelta(days=30)).isoformat(),
        "share": {"title": "秋茶红包雨，一起来"},
        **changes,
    }
