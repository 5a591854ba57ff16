"""Whose due entry goes on with a transfer that is stuck: its cash's, as long as that attempt is on its way."""

from __future__ import annotations

from chalicelib.cash import numbers
from chalicelib.core.ids import MerchantId
from chalicelib.core.table import Item, Key
from chalicelib.rewards.cash import Cash, cash_key
from chalicelib.rewards.states import ON_ITS_WAY


class _Driver:
    """Finds a transfer's cash by its number."""

    def key(self, mid: MerchantId, number: str) -> Key | None:
        attempt = numbers.parse(number)
        return cash_key(mid, attempt.uid, attempt.cash_id) if attempt else None

    def tries(self, item: Item, number: str) -> bool:
        attempt = numbers.parse(number)
        if attempt is None or not isinstance(item, Cash):
            return False
        return item.state in ON_ITS_WAY and item.n == attempt.n


DRIVER = _Driver()
