"""What WeChat's simulator is in doubt of, and what it refuses."""

from __future__ import annotations

DOUBTFUL, BAD = "加微信小明", "赌博小明"
