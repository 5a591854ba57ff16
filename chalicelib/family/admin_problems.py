"""What the merchant's side of families can be refused for, and what to do instead."""

from chalicelib.core.errors import Problem

SEE_ADJUSTMENTS = ("查看待批准的调整", "Look at the adjustments that wait.")

FROZEN_BY_OWNER = Problem(
    "family_frozen_by_owner",
    409,
    "由家庭主人冻结，商家不能代为解冻",
    "The family's owner froze it: the shop does not undo that.",
    ("请家庭主人解冻", "Ask the owner to do it."),
)
ADJUST_SHORT = Problem(
    "family_adjust_short",
    409,
    "该类余额只有 {left_yuan}，不能扣减这么多",
    "Only {left_yuan} of that kind are in the wallet.",
    ("减少扣减金额", "Take out less."),
)
PAID_CAP = Problem(
    "family_paid_cap",
    409,
    "购买余额的法定上限为 {most_yuan}，当前 {paid_yuan}",
    "Bought value may come to {most_yuan} by law, and there are {paid_yuan}.",
    ("减少金额，或改为调整赠送余额", "Put in less, or put in given value."),
)
ADJUST_NEEDS_ANOTHER = Problem(
    "family_adjust_needs_another",
    409,
    "须由另一人的密钥批准",
    "It needs the key of another person than asked for it.",
    ("请另一位同事用自己的密钥批准", "Ask a colleague to approve it with a key of his own."),
)
ADJUST_DECIDED = Problem(
    "family_adjust_decided",
    409,
    "该调整已不在等待批准（{state}）",
    "This adjustment does not wait any more: it is {state}.",
    SEE_ADJUSTMENTS,
)
NAME_NOT_WAITING = Problem(
    "family_name_not_waiting",
    409,
    "该名称不在待审核列表中，或已更改",
    "This name does not wait to be cleared, or is not the family's any more.",
    ("刷新待审核列表", "Look at the names that wait."),
)
