"""What a claim of a burst can be refused for, and what to do instead. Nobody is told that he is suspected."""

from chalicelib.core.errors import Problem

SEE_TIMES = ("查看各场时间", "Look when the next burst is.")

RAIN_NOT_YET = Problem("burst_not_yet", 409, "本场尚未开始", "This burst has not begun.", SEE_TIMES)
RAIN_OVER = Problem("burst_over", 409, "本场已结束", "This burst is over.", SEE_TIMES)
RAIN_GONE = Problem("burst_gone", 409, "本场已领完", "Everything of this burst is claimed.", SEE_TIMES)
RAIN_LIMIT = Problem(
    "burst_limit",
    409,
    "每人最多领取 {limit} 场，已达上限",
    "One person may claim of {limit} bursts, and you have.",
    ("看看其他活动", "Look for another campaign."),
)
RAIN_REFUSED = Problem(
    "claim_refused",
    409,
    "暂时无法领取",
    "This cannot be claimed now.",
    ("稍后再试，或联系商家", "Try again later, or ask the shop."),
)
