"""Live codes as people meet them: kept by each process for a moment, so that no item is read by everybody.

What may have changed meanwhile is what they read, and whether the code is paused. Where somebody is sent is decided by
the parts, which are read and written as they stand.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from chalicelib.core.config import config
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.livecodes.items import LiveCode, live_key

MOST_KEPT = 1000
"""Live codes that a process remembers."""


@dataclass
class Known:
    """A live code, until when this process need not look again, and where it saw room last."""

    code: LiveCode
    until: float
    first: int = 1
    """The number of the first target that took somebody; those before it took nobody."""


_kept: dict[tuple[MerchantId, str], Known] = {}


def known(mid: MerchantId, lid: str) -> Known:
    """The live code, at most `Config.cache_seconds` old. Raises `NOT_FOUND`."""
    kept = _kept.get((mid, lid))
    return kept if kept is not None and kept.until > time.monotonic() else fresh(mid, lid)


def fresh(mid: MerchantId, lid: str) -> Known:
    """The live code as it stands. Raises `NOT_FOUND`."""
    code = read_one(LiveCode, live_key(mid, lid))
    if code is None:
        raise RippleError(NOT_FOUND)
    seconds = config().cache_seconds
    found = Known(code, time.monotonic() + seconds)
    if seconds > 0:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[mid, lid] = found
    return found


def forget(mid: MerchantId, lid: str) -> None:
    """Look again: something was changed, or was not as this process believed."""
    _kept.pop((mid, lid), None)
