"""Very many groups, quickly: copies of one that was opened and paid for through the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib.campaigns.items import StockShard
from chalicelib.core import clock
from chalicelib.core.aws import client
from chalicelib.core.ids import derived
from chalicelib.core.table import decode, due_entry
from chalicelib.groupbuy.items import Group
from chalicelib.orders.items import Order
from tests.town import Town

BATCH = 25


def many_groups(town: Town, count: int) -> Callable[[], list[Group]]:
    """``count`` groups in which only the leader sits, all ending at once; what is returned reads them."""
    campaign = town.campaign(size=2, skus=[{**town.sku(), "stock": 1_000_000}])
    leader, opened = town.opened(campaign)
    gid, oid, uid = opened["group_id"], opened["order_id"], leader.uid
    ours = [raw for raw in town.emulator.items() if any(i in raw["pk"]["S"] for i in (gid, oid)) or _limit(raw, uid)]
    (group,) = [item for raw in ours if isinstance(item := decode(raw), Group)]
    (order,) = [item for raw in ours if isinstance(item := decode(raw), Order)]
    copies = []
    for n in range(count - 1):
        other = {
            gid: f"{campaign}-{derived('group', str(n), length=16)}",
            oid: derived("order", str(n)),
            uid: derived("user", str(n)),
        }
        copies += [_copy(raw, other) for raw in ours]
    _write(town, copies)
    more = {drawn.shard: drawn.units * (count - 1) for drawn in group.units}
    for shard in town.items():
        if isinstance(shard, StockShard) and shard.shard in more:
            shard.taken, shard.left = shard.taken + more[shard.shard], shard.left - more[shard.shard]
            town.emulator.restore(shard)
    assert order.due is None
    return lambda: [item for item in town.items() if isinstance(item, Group)]


def _limit(raw: dict[str, Any], uid: str) -> bool:
    return bool(raw["pk"]["S"].endswith(f"U#{uid}") and raw["sk"]["S"].startswith(("LIM#", "META")))


def _copy(raw: dict[str, Any], other: dict[str, str]) -> dict[str, Any]:
    copied = {}
    for name, value in raw.items():
        kind, text = next(iter(value.items()))
        for old, new in other.items():
            text = text.replace(old, new)
        copied[name] = {kind: text}
    if "gsi2sk" in copied:
        pk, sk = due_entry(copied["pk"]["S"], clock.parse(copied["gsi2sk"]["S"].split("#", 1)[0]))
        copied |= {"gsi2pk": {"S": pk}, "gsi2sk": {"S": sk}}
    return copied


def _write(town: Town, raws: list[dict[str, Any]]) -> None:
    dynamodb = client("dynamodb")
    for start in range(0, len(raws), BATCH):
        requests = [{"PutRequest": {"Item": raw}} for raw in raws[start : start + BATCH]]
        dynamodb.batch_write_item(RequestItems={"ripple-test": requests})
    town.emulator.calls.clear()
