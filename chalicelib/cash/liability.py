"""What a merchant owes in cash, campaign by campaign: counted with each step, so that reading it is adding up."""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.campaigns import service
from chalicelib.campaigns.gifts import ESCROWS, Currency
from chalicelib.campaigns.items import StockShard, stock_key
from chalicelib.campaigns.live import any_live, lives
from chalicelib.cash.items import CashPause, pause_key
from chalicelib.core.ids import CampaignId, MerchantId
from chalicelib.core.store import Contended, Found, read, read_whole
from chalicelib.core.table import Key
from chalicelib.rewards.cash import TALLIES, CashTally, tally_key

BUDGET = ESCROWS[Currency.CASH]


class Liability(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign's cash, in fen: each fen of its budget is free, promised, claimable, in flight or paid."""

    cid: CampaignId
    free: int
    promised: int
    """Drawn for gifts that have not become cash yet: grants that wait, packets."""
    claimable: int
    """Somebody may ask for it, or will, or the merchant is asked first."""
    in_flight: int
    """Its transfer may be alive at WeChat."""
    paid: int
    returned: int
    """So much came back to the budget in all; it is among what is free, or was given anew."""
    steady: bool
    """Whether it all stood so at one moment."""
    pause: CashPause | None

    @property
    def owed(self) -> int:
        """What is promised to somebody and not paid yet."""
        return self.promised + self.claimable + self.in_flight

    @property
    def total(self) -> int:
        """The whole budget."""
        return self.free + self.owed + self.paid


def of_campaign(mid: MerchantId, cid: CampaignId) -> Liability:
    """What a campaign owes; nothing where it gives no cash. Raises NOT_FOUND for what was not published."""
    return _liability(mid, cid, any_live(mid, cid).shards.get(BUDGET, 0))


def of_merchant(
    mid: MerchantId, limit: int, after: dict[str, Any] | None
) -> tuple[list[Liability], dict[str, Any] | None]:
    """A page of the merchant's campaigns that give cash; it may be shorter than its limit."""
    found, more = service.campaigns(mid, None, limit, after)
    giving = [one for one in lives(found) if BUDGET in one.shards]
    return [_liability(mid, one.cid, one.shards[BUDGET]) for one in giving], more


def _liability(mid: MerchantId, cid: CampaignId, shards: int) -> Liability:
    """Everything in one read: a transaction that is under way shows whole or not at all."""
    pause = pause_key(mid, cid)
    keys = [
        *(stock_key(mid, cid, BUDGET, n) for n in range(shards)),
        *(tally_key(mid, cid, n) for n in range(TALLIES)),
    ]
    found = _read(*keys, pause)
    budget = [item for item in found.values() if isinstance(item, StockShard)]
    tallies = [item for item in found.values() if isinstance(item, CashTally)]
    claimable, in_flight = sum(t.claimable or 0 for t in tallies), sum(t.flight or 0 for t in tallies)
    paid = sum(t.paid or 0 for t in tallies)
    return Liability(
        cid=cid,
        free=sum(shard.left for shard in budget),
        promised=sum(shard.taken for shard in budget) - claimable - in_flight - paid,
        claimable=claimable,
        in_flight=in_flight,
        paid=paid,
        returned=sum(t.returned or 0 for t in tallies),
        steady=found.whole,
        pause=found.item(CashPause, pause),
    )


def _read(*keys: Key) -> Found:
    """As it stood at one moment, or where everything is being written all the time, as it stood one after another."""
    try:
        return read_whole(*keys)
    except Contended:
        return read(*keys)
