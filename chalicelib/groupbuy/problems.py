"""What a group-buy can be refused for, each with what the user can do instead."""

from chalicelib.core.errors import Problem

OPEN_OWN = ("自己开一个新团", "Open a group of your own.")

OPENING_PENDING = Problem(
    "opening_pending",
    409,
    "你有一个待支付的团",
    "You are opening a group that is not paid yet.",
    ("支付或取消该订单", "Pay for it or cancel its order."),
)
OPEN_LIMIT = Problem(
    "open_limit",
    409,
    "已达到开团次数上限 {limit}",
    "You have opened {limit} groups, the limit.",
    ("参加好友的团", "Join one."),
)
JOIN_LIMIT = Problem("join_limit", 409, "已达到参团次数上限 {limit}", "You have joined {limit} groups, the limit.")
PART_LIMIT = Problem("part_limit", 409, "已达到参与次数上限 {limit}", "You take part {limit} times already, the limit.")
UNIT_LIMIT = Problem("unit_limit", 409, "已达到限购件数 {limit}", "You have bought as many units as you may, {limit}.")
NEW_USERS_ONLY = Problem("new_users_only", 409, "该团仅限新用户参加", "Only new users may join this group.", OPEN_OWN)
NO_SOLO = Problem(
    "no_solo_purchase",
    409,
    "该商品不支持单独购买",
    "This cannot be bought alone.",
    ("开团或参团购买", "Open a group or join one."),
)
GROUP_FULL = Problem("group_full", 409, "该团已满", "The group is full.", OPEN_OWN)
GROUP_ENDED = Problem("group_ended", 409, "该团已结束（{status}）", "The group has ended ({status}).", OPEN_OWN)
GROUP_ENDING = Problem("group_ending", 409, "该团即将结束，不能再加入", "The group is about to end.", OPEN_OWN)
ALREADY_SEATED = Problem(
    "already_seated",
    409,
    "你已在该团中",
    "You have a seat in this group.",
    ("查看你的订单 {order_id}", "See your order {order_id}."),
)
SEAT_TRIES = Problem("seat_tries", 409, "在该团下单次数过多", "Too many orders for this seat.", OPEN_OWN)
