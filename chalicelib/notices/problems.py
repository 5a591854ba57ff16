"""What of notices is refused."""

from __future__ import annotations

from chalicelib.core.errors import Problem

TEMPLATE_UNUSED = Problem(
    "template_unused",
    409,
    "商家已不再使用该消息模板",
    "The shop does not use this message template any more.",
    ("重新打开页面后再订阅", "Open the page again and ask for what it names."),
)
NOTICES_CHANGED = Problem(
    "notices_changed",
    409,
    "消息模板设置已被修改，请重新读取后再改",
    "The templates were changed since you read them.",
    ("重新读取后再保存", "Read them again, then save."),
)
