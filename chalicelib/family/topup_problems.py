"""What buying value for a family's wallet, and giving it back, are refused for."""

from chalicelib.core.errors import Problem

WALLET_FULL = Problem(
    "family_wallet_full",
    409,
    "家庭钱包的储值上限为 {cap_yuan}，还可充入 {room_yuan}",
    "At most {cap_yuan} of bought value may be in the wallet: {room_yuan} more may be bought.",
    ("使用一部分后再充值", "Spend some of it first, or take less."),
)
TOPUP_CLOSED = Problem(
    "topup_closed",
    409,
    "商家暂未开放储值",
    "The shop does not sell such value now.",
    ("联系商家", "Ask the shop."),
)
TOPUP_TERMS = Problem(
    "topup_terms_changed",
    409,
    "储值条款已更新，请阅读后再充值",
    "The terms were changed after you read them.",
    ("重新查看报价中的条款", "Ask for a new quote, and read its terms."),
)
TOPUP_UNPAID = Problem(
    "topup_not_refundable",
    409,
    "该充值订单没有可退的金额",
    "Nothing of this top-up can go back.",
    ("查看订单", "Look at the order."),
)
TOPUP_LATE = Problem(
    "topup_refund_over",
    409,
    "充值满 7 天后不能自行退款（{until} 前可退）",
    "You could ask for it within seven days, until {until}.",
    ("请联系商家退款", "Ask the shop, which may still give it back."),
)
TOPUP_SPENT = Problem(
    "topup_spent",
    409,
    "钱包中可退的储值为 {left_yuan}，其余已使用",
    "What is left of it is {left_yuan}; the rest was spent.",
    ("按可退金额退款", "Ask for no more than that."),
)
TOPUP_REFUNDS = Problem(
    "topup_refunds_used_up",
    409,
    "该订单的退款次数已达上限（50 次）",
    "It was refunded fifty times, which is the most.",
    ("联系商家", "Ask the shop."),
)
TOPUP_BACK = Problem(
    "topup_back_by_wallet",
    409,
    "充值须在家庭钱包中退款，储值会同时从钱包扣回",
    "A top-up is given back in the family's wallet, which its value leaves with it.",
    ("在家庭钱包中申请退款", "Ask for it there."),
)
CODE_NEEDS_FAMILY = Problem(
    "code_needs_family",
    409,
    "这个兑换码会充入家庭钱包，请先创建或加入一个家庭",
    "What this code brings goes to a family's wallet, and you are in no family.",
    ("创建家庭账户", "Create a family."),
)
