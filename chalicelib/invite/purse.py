"""What of a campaign's budget is there for a promise that is made once, or never."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.campaigns.gifts import Currency
from chalicelib.campaigns.kinds.invite import InviteOffer
from chalicelib.campaigns.live import Live
from chalicelib.campaigns.stock import Drawn
from chalicelib.core.store import Contended, Found, read, read_whole
from chalicelib.core.table import Key
from chalicelib.core.transaction import Lost, Transaction
from chalicelib.rewards.funds import Funds


class Purse:
    """So much of each currency, before it is promised. Too little is believed only of all of it at one moment."""

    def __init__(self, campaign: Live[InviteOffer], need: Mapping[Currency, int]) -> None:
        self._campaign, self._need = campaign, need
        self._funds = Funds(campaign, need, read)
        self.keys: list[Key] = self._funds.keys

    def drawn(self, found: Found) -> dict[Currency, list[Drawn]] | None:
        """Where it is taken; None where the budget does not reach. Raises `Lost` where that cannot be seen now."""
        drawn = self._funds.drawn(found)
        if drawn is not None or not self.keys:
            return drawn
        self._funds = Funds(self._campaign, self._need, read_whole)
        try:
            return self._funds.drawn(read_whole(*self._funds.keys))
        except Contended:
            raise Lost([]) from None

    def add_drawn(self, tx: Transaction, drawn: Mapping[Currency, list[Drawn]]) -> None:
        """Take it in ``tx``."""
        self._funds.add_drawn(tx, drawn)
