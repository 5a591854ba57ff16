"""What families refuse, whichever part of the room refuses it."""

from chalicelib.core.errors import Problem

SEE_FAMILY = ("查看家庭账户", "Look at the family.")

FAMILY_UNKNOWN = Problem(
    "family_unknown",
    404,
    "没有这个家庭账户，或您不在其中",
    "There is no such family, or you are not in it.",
    ("查看您的家庭账户", "Look at your own family."),
)
NOT_OWNER = Problem(
    "family_not_owner",
    403,
    "只有家庭账户的主人可以这样做",
    "Only the owner of the family may do this.",
    ("请主人操作", "Ask the owner to do it."),
)
FAMILY_FROZEN = Problem(
    "family_frozen",
    409,
    "家庭账户已冻结，暂时不能使用",
    "The family is frozen, so that nobody may spend.",
    ("请联系家庭主人或商家", "Ask the owner, or the shop."),
)
FAMILY_ENDED = Problem(
    "family_ended",
    409,
    "家庭账户正在关闭或已关闭",
    "The family is being closed, or is closed.",
    SEE_FAMILY,
)
MEMBER_FROZEN = Problem(
    "family_member_frozen",
    409,
    "该成员已被冻结，暂时不能使用家庭账户",
    "This member is frozen, and may not spend.",
    ("请联系家庭主人或商家", "Ask the owner, or the shop."),
)
COOLING = Problem(
    "family_cooling",
    409,
    "加入家庭未满 24 小时，{since} 起可用",
    "Who has joined spends after 24 hours: from {since} on.",
    ("到时再使用，或自行支付", "Wait, or pay yourself."),
)
WALLET_EMPTY = Problem(
    "family_wallet_empty",
    409,
    "家庭钱包没有余额",
    "Nothing is in the family's wallet.",
    ("请家庭主人充入，或自行支付", "Ask the owner to put something in, or pay yourself."),
)
ABOVE_CAP = Problem(
    "family_above_cap",
    409,
    "超出家庭限额：单笔上限 {per_yuan}，本月还可用 {left_yuan}",
    "That is above your caps: {per_yuan} at once, and {left_yuan} are left this month.",
    ("向家庭主人申请，或自行支付", "Ask the owner, or pay yourself."),
)
