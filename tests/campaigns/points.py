"""Where buyers fetch what they bought, as a campaign says it."""

from __future__ import annotations

from typing import Any

POINT: dict[str, Any] = {
    "point_id": "lake",
    "name": "湖滨店",
    "address": "浙江省杭州市上城区湖滨路 1 号",
    "hours": "每天 9:00–21:00",
    "phone": "0571-87654321",
}
OTHER_POINT: dict[str, Any] = {"point_id": "hill", "name": "北山店", "address": "浙江省杭州市西湖区北山街 2 号"}


def points_for(*kinds: str) -> dict[str, Any]:
    """What a campaign says beside goods that reach their buyers so: a point, where some are fetched."""
    return {"pickup_points": [POINT]} if "pickup" in kinds else {}
