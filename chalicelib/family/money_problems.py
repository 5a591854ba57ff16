"""What a family's wallet refuses, beside what `problems` has."""

from chalicelib.core.errors import Problem

FAMILY_CAP_REACHED = Problem(
    "family_cap_reached",
    409,
    "超出全家本月限额，本月还可用 {left_yuan}",
    "That is above what the whole family may spend: {left_yuan} are left this month.",
    ("请家庭主人提高全家限额，或自行支付", "Ask the owner to raise it, or pay yourself."),
)
WALLET_SHORT = Problem(
    "family_wallet_short",
    409,
    "家庭钱包余额不足，还差 {missing_yuan}",
    "The family's wallet lacks {missing_yuan} for it.",
    ("先充入家庭钱包，或由主人直接支付", "Put more in first, or pay for it yourself."),
)
PRICE_CHANGED = Problem(
    "family_price_changed",
    409,
    "价格已变为 {total_yuan}，申请时为 {asked_yuan}",
    "It costs {total_yuan} now; {asked_yuan} were asked for.",
    ("请成员重新申请", "Let it be asked for anew."),
)
ASK_OVER = Problem(
    "family_ask_over",
    409,
    "该申请已处理或已过期",
    "The request was decided, or its time is over.",
    ("查看申请的结果，或重新申请", "Look at what became of it, or ask anew."),
)
BALANCE_SHORT = Problem(
    "family_balance_short",
    409,
    "余额不足，当前余额 {there_yuan}",
    "Your balance is {there_yuan}.",
    ("减少充入金额", "Put less in."),
)
ADULTS_ONLY = Problem(
    "family_adults_only",
    403,
    "未成年成员不能充入家庭钱包",
    "A minor puts nothing into the wallet.",
    ("请家庭主人充入", "Ask the owner to do it."),
)
