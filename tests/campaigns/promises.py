"""What holds of campaigns and of their stock, whatever is played."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from chalicelib.campaigns.items import Campaign, Snapshot, StockShard
from tests.breaking import Break, change, drop
from tests.invariants import Books, invariant


@invariant("No stock shard falls below nothing.")
def stock_is_there(books: Books) -> Iterator[str]:
    for shard in books.of(StockShard):
        if shard.left < 0 or shard.taken < 0:
            yield f"{shard.pk} {shard.sk}: {shard.left} left, {shard.taken} taken"


@invariant(
    "A campaign that left its draft has a snapshot of what it says, as much stock as that says, and of its budgets"
    " what was added since."
)
def publications_are_whole(books: Books) -> Iterator[str]:
    snapshots = {snapshot.pk: snapshot for snapshot in books.of(Snapshot)}
    stock: dict[tuple[str, str], int] = defaultdict(int)
    for shard in books.of(StockShard):
        stock[shard.cid, shard.pk.split("#")[3]] += shard.left + shard.taken
    for campaign in books.of(Campaign):
        if campaign.version:
            snapshot = snapshots.get(campaign.pk)
            said = (campaign.draft, campaign.allowed or [])
            if snapshot is None or (snapshot.offer, snapshot.allowed or []) != said:
                yield f"{campaign.cid} is {campaign.status} and its snapshot says something else"
            for sku in campaign.draft.goods:
                if stock[campaign.cid, sku.sku_id] != sku.stock:
                    yield f"{campaign.cid}: {stock[campaign.cid, sku.sku_id]} of {sku.sku_id}, not {sku.stock}"
            for escrow in campaign.draft.escrows:
                total = escrow.total + (campaign.added or {}).get(escrow.name, 0)
                if stock[campaign.cid, escrow.name] != total:
                    yield f"{campaign.cid}: {stock[campaign.cid, escrow.name]} of {escrow.name}, not {total}"


BREAKS: dict[str, Break] = {
    "stock_is_there": change(StockShard, {"left": -1}),
    "publications_are_whole": drop(Snapshot),
}
