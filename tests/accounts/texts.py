"""What WeChat's simulator is in doubt of, and what it refuses; of pictures, once it is told so."""

from __future__ import annotations

DOUBTFUL, BAD = "加微信小明", "赌博小明"
FINE, RISKY, UNCLEAR = (f"https://thirdwx.qlogo.cn/mmopen/{name}/132" for name in ("fine", "risky", "unclear"))
