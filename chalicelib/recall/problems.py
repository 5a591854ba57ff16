"""What is refused of segments and recalls."""

from chalicelib.core.errors import Problem

NO_SEGMENTS = Problem(
    "no_segments",
    409,
    "尚未设置用户分层",
    "Nothing is said of segments yet.",
    ("先设置用户分层", "Say where segments begin first."),
)
NO_TEMPLATE = Problem(
    "no_template",
    409,
    "该类消息尚未配置可用的模板",
    "There is no usable message template for this moment.",
    ("先在消息设置中配置模板", "Set a template in the message settings first."),
)
RECALL_OVER = Problem("recall_over", 409, "该召回已结束", "This recall is over.")
