"""How a live code stands in the scene of the code that is printed, and in its page's query."""

from __future__ import annotations

import re

from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.livecodes import finding
from chalicelib.livecodes.items import LIVE
from chalicelib.sharing.entries import Mark

FORM = re.compile(r"(?:^|[?&])l=([0-9A-HJKMNP-TV-Z]{16})(?:$|&)")


def scene(lid: str) -> str:
    """What the printed code says."""
    return f"l={lid}"


def is_there(mid: MerchantId, lid: str) -> bool:
    """Whether there is such a live code, whatever became of it: its page says that."""
    try:
        finding.known(mid, lid)
    except RippleError as unknown:
        if unknown.problem is not NOT_FOUND:
            raise
        return False
    return True


MARK = Mark(FORM, LIVE, is_there)
"""What a scene or a query may say instead of a share."""
