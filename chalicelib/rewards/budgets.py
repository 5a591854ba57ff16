"""A campaign's budgets as its merchant sees and changes them: exact over all shards, whatever is drawn meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from chalicelib.campaigns import stock
from chalicelib.campaigns.gifts import ESCROWS, Currency
from chalicelib.campaigns.items import Campaign, Snapshot, StockShard, campaign_key, snapshot_key, stock_key
from chalicelib.campaigns.kinds.bargain import BUDGET
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import CampaignId, MerchantId
from chalicelib.core.store import read, read_one
from chalicelib.core.transaction import Transaction
from chalicelib.merchants import audit
from chalicelib.rewards.problems import BUDGET_SHORT, BUDGET_UNKNOWN

COUNTED = {**{name: currency.value for currency, name in ESCROWS.items()}, BUDGET: Currency.FEN.value}
"""In what each budget is counted that its merchant may change."""

PIECES = "pieces"
"""In what all others are: coupons of a template, gifts of a burst. Users were told how many there are."""


class Sums(msgspec.Struct, frozen=True, kw_only=True):
    """One budget of a campaign, over all of its shards."""

    name: str
    """Its escrow's."""
    said: int
    """What the campaign's document says."""
    added: int
    """What was put to it since, less what was released."""
    left: int
    taken: int
    """Reserved by promises, and spent."""

    @property
    def total(self) -> int:
        """All of it."""
        return self.left + self.taken

    @property
    def counted_in(self) -> str:
        """What its units are: fen, points or pieces."""
        return COUNTED.get(self.name, PIECES)


def campaign(mid: MerchantId, cid: CampaignId) -> Campaign:
    """A campaign that was published. Raises NOT_FOUND."""
    found = read_one(Campaign, campaign_key(mid, cid))
    if found is None or found.version == 0:
        raise RippleError(NOT_FOUND)
    return found


def sums(campaign: Campaign) -> list[Sums]:
    """Every budget of a published campaign, as its shards stand."""
    mid, cid = campaign.mid, campaign.cid
    shards, escrows = _snapshot(campaign).shards, campaign.draft.escrows
    keys = {one.name: [stock_key(mid, cid, one.name, n) for n in range(shards[one.name])] for one in escrows}
    wanted = [key for each in keys.values() for key in each]
    found = read(*wanted) if wanted else {}
    told = list[Sums]()
    for one in escrows:
        there = [shard for key in keys[one.name] if isinstance(shard := found[key], StockShard)]
        left, taken = sum(shard.left for shard in there), sum(shard.taken for shard in there)
        added = (campaign.added or {}).get(one.name, 0)
        told.append(Sums(name=one.name, said=one.total, added=added, left=left, taken=taken))
    return told


def top_up(intent: Intent, cid: CampaignId, budget: str, amount: int) -> Campaign:
    """Put so much more to a budget, spread over its shards. Raises NOT_FOUND, `BUDGET_UNKNOWN`."""

    def add(tx: Transaction, shards: list[StockShard]) -> None:
        for shard, more in zip(shards, stock.split(amount, len(shards)), strict=True):
            if more:
                tx.update(f"shard{shard.shard}", shard, [StockShard.left.add(more)], when={})

    return _change(intent, cid, budget, amount, "top-up", add)


def release(intent: Intent, cid: CampaignId, budget: str, amount: int) -> Campaign:
    """Take so much of what is free from a budget, all of it or nothing. Raises also `BUDGET_SHORT`."""

    def add(tx: Transaction, shards: list[StockShard]) -> None:
        parts = stock.draw(shards, amount)
        if not parts:
            raise RippleError(BUDGET_SHORT, "/amount", left=sum(shard.left for shard in shards))
        by_number = {shard.shard: shard for shard in shards}
        for part in parts:
            free = {"free": StockShard.left >= part.units}
            less = [StockShard.left.add(-part.units)]
            tx.update(f"shard{part.shard}", by_number[part.shard], less, when=free)

    return _change(intent, cid, budget, -amount, "release", add)


def _change(
    intent: Intent,
    cid: CampaignId,
    budget: str,
    more: int,
    act: str,
    add: Callable[[Transaction, list[StockShard]], None],
) -> Campaign:
    """Change a budget by ``more`` and note it on the campaign, once, in one transaction."""
    mid, name = intent.mid, f"~{budget}"
    keys = record_key(intent), campaign_key(mid, cid)

    def attempt(read: Read) -> Campaign:
        found = read(*keys)
        current = found.item(Campaign, keys[1])
        if current is None or current.version == 0:
            raise RippleError(NOT_FOUND)
        if recorded(intent, found[keys[0]]) is not None:
            return current
        if name not in COUNTED or name not in {one.name for one in current.draft.escrows}:
            raise RippleError(BUDGET_UNKNOWN, "/budget", budget=budget)
        there = [stock_key(mid, cid, name, n) for n in range(_snapshot(current).shards[name])]
        tx = Transaction()
        add(tx, [shard for shard in read(*there).values() if isinstance(shard, StockShard)])
        before = current.added or {}
        as_seen = Campaign.added == before if current.added is not None else Campaign.added.does_not_exist()
        after = {**before, name: before.get(name, 0) + more}
        noted = [Campaign.added.set(after), Campaign.updated_at.set(clock.now())]
        tx.update("campaign", current, noted, when={"as_seen": as_seen})
        add_record(tx, intent)
        audit.add(tx, mid, intent.actor, f"campaign.budget.{act}", cid, budget=budget, amount=str(abs(more)))
        tx.commit()
        stock.forget(mid, cid, name)
        return campaign(mid, cid)

    return decided_or_refused(attempt)


def _snapshot(campaign: Campaign) -> Snapshot:
    key = snapshot_key(campaign.mid, campaign.cid, campaign.version)
    found = read_one(Snapshot, key)
    if found is None:
        raise LookupError(f"the snapshot of a campaign: {campaign.cid}")
    return found
