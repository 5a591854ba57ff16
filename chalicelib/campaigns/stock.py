"""Stock in shards: what limits is spread, so that no campaign has one hot item, and every unit stays exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.campaigns.items import StockShard, stock_key
from chalicelib.core import chance
from chalicelib.core.ids import MerchantId
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction

if TYPE_CHECKING:
    from chalicelib.campaigns.live import Live
    from chalicelib.campaigns.offer import Offer
    from chalicelib.core.store import Found

MOST_SHARDS = 32


class Draw(NamedTuple):
    """Units to take from one shard."""

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


def shards(found: Found, wanted: Sequence[Key]) -> list[StockShard]:
    """The shards among what was read."""
    return [shard for key in wanted if (shard := found.item(StockShard, key)) is not None]


def draw(shards: Sequence[StockShard], units: int) -> list[Draw]:
    """Where to take ``units``: from one random shard that has them all, else the fullest first. Empty if too few."""
    if units > sum(shard.left for shard in shards):
        return []
    able = [shard for shard in shards if shard.left >= units]
    if able:
        return [Draw(able[chance.below(len(able))].shard, units)]
    drawn = []
    for shard in sorted(shards, key=lambda s: (-s.left, s.shard)):
        part = min(units, shard.left)
        if part:
            drawn.append(Draw(shard.shard, part))
            units -= part
    return drawn


def add_draw(tx: Transaction, shards: Sequence[StockShard], drawn: Sequence[Draw]) -> None:
    """Take units in ``tx``, each under the condition that they are there."""
    by_number = {shard.shard: shard for shard in shards}
    for number, units in drawn:
        actions = [StockShard.left.add(-units), StockShard.taken.add(units)]
        tx.update(f"stock{number}", by_number[number], actions, when={"enough": StockShard.left >= units})


def add_return(tx: Transaction, mid: MerchantId, cid: str, sku_id: str, units: Mapping[int, int]) -> None:
    """Give units back to the shards they came from."""
    for number, count in units.items():
        actions = [StockShard.left.add(count), StockShard.taken.add(-count)]
        key = stock_key(mid, cid, sku_id, number)
        tx.update(f"stock{number}", key, actions, when={"were_taken": StockShard.taken >= count})


def add_refusal(tx: Transaction, shards: Sequence[StockShard], back: Mapping[int, int]) -> None:
    """Write that too few units are left: only if every shard still is what was read; ``back`` returns what was held."""
    for shard in shards:
        same = {"as_seen": StockShard.left == shard.left}
        units = back.get(shard.shard, 0)
        if units:
            actions = [StockShard.left.add(units), StockShard.taken.add(-units)]
            tx.update(f"stock{shard.shard}", shard, actions, when=same)
        else:
            tx.check(f"stock{shard.shard}", shard, when=same)
