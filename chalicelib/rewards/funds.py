"""What of its budget a campaign has left for a promise, and taking it: all of what is needed, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.campaigns import stock
from chalicelib.campaigns.gifts import ESCROWS, Currency
from chalicelib.campaigns.live import Live
from chalicelib.campaigns.stock import Drawn, Shelf
from chalicelib.core.decision import Read
from chalicelib.core.store import Found
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction


class Funds:
    """So much of each currency of a campaign's budget, before somebody who wants to promise it.

    Its ``keys`` belong into the read round; then `drawn`, and `add_drawn` in the transaction.
    """

    def __init__(self, campaign: Live[Any], need: Mapping[Currency, int], reads: Read) -> None:
        self._need = {currency: amount for currency, amount in need.items() if amount}
        self._known = all(ESCROWS[currency] in campaign.shards for currency in self._need)
        wanted = self._need if self._known else {}
        self._shelves = {c: Shelf(campaign, ESCROWS[c], amount, reads) for c, amount in wanted.items()}
        self.keys: list[Key] = [key for shelf in self._shelves.values() for key in shelf.keys]

    def drawn(self, found: Found) -> dict[Currency, list[Drawn]] | None:
        """Where it is taken; None where the budget does not reach for all of it."""
        if not self._known:
            return None
        self._seen = {currency: shelf.seen(found) for currency, shelf in self._shelves.items()}
        taken = {currency: stock.draw(self._seen[currency], self._need[currency]) for currency in self._need}
        return taken if all(taken.values()) else None

    def add_drawn(self, tx: Transaction, drawn: Mapping[Currency, list[Drawn]]) -> None:
        """Take it, each part under the condition that it is there."""
        for currency, parts in drawn.items():
            stock.add_draw(tx, self._seen[currency], parts, name=f"budget.{currency.value}")
