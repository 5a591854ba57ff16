"""What buying, using and paying back a punch card are refused for."""

from chalicelib.core.errors import Problem

SEE_CARDS = ("查看家庭次卡", "Look at your family's cards.")

CARDS_SOLD_OUT = Problem(
    "cards_sold_out", 409, "次卡已售完", "All cards are sold.", ("看看其他次卡", "Look for another card.")
)
CARD_UNITS_SHORT = Problem(
    "card_units_short",
    409,
    "次卡剩余 {left} 次，不足 {units} 次",
    "{left} units are left on the card, not {units}.",
    ("减少次数，或使用其他次卡", "Use fewer units, or another card."),
)
CARD_PAID_BACK = Problem(
    "card_paid_back", 409, "该次卡未用次数已退款", "What was not used of this card was paid back.", SEE_CARDS
)
CARD_PASS_UNFIT = Problem(
    "card_pass_unfit",
    409,
    "次卡码无效或已过期",
    "This is no pass for one of your shop's cards, or it has expired.",
    ("请顾客刷新次卡码后重新扫描", "Ask the customer for a new one, and scan that."),
)
CARD_PASS_USED = Problem(
    "card_pass_used",
    409,
    "该次卡码已在 {at} 核销 {units} 次",
    "This pass was used at {at} for {units} units.",
    ("如需再次核销，请顾客刷新次卡码", "For another use ask the customer for a new pass."),
)
CARD_USE_UNDONE = Problem("card_use_undone", 409, "该次核销已撤销", "This use is undone already.")
CARD_UNDO_LATE = Problem(
    "card_undo_late",
    409,
    "核销超过 24 小时，不能撤销（截止 {until}）",
    "A use is undone within a day: until {until}.",
    ("联系店主处理", "Ask the shop's owner."),
)
CARD_REFUND_PATH = Problem(
    "card_refund_path",
    409,
    "次卡须按未用次数退款，由店主办理",
    "A card is paid back by the shop's owner, for what is not used of it.",
    ("在次卡中办理退款", "Pay it back where the card is."),
)
CARD_ASK_THERE = Problem(
    "card_back_by_card",
    409,
    "次卡须在家庭次卡中按未用次数退款",
    "A card is paid back among your family's cards, for what is not used of it.",
    ("在家庭次卡中申请退款", "Ask for it there."),
)
CARD_REFUND_LATE = Problem(
    "card_refund_over",
    409,
    "购买满 7 天后不能自行退款（{until} 前可退）",
    "You could ask for it within seven days, until {until}.",
    ("请联系商家退还未用次数", "Ask the shop, which may still pay it back."),
)
CARD_REFUND_MOST = Problem(
    "card_refund_most",
    409,
    "按未用次数最多可退 {most_yuan}",
    "For what is not used at most {most_yuan} go back.",
    ("减少退款金额", "Give back less."),
)
CARD_UNPAID = Problem(
    "card_not_refundable",
    409,
    "该次卡订单没有可退的金额",
    "Nothing of this card's order can go back.",
    ("查看订单", "Look at the order."),
)
