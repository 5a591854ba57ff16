"""Looking at batches and at single codes, for their merchant."""

from __future__ import annotations

from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.voucher.items import Batch, batch_key


def batch(mid: MerchantId, bid: str) -> Batch:
    """A batch. Raises `NOT_FOUND`."""
    found = read_one(Batch, batch_key(mid, bid))
    if found is None:
        raise RippleError(NOT_FOUND)
    return found
