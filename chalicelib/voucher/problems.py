"""What a code can be refused for. To the public everything that a guesser would like to know reads the same."""

from chalicelib.core.errors import Problem

CHECK_IT = ("请核对兑换码后重试", "Check the code and try again.")
SEE_BATCH = ("查看批次状态", "Look at the batch.")

CODE_MISTYPED = Problem("code_mistyped", 422, "兑换码有误，可能输错了一位", "A letter of this code is wrong.", CHECK_IT)
CODE_INVALID = Problem("code_invalid", 409, "兑换码无效", "This code is not good.", CHECK_IT)
CODE_FORGED = Problem(
    "code_forged",
    409,
    "这不是本店的兑换码",
    "This is none of your codes.",
    ("请顾客出示原件", "Ask the customer for the original."),
)
CODE_LOCKED = Problem(
    "code_locked",
    429,
    "输错次数过多，请于 {until} 后再试",
    "Too many wrong codes. Try again after {until}.",
    ("稍后再试", "Wait, and try again."),
)
CODE_NOT_YET = Problem(
    "code_not_yet",
    409,
    "兑换码 {since} 起可用",
    "This code may be redeemed from {since} on.",
    ("到时再兑换", "Redeem it then."),
)
CODE_ALREADY_YOURS = Problem(
    "code_already_yours",
    409,
    "您已兑换过这个兑换码",
    "You have redeemed this code already.",
    ("在“我的奖励”中查看", "See what it brought among your rewards."),
)
CODE_ORDERED = Problem(
    "code_ordered",
    409,
    "您已用这个兑换码下单",
    "You have ordered with this code.",
    ("在“我的订单”中支付或取消", "Find it among your orders, and pay or cancel it there."),
)
CODE_LIMIT = Problem(
    "code_limit",
    409,
    "每人最多兑换 {limit} 个，已达上限",
    "One user may redeem {limit} of these codes, and you have.",
    ("看看其他活动", "Look for another campaign."),
)
CODE_NEEDS_ORDER = Problem(
    "code_needs_order",
    409,
    "这个兑换码用于兑换商品，请下单兑换",
    "This code is for goods: it is redeemed by an order.",
    ("去下单兑换", "Order with it instead."),
)
CODE_NO_GOODS = Problem(
    "code_no_goods",
    409,
    "这个兑换码不能用于下单",
    "Nothing can be ordered with this code.",
    ("直接兑换", "Redeem it instead."),
)
CODE_AT_COUNTER = Problem(
    "code_at_counter",
    409,
    "请到店出示，由店员兑换",
    "This code is redeemed by the staff, at the counter.",
    ("到店出示兑换码", "Show it to the staff."),
)
CODE_NOT_AT_COUNTER = Problem(
    "code_not_at_counter",
    409,
    "这个兑换码只能由用户在小程序内兑换",
    "Only its user can redeem this code, in the mini-program.",
    ("请用户在小程序内兑换", "Ask the customer to redeem it."),
)
CODE_NEEDS_USER = Problem(
    "code_needs_user",
    409,
    "这个兑换码会发放到账户，请先扫描用户的会员码",
    "What this code brings goes to an account: scan the customer's pass first.",
    ("扫描用户的会员码", "Scan the customer's pass."),
)
PASS_UNFIT = Problem(
    "pass_unfit",
    422,
    "会员码无效或已过期",
    "This pass is not good, or no longer.",
    ("请用户刷新会员码", "Ask the customer to show a new one."),
)
CODE_NOT_UNDONE = Problem(
    "code_not_undone",
    409,
    "无法撤销：{reason}",
    "It cannot be undone: {reason}",
    ("查看兑换记录", "Look at the code's record."),
)
CODE_NOT_FREE = Problem(
    "code_not_free", 409, "兑换码状态：{state}", "The code is {state}.", ("查看兑换码状态", "Look at the code.")
)
CODE_BOUND = Problem(
    "code_bound",
    409,
    "兑换码已绑定其他用户",
    "The code is bound to another user.",
    ("使用另一个兑换码", "Use another code."),
)
BATCH_ENDED = Problem("batch_ended", 409, "批次状态为 {status}", "The batch is {status}.", SEE_BATCH)
KEY_SAME = Problem(
    "batch_key_same",
    409,
    "批次已使用最新密钥",
    "The batch has the newest key already.",
    ("先更换密钥", "Retire the key first."),
)
BATCH_STORED = Problem(
    "batch_stored",
    409,
    "短码批次不使用密钥版本",
    "Stored codes have no key version.",
    ("作废后重新生成", "Revoke it and mint anew."),
)
BATCHES_FULL = Problem(
    "batches_full",
    409,
    "批次数量已达上限 {limit}",
    "A merchant may have {limit} batches.",
    ("合并批次", "Mint fewer and larger ones."),
)
CODES_SHORT = Problem(
    "codes_short",
    409,
    "活动剩余可生成的兑换码不足（剩余 {left}）",
    "The campaign has {left} codes left to mint.",
    ("减少数量", "Mint fewer."),
)
RANGE_UNFIT = Problem(
    "range_unfit",
    409,
    "区间与已作废的区间重叠，或区间过多",
    "It overlaps a revoked range, or there are too many.",
    SEE_BATCH,
)
SOLD_ONE_BY_ONE = Problem(
    "codes_sold",
    409,
    "已售出的兑换码只能逐个作废，并须退款",
    "Codes that are sold are revoked one by one, and each is owed for.",
    ("逐个作废", "Revoke them one by one."),
)
KEYS_FULL = Problem(
    "code_keys_full",
    409,
    "密钥版本已用完",
    "There are no key versions left.",
    ("作废仍使用旧密钥的批次", "Revoke the batches that have an old key."),
)
