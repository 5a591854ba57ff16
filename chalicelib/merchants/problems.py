"""What merchant administration can be refused for."""

from chalicelib.core.errors import Problem

LAST_OWNER = Problem(
    "last_owner_key",
    409,
    "不能吊销最后一个 owner 密钥",
    "The last owner key cannot be revoked.",
    ("先创建另一个 owner 密钥", "Create another owner key first."),
)
APP_TAKEN = Problem("app_taken", 409, "该小程序已属于另一个商户", "This mini-program belongs to another merchant.")
