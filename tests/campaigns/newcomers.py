"""A group-buy in which only new users join, as a campaign says it: who may, who is new, and the words for it."""

from __future__ import annotations

from typing import Any

from infra.local.seed import demo_offer

TOLD = {
    "never_seen": "任何人可以开团；活动开始后首次访问本店的用户可以参团。",
    "never_ordered": "任何人可以开团；从未在本店下单的用户可以参团。",
    "dormant": "任何人可以开团；{days} 天内未下单的用户可以参团。",
}


def new_only(definition: str = "never_ordered", dormant_days: int = 180) -> dict[str, Any]:
    """What such a campaign says beside the plain one."""
    days = {"dormant_days": dormant_days} if definition == "dormant" else {}
    sheet = demo_offer()["rule_sheet"]
    return {
        "who_may_join": "new_user",
        "new_user": {"definition": definition, **days},
        "rule_sheet": {**sheet, "eligibility": TOLD[definition].format(days=dormant_days)},
    }
