"""What a packet can be refused for, each with what the user can do instead. Nobody is told that he is suspected."""

from chalicelib.core.errors import Problem

START_OWN = ("自己发起一个红包", "Start a packet of your own.")
OTHERS = ("看看其他活动", "Look for another campaign.")

START_LIMIT = Problem(
    "packet_limit", 409, "已达到发起红包次数上限 {limit}", "You have started {limit} packets, the limit.", OTHERS
)
ACTIVE_LIMIT = Problem(
    "packet_active",
    409,
    "你有 {limit} 个红包尚未结束",
    "{limit} of your packets are not over yet.",
    ("先邀请好友完成", "Let friends finish one."),
)
PACKETS_SPENT = Problem("packets_spent", 409, "红包已发完", "The campaign's packets are all given out.", OTHERS)
CUSTOMERS_ONLY = Problem(
    "customers_only",
    409,
    "在本店下单后即可送好友",
    "Only who has ordered here before may give.",
    ("先去下单", "Order something first."),
)
OWN_PACKET = Problem(
    "own_packet",
    409,
    "不能领取或助力自己的红包",
    "Nobody helps or claims his own packet.",
    ("分享给好友", "Share it with friends."),
)
ALREADY_ACTED = Problem(
    "packet_already_acted", 409, "你已经参与过该红包", "You have helped or claimed here already.", OTHERS
)
PACKET_FULL = Problem("packet_full", 409, "红包已被领完", "All of it is taken.", OTHERS)
PACKET_ENDED = Problem("packet_ended", 409, "该红包已结束（{status}）", "The packet has ended ({status}).", OTHERS)
ACT_LIMIT = Problem(
    "packet_act_limit", 409, "已达到本活动参与次数上限 {limit}", "You have taken part {limit} times, the limit.", OTHERS
)
ACT_DAY_LIMIT = Problem(
    "packet_act_day_limit",
    409,
    "今日参与次数已达上限 {limit}",
    "You have taken part {limit} times today, the limit.",
    ("明天再来", "Come again tomorrow."),
)
NEW_ONLY = Problem("packet_new_only", 409, "仅限新用户参与", "Only new users may take part here.", OTHERS)
ACT_LATE = Problem(
    "packet_act_too_late",
    409,
    "红包即将结束，来不及确认",
    "The packet ends before this could be checked.",
    OTHERS,
)
ACTS_CHECKING = Problem(
    "packet_acts_being_checked",
    409,
    "多人正在确认中，请稍后再试",
    "Several are being checked.",
    ("稍后再试", "Try again later."),
)
SHARE_MOVED = Problem(
    "packet_share_moved",
    409,
    "刚刚有人先领了一份，下一份的金额是 {amount}",
    "Somebody was first: the next share is {amount}.",
    ("刷新页面，确认后再领取", "Look at the page again, and claim what it says now."),
)
ACT_REFUSED = Problem("packet_act_not_taken", 409, "本次操作未成功", "This was not taken.", OTHERS)

NONE_BROUGHT = Problem("packet_none", 409, "该订单没有红包", "This order brings no packet.", OTHERS)
NOT_CONFIRMED = Problem(
    "packet_not_yet",
    409,
    "订单成交后才会有红包",
    "There is none before the order is confirmed.",
    ("等待订单成交", "Wait for the order."),
)
TAKEN_BACK = Problem("packet_order_back", 409, "订单已退款，没有红包", "The order's money went back.", OTHERS)
TOO_LITTLE = Problem(
    "packet_too_little_paid",
    409,
    "实付金额未达到红包门槛 {least_yuan}",
    "Less than {least_yuan} of the order stay paid.",
    OTHERS,
)
ON_ITS_WAY = Problem(
    "packet_on_its_way",
    409,
    "红包正在生成，请稍后刷新",
    "The packet is being made.",
    ("稍后刷新", "Look again in a minute."),
)
