"""What merchant administration can be refused for."""

from chalicelib.core.errors import Problem

LAST_OWNER = Problem(
    "last_owner_key",
    409,
    "不能吊销最后一个 owner 密钥",
    "The last owner key cannot be revoked.",
    ("先创建另一个 owner 密钥", "Create another owner key first."),
)
CASH_TERMS_CHANGED = Problem(
    "cash_terms_changed",
    409,
    "现金设置已被其他人修改",
    "Somebody else has changed the cash set-up.",
    ("重新读取后再修改", "Read it again and repeat the change."),
)
WALLET_TERMS_CHANGED = Problem(
    "wallet_terms_changed",
    409,
    "储值备案与条款已被修改",
    "The filing or the terms were changed meanwhile.",
    ("重新读取后再试", "Read them again and repeat it."),
)
SEGMENTS_CHANGED = Problem(
    "segment_terms_changed",
    409,
    "用户分层设置已被修改",
    "The terms of the segments were changed meanwhile.",
    ("重新读取后再试", "Read them again and repeat it."),
)
APP_TAKEN = Problem("app_taken", 409, "该小程序已属于另一个商户", "This mini-program belongs to another merchant.")
