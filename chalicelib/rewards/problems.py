"""What rewards can be refused for."""

from chalicelib.core.errors import Problem

BALANCE_EMPTY = Problem(
    "balance_empty",
    409,
    "余额为 0，无法使用余额支付",
    "There is no balance to pay with.",
    ("换用其他支付方式", "Leave it out; money pays instead."),
)
BUDGET_UNKNOWN = Problem(
    "budget_unknown",
    422,
    "活动没有名为 {budget} 的预算",
    "The campaign has no budget called {budget}.",
    ("查看活动的预算列表", "Look at the campaign's budgets."),
)
BUDGET_SHORT = Problem(
    "budget_short",
    409,
    "预算可释放金额不足（当前可用 {left}）",
    "Only {left} of the budget is free.",
    ("减少释放金额", "Release less."),
)
NEW_CLAIMERS_ONLY = Problem(
    "new_claimers_only",
    409,
    "仅限新用户领取",
    "Only new users may claim it.",
    ("看看其他活动", "Look for another campaign."),
)
CASH_NOT_FOR_MINORS = Problem(
    "cash_not_for_minors",
    409,
    "现金奖励不向未成年人发放",
    "Cash is not given to minors.",
    ("看看其他奖励", "Look at other rewards."),
)
