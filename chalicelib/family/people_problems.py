"""What is refused of who belongs to a family: inviting, joining, leaving, roles and ownership."""

from chalicelib.core.errors import Problem
from chalicelib.family.problems import SEE_FAMILY

NEW_INVITATION = ("请家庭主人重新邀请", "Ask the owner of the family to invite you anew.")

ALREADY_IN_FAMILY = Problem(
    "family_already",
    409,
    "您已在一个家庭账户中，每人在一家商家只能加入一个",
    "You are in a family already, and a person is in one only.",
    ("查看您的家庭账户，或先退出", "Look at your family, or leave it first."),
)
FAMILY_LOCKED = Problem(
    "family_locked",
    409,
    "离开家庭后 90 天内不能加入或创建家庭账户，{until} 起可以",
    "Who has left a family joins or makes none for 90 days: you may from {until} on.",
    ("到时再试", "Try then."),
)
FAMILY_FULL = Problem(
    "family_full",
    409,
    "家庭账户已满，最多 {people} 人",
    "The family is full: {people} people are the most.",
    ("请主人先移除一位成员", "Ask the owner to remove somebody first."),
)
FAMILY_LIMIT = Problem(
    "family_limit",
    409,
    "您名下已有 {wallets} 个关闭的家庭钱包，不能再拥有家庭账户",
    "You have the wallets of {wallets} closed families, and may own no other.",
    ("请联系商家", "Ask the shop."),
)
MINOR_OWNS_NONE = Problem(
    "family_minor_owns_none",
    403,
    "未成年人不能创建家庭账户",
    "A minor makes no family.",
    ("请监护人创建家庭账户并邀请您", "Ask your guardian to make one and to invite you."),
)
INVITATION_UNKNOWN = Problem(
    "family_invitation_unknown",
    404,
    "没有这个邀请，请核对邀请码",
    "There is no such invitation: look at its code again.",
    NEW_INVITATION,
)
INVITATIONS_LOCKED = Problem(
    "family_invitations_locked",
    429,
    "邀请码输错次数过多，请于 {until} 后再试",
    "Too many wrong codes of invitations. Try again after {until}.",
    ("请核对邀请码，稍后再试", "Look at the code again, and wait."),
)
INVITATION_OVER = Problem(
    "family_invitation_over",
    409,
    "邀请已失效：已被使用、谢绝、撤回，或已过期",
    "The invitation is over: it was used, declined or revoked, or its time has passed.",
    NEW_INVITATION,
)
CONSENT_NEEDED = Problem(
    "family_consent_needed",
    422,
    "未成年人加入须经监护人同意：请确认您是其监护人，并将 consent 设为 true",
    "A minor needs his guardian's consent: confirm that you are his guardian, and say so as `consent: true`.",
    ("由监护人确认后再试", "Let the guardian confirm."),
)
MEMBER_UNKNOWN = Problem(
    "family_member_unknown",
    404,
    "家庭中没有这位成员",
    "Nobody of that id is in the family.",
    SEE_FAMILY,
)
OWNER_STAYS = Problem(
    "family_owner_stays",
    409,
    "家庭主人不能退出、被移除、被冻结，也没有限额",
    "The owner neither leaves, nor is removed or frozen, and has no caps.",
    ("先把家庭交给另一位成年成员，或关闭家庭账户", "Hand the family over to another adult first, or close it."),
)
MINOR_STAYS = Problem(
    "family_minor_stays",
    403,
    "未成年成员不能自行退出家庭账户",
    "A minor does not leave a family by himself.",
    ("请家庭主人移除", "Ask the owner to remove you."),
)
FROZEN_BY_SHOP = Problem(
    "family_frozen_by_shop",
    409,
    "已由商家冻结，只能由商家解冻；在此之前不能关闭家庭账户",
    "The shop froze it, and only the shop unfreezes it; until then the family is not closed either.",
    ("请联系商家", "Ask the shop."),
)
HEIR_UNFIT = Problem(
    "family_heir_unfit",
    409,
    "只能交给未被冻结的成年成员",
    "A family is handed over to an adult member only, who is not frozen.",
    ("选择另一位成员", "Choose another member."),
)
NOT_OFFERED = Problem(
    "family_not_offered",
    409,
    "没有待您确认的移交",
    "Nobody offers you this family, or the offer was withdrawn.",
    SEE_FAMILY,
)
