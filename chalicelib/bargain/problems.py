"""What a bargain can be refused for, each with what the user can do instead. Nobody is told that he is suspected."""

from chalicelib.core.errors import Problem

START_OWN = ("自己发起一个砍价", "Start a bargain of your own.")
ASK_FRIENDS = ("邀请更多好友助力", "Let more friends help.")
SEE_PAGE = ("查看砍价详情", "Look at the bargain.")

START_LIMIT = Problem(
    "bargain_limit", 409, "已达到发起砍价次数上限 {limit}", "You have started {limit} bargains, the limit."
)
ACTIVE_LIMIT = Problem(
    "bargain_active",
    409,
    "你有 {limit} 个砍价尚未结束",
    "{limit} of your bargains are not over yet.",
    ("完成或取消后再发起", "Finish one or give it up."),
)
BUDGET_SPENT = Problem(
    "budget_spent",
    409,
    "活动优惠名额已发完",
    "The campaign's discounts are all given.",
    ("看看其他活动", "Look for another campaign."),
)
OWN_BARGAIN = Problem("own_bargain", 409, "不能为自己的砍价助力", "Nobody helps his own bargain.", ASK_FRIENDS)
ALREADY_HELPED = Problem(
    "already_helped", 409, "你已经为该砍价助力过", "You have helped this bargain already.", START_OWN
)
HELP_LIMIT = Problem(
    "help_limit", 409, "已达到本活动助力次数上限 {limit}", "You have helped {limit} times, the limit.", START_OWN
)
HELP_DAY_LIMIT = Problem(
    "help_day_limit",
    409,
    "今日助力次数已达上限 {limit}",
    "You have helped {limit} times today, the limit.",
    ("明天再来助力", "Help again tomorrow."),
)
NEW_HELPERS_ONLY = Problem("new_helpers_only", 409, "该活动仅限新用户助力", "Only new users may help here.", START_OWN)
BARGAIN_ENDED = Problem(
    "bargain_ended", 409, "该砍价已结束（{status}）", "The bargain has ended ({status}).", START_OWN
)
AT_FLOOR = Problem(
    "bargain_at_floor", 409, "已砍到底价，无需再助力", "It is at its floor; no help is needed.", START_OWN
)
BARGAIN_FROZEN = Problem(
    "bargain_frozen",
    409,
    "发起人正在下单，暂时不能助力",
    "Its owner is about to buy; it waits until then.",
    ("稍后再试", "Try again in some minutes."),
)
HELP_LATE = Problem(
    "help_too_late",
    409,
    "砍价即将结束，来不及确认助力",
    "The bargain ends before this help could be checked.",
    START_OWN,
)
HELPS_CHECKING = Problem(
    "helps_being_checked",
    409,
    "多个助力正在确认中，请稍后再试",
    "Several helps are being checked.",
    ("稍后再试", "Try again later."),
)
HELP_REFUSED = Problem(
    "help_not_taken", 409, "本次助力未成功", "This help was not taken.", ("看看其他活动", "Look for another campaign.")
)
NOT_AT_FLOOR = Problem(
    "not_at_floor", 409, "还差 {left} 刀到底价", "{left} cuts are missing to the floor.", ASK_FRIENDS
)
EARLY_TRIES = Problem(
    "early_tries", 409, "提前下单次数已达上限 {limit}", "It was ordered early {limit} times, the limit.", ASK_FRIENDS
)
BARGAIN_ENDING = Problem(
    "bargain_ending", 409, "该砍价即将结束，不能再下单", "The bargain is about to end; no order can be made."
)
ORDER_OPEN = Problem(
    "order_open",
    409,
    "该砍价有待支付订单",
    "An order of it may still be paid.",
    ("去支付或取消该订单", "Pay or cancel that order."),
)
ORDER_CLOSING = Problem(
    "order_closing",
    409,
    "上一个订单正在关闭，请稍后再试",
    "Its last order is being closed.",
    ("一分钟后再试", "Try again in a minute."),
)
PRICE_MOVED = Problem(
    "price_moved",
    409,
    "价格已变为 {price_yuan}，请重新获取报价",
    "The price is {price_yuan} now.",
    ("重新获取报价", "Ask for a new quote."),
)
BARGAIN_ORDERING = Problem(
    "bargain_ordering",
    409,
    "该砍价有待支付订单，不能取消",
    "An order of it may still be paid.",
    ("先取消订单", "Cancel its order first."),
)
