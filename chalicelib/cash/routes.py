"""Cash over HTTP."""

from __future__ import annotations

from chalicelib.cash import notified as notices
from chalicelib.core.errors import NOT_FOUND
from chalicelib.edge.operation import CALLBACK, Call, operation
from chalicelib.orders.problems import NOTIFICATION_MISPLACED, NOTIFICATION_REFUSED


@operation(
    auth=CALLBACK,
    summary="WeChat Pay tells how transfers ended",
    problems=(NOTIFICATION_REFUSED, NOTIFICATION_MISPLACED, NOT_FOUND),
)
def notified(call: Call[None]) -> None:
    """Take a notification; 204 acknowledges it."""
    notices.notified(call.mid, call.headers, call.raw)
