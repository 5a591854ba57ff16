"""What requests to an owner, and orders that he pays, are refused for, beside what `money_problems` has."""

from chalicelib.core.errors import Problem

PAY_YOURSELF = ("直接下单支付", "Order and pay yourself.")

ASK_UNKNOWN = Problem("family_ask_unknown", 404, "没有这个申请", "There is no such request.")
NOT_ASKER = Problem(
    "family_not_asker",
    403,
    "只有申请人可以撤回申请",
    "Only whoever asked withdraws it.",
    ("拒绝该申请", "Refuse the request."),
)
OWNER_ASKS = Problem(
    "family_owner_asks",
    409,
    "家庭主人无需申请",
    "The owner asks nobody.",
    PAY_YOURSELF,
)
OWNER_BUYS = Problem(
    "family_owner_buys",
    409,
    "下单人就是家庭主人，无需指定付款人",
    "Its buyer is the owner, who names no payer.",
    ("去掉付款人后重试", "Leave the payer out and try again."),
)
ASK_MOST = Problem(
    "family_asks_open",
    409,
    "已有 {limit} 个申请待处理",
    "{limit} of your requests are open.",
    ("撤回一个，或等待主人处理", "Withdraw one, or wait for the owner."),
)
ASKER_GONE = Problem(
    "family_asker_gone",
    409,
    "申请人已不在家庭账户中",
    "Whoever asked is not in the family any more.",
    ("拒绝该申请", "Refuse the request."),
)
