"""What a word can be refused for beside what a code can. Nobody is told that he is suspected."""

from chalicelib.core.errors import Problem

SEE_REWARDS = ("在“我的奖励”中查看", "See what it brought among your rewards.")

WORD_GONE = Problem(
    "word_gone",
    409,
    "口令福利已领完",
    "Everything of this word is taken.",
    ("看看其他活动", "Look for another campaign."),
)
WORD_LIMIT = Problem(
    "word_limit",
    409,
    "每人最多兑换 {limit} 次，已达上限",
    "One user may redeem this word {limit} times, and you have.",
    SEE_REWARDS,
)
WORD_LIMIT_TODAY = Problem(
    "word_limit_today",
    409,
    "每人每天最多兑换 {limit} 次，今天已达上限",
    "One user may redeem this word {limit} times a day, and you have.",
    ("明天再来", "Come again tomorrow."),
)
WORD_REFUSED = Problem(
    "word_refused",
    409,
    "暂时无法兑换",
    "This cannot be redeemed now.",
    ("稍后再试，或联系商家", "Try again later, or ask the shop."),
)
