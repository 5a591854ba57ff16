"""What of notices is refused."""

from __future__ import annotations

from chalicelib.core.errors import Problem

NOTICES_CHANGED = Problem(
    "notices_changed",
    409,
    "消息模板设置已被修改，请重新读取后再改",
    "The templates were changed since you read them.",
    ("重新读取后再保存", "Read them again, then save."),
)
