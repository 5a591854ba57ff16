"""Stock in shards: what limits is spread, so that no campaign has one hot item, and every unit stays exact."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from chalicelib.campaigns.items import StockShard, stock_key
from chalicelib.core import chance, clock
from chalicelib.core.config import config
from chalicelib.core.decision import Read
from chalicelib.core.ids import CampaignId, MerchantId
from chalicelib.core.store import Found, read, read_whole
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction

if TYPE_CHECKING:
    from chalicelib.campaigns.live import Live
    from chalicelib.campaigns.offer import Offer

MOST_SHARDS = 32
FEW = 3
"""Shards of many that are read first."""
SHORT_FOR = timedelta(seconds=5)
"""How long a process that saw too little of a SKU, all its shards at one moment, says so without looking."""

_short: dict[tuple[MerchantId, CampaignId, str | None], tuple[datetime, int]] = {}
"""Of what fewer than so many units were left, and until when that is believed."""


class Drawn(msgspec.Struct, frozen=True, array_like=True):
    """Units of one shard: to be taken there, or taken there and to go back there."""

    shard: int
    units: int


def shard_count(stock: int, at_once: int) -> int:
    """How many shards a SKU's stock is spread over: each must reach for several promises, or draws cross shards."""
    return max(1, min(MOST_SHARDS, stock // (8 * at_once)))


def split(stock: int, shards: int) -> list[int]:
    """The stock over its shards; the sum is exact."""
    each, rest = divmod(stock, shards)
    return [each + (n < rest) for n in range(shards)]


def keys(campaign: Live[Offer], sku_id: str) -> list[Key]:
    """Every shard of a SKU."""
    return [stock_key(campaign.mid, campaign.cid, sku_id, n) for n in range(campaign.shards[sku_id])]


def some(wanted: Sequence[Key]) -> list[Key]:
    """A few shards at random: while there is plenty they reach, and the rest need not be read."""
    start = chance.below(len(wanted)) if wanted else 0
    return [*wanted[start:], *wanted[:start]][:FEW]


def gathered(found: Found, wanted: Sequence[Key], units: int) -> list[StockShard]:
    """The shards among what was read; those of ``wanted`` that were not read too, where they do not reach."""
    shards = [shard for key in wanted if key in found and (shard := found.item(StockShard, key))]
    rest = [key for key in wanted if key not in found]
    if rest and sum(shard.left for shard in shards) < units:
        shards += [shard for shard in read(*rest).values() if isinstance(shard, StockShard)]
    return shards


class Shelf:
    """A SKU's stock before somebody who wants ``units`` of it to promise; too little is remembered for a moment.

    Without that every tap on something sold out would read all of its shards twice. The memory is the process's own, so
    that no item is written by everybody; a payment, which is not refused but decided, never asks it.
    """

    def __init__(self, campaign: Live[Offer], sku_id: str | None, units: int, reads: Read) -> None:
        self._name = campaign.mid, campaign.cid, sku_id
        self._units = units
        self.is_short = self._known_short()
        """Whether too little was left a moment ago: whoever wants it is refused, and reads none of it."""
        self._all = keys(campaign, sku_id) if sku_id is not None and not self.is_short else []
        self.keys = self._all if reads is read_whole else some(self._all)
        """What is to be read: none where no SKU is meant, or where too little was left a moment ago."""

    def seen(self, found: Found) -> list[StockShard]:
        """The shards among what was read, and the others where those do not reach."""
        shards = gathered(found, self._all, self._units)
        if shards and found.whole and config().cache_seconds > 0 and sum(s.left for s in shards) < self._units:
            _short[self._name] = clock.now() + SHORT_FOR, self._units
        return shards

    def _known_short(self) -> bool:
        until, units = _short.get(self._name, (None, 0))
        if until is not None and clock.now() >= until:
            del _short[self._name]
            return False
        return until is not None and self._units >= units


def forget(mid: MerchantId, cid: CampaignId, sku_id: str) -> None:
    """Look again at what this process believed to be short; others do when their moment is over."""
    _short.pop((mid, cid, sku_id), None)


def draw(shards: Sequence[StockShard], units: int) -> list[Drawn]:
    """Where to take ``units``: from one random shard that has them all, else the fullest first. Empty if too few."""
    if units > sum(shard.left for shard in shards):
        return []
    able = [shard for shard in shards if shard.left >= units]
    if able:
        return [Drawn(able[chance.below(len(able))].shard, units)]
    drawn = []
    for shard in sorted(shards, key=lambda s: (-s.left, s.shard)):
        part = min(units, shard.left)
        if part:
            drawn.append(Drawn(shard.shard, part))
            units -= part
    return drawn


def add_draw(tx: Transaction, shards: Sequence[StockShard], drawn: Sequence[Drawn], *, name: str = "stock") -> None:
    """Take units in ``tx``, each under the condition that they are there; ``name`` tells one draw from another."""
    by_number = {shard.shard: shard for shard in shards}
    for part in drawn:
        number, units = part.shard, part.units
        actions = [StockShard.left.add(-units), StockShard.taken.add(units)]
        tx.update(f"{name}{number}", by_number[number], actions, when={"enough": StockShard.left >= units})


def add_return(
    tx: Transaction, mid: MerchantId, cid: str, sku_id: str, units: Iterable[Drawn], *, name: str = "stock"
) -> None:
    """Give units back to the shards they came from."""
    for part in units:
        number, count = part.shard, part.units
        actions = [StockShard.left.add(count), StockShard.taken.add(-count)]
        key = stock_key(mid, cid, sku_id, number)
        tx.update(f"{name}{number}", key, actions, when={"were_taken": StockShard.taken >= count})


def add_refusal(tx: Transaction, shards: Sequence[StockShard], back: Iterable[Drawn]) -> None:
    """Write that too few units are left: only if every shard still is what was read; ``back`` returns what was held."""
    held = {part.shard: part.units for part in back}
    for shard in shards:
        same = {"as_seen": StockShard.left == shard.left}
        units = held.get(shard.shard, 0)
        if units:
            actions = [StockShard.left.add(units), StockShard.taken.add(-units)]
            tx.update(f"stock{shard.shard}", shard, actions, when=same)
        else:
            tx.check(f"stock{shard.shard}", shard, when=same)


def together(*parts: Iterable[Drawn]) -> list[Drawn]:
    """All of them, one a shard."""
    total: dict[int, int] = {}
    for drawn in itertools.chain(*parts):
        total[drawn.shard] = total.get(drawn.shard, 0) + drawn.units
    return [Drawn(shard, units) for shard, units in sorted(total.items())]


def parted(owned: Iterable[Drawn], keep: int) -> tuple[list[Drawn], list[Drawn]]:
    """``keep`` units of what is owned, and the rest, which goes back."""
    kept, back = list[Drawn](), list[Drawn]()
    for drawn in owned:
        stays = min(keep, drawn.units)
        keep -= stays
        if stays:
            kept.append(Drawn(drawn.shard, stays))
        if drawn.units > stays:
            back.append(Drawn(drawn.shard, drawn.units - stays))
    return kept, back
