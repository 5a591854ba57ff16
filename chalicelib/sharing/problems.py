"""What sharing and helping can be refused for."""

from chalicelib.core.errors import Problem

TICKET_UNFIT = Problem(
    "help_ticket_unfit",
    422,
    "助力凭证不适用",
    "This is no ticket of yours for just this.",
    ("重新打开助力页面", "Open the page anew; its detail has a ticket."),
)
TICKET_EXPIRED = Problem(
    "help_ticket_expired",
    409,
    "页面停留过久，请刷新后再助力",
    "The ticket is older than ten minutes.",
    ("刷新页面", "Read the detail again; it has a new ticket."),
)
TOO_FAST = Problem(
    "help_too_fast",
    409,
    "操作太快，请稍后再试",
    "Nobody decides within two seconds of opening a page.",
    ("稍等片刻再试", "Try again in a moment with the same ticket."),
)
NOT_HELD = Problem(
    "not_held",
    409,
    "该操作已有结果，无需处理",
    "This is not waiting for a decision any more.",
    ("刷新待处理列表", "Read the list anew."),
)
FROZEN = Problem(
    "held_frozen",
    409,
    "关联订单处理中，暂时不能处理",
    "An order that hangs on it is open, and its price must not move.",
    ("订单支付或关闭后再处理", "Decide when the order is paid or closed."),
)
