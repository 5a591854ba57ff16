"""What WeChat Pay tells by itself is believed where its signature stands; all else is refused, and counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib.core import log
from chalicelib.core.errors import RippleError
from chalicelib.core.metrics import count
from chalicelib.orders.problems import NOTIFICATION_REFUSED
from chalicelib.wechat.notification import Forged, Probe


@contextmanager
def genuine() -> Iterator[None]:
    """Raise `NOTIFICATION_REFUSED` for what the block finds to be forged, and for WeChat's own probe of that."""
    try:
        yield
    except Probe:
        log.info("notification_probe")
        raise RippleError(NOTIFICATION_REFUSED) from None
    except Forged as forged:
        log.warning("notification_forged", why=str(forged))
        count("ForgedNotification")
        raise RippleError(NOTIFICATION_REFUSED) from None
