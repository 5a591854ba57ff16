"""What is refused of segments and recalls."""

from chalicelib.core.errors import Problem

NO_SEGMENTS = Problem(
    "no_segments",
    409,
    "尚未设置用户分层",
    "Nothing is said of segments yet.",
    ("先设置用户分层", "Say where segments begin first."),
)
