"""What the invite graph costs a page and an edge, alone and with very many edges in the table.

A million edges are too slow to write here: the large graph is a star of 100,000 children beside a recursive tree of
20,000, put there past the API. No figure depends on how many there are, which is what is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.accounts.newcomer import Definition, Verdict
from chalicelib.core import chance, clock, due
from chalicelib.core.aws import client
from chalicelib.core.ids import MerchantId, UserId, derived
from chalicelib.core.table import Item
from chalicelib.invite import counting, graph
from chalicelib.invite.items import (
    SHARDS,
    Descendants,
    Edge,
    Via,
    bound,
    children_index,
    descendants_key,
    edge_key,
    shard_of,
)
from chalicelib.invite.rules import EVERYBODY, ancestors
from infra.local.client import Person
from tests.bench.capacity import warm_caches
from tests.bench.figures import Figure
from tests.bench.meter import Cost, metered
from tests.conftest import EMULATOR, START
from tests.invite.family import by_code, chain, code_of
from tests.town import Town

STAR = 100_000
TREE = 20_000
PAGE = 20
BATCH = 25


def figures() -> list[Figure]:
    """graph.reads_per_page and graph.writes_per_edge, small and at scale."""
    small, large = _costs(0, 0), _costs(STAR, TREE)
    found = []
    for suffix, costs in (("", large), (".small", small)):
        found += [
            Figure(f"graph.reads_per_page{suffix}", costs["down"].read_units, "read units"),
            Figure(f"graph.reads_per_page_up{suffix}", costs["up"].read_units, "read units"),
            Figure(f"graph.calls_per_page{suffix}", costs["down"].round_trips, "calls"),
            Figure(f"graph.writes_per_edge{suffix}", costs["accepted"].write_units, "write units"),
            Figure(f"graph.writes_per_count{suffix}", costs["counted"].write_units, "write units"),
            Figure(f"graph.writes_per_count_of_five{suffix}", costs["counted_of_five"].write_units, "write units"),
        ]
    return found


def _costs(star: int, tree: int) -> dict[str, Cost]:
    EMULATOR.fresh()
    with clock.fixed(START), chance.seeded(7), warm_caches():
        town = Town(EMULATOR)
        try:
            return _measured(town, star, tree)
        finally:
            town.close()


def _measured(town: Town, star: int, tree: int) -> dict[str, Cost]:
    mid = MerchantId(town.merchant.mid)
    center = town.person("center")
    code = code_of(center)
    clock.advance(1)
    _put(_star(mid, UserId(center.uid), star))
    _put(_tree(mid, tree))
    people = chain(town, *"abcdef")
    newest = [town.person() for _ in range(PAGE)]
    for person in newest:
        by_code(person, code).expect(201)
    _count(town)
    costs: dict[str, Cost] = {}
    clock.advance(1)
    last: Person = town.person("last")
    with metered(EMULATOR) as costs["accepted"]:
        by_code(last, code).expect(201)
    with metered(EMULATOR) as costs["counted"]:
        _count(town)
    deep = town.person("deep")
    by_code(deep, code_of(people[-1])).expect(201)
    with metered(EMULATOR) as costs["counted_of_five"]:
        _count(town)
    with metered(EMULATOR) as costs["down"]:
        page, _ = graph.children(mid, UserId(center.uid), PAGE, None)
    assert len(page) == PAGE
    with metered(EMULATOR) as costs["up"]:
        above, _ = graph.ancestors(mid, UserId(deep.uid), 5, None)
    assert len(above) == 5
    return costs


def _count(town: Town) -> None:
    for raw in EMULATOR.items():
        if raw["sk"]["S"] == "PARENT" and "gsi2sk" in raw:
            due.handle(Edge.from_raw_data(raw).key, raw["gsi2sk"]["S"])


def _edge(mid: MerchantId, child: UserId, above: Sequence[UserId], shards: int) -> Edge:
    parent = above[0]
    verdict = Verdict(
        new=True,
        definition=Definition.NEVER_ORDERED,
        first_seen_at=START,
        campaign_start=START,
        decided_at=START,
    )
    return Edge(
        *edge_key(mid, child),
        parent=parent,
        ancestors=list(above),
        via=Via.CODE,
        share=derived("share", parent, length=16),
        board=EVERYBODY,
        verdict=verdict,
        request=derived("request", child),
        fingerprint=derived("fingerprint", child, length=20),
        bound_at=START,
        gsi1pk=children_index(mid, parent, shard_of(child, shards)),
        gsi1sk=bound(START, child),
    )


def _uid(name: str, n: int) -> UserId:
    return UserId(derived("crowd", name, str(n)))


def _star(mid: MerchantId, center: UserId, count: int) -> Iterator[Item]:
    """So many whom one person invited, spread from the thousandth on as they would be."""
    for n in range(count):
        yield _edge(mid, _uid("star", n), [center], 1 if n < counting.GROWN else SHARDS)
    if count:
        yield Descendants(*descendants_key(mid, center), d1=counting.GROWN, spread=SHARDS)
        for shard in range(1, SHARDS):
            yield Descendants(*descendants_key(mid, center, shard), d1=(count - counting.GROWN) // (SHARDS - 1))


def _tree(mid: MerchantId, count: int) -> Iterator[Item]:
    """A random recursive tree: each was invited by anybody who was there before."""
    above: list[list[UserId]] = []
    for n in range(count):
        parents = above[chance.below(n)] if n else []
        own = ancestors(_uid("tree", n), parents)
        if parents:
            yield _edge(mid, _uid("tree", n), parents, 1)
        above.append(own)


def _put(items: Iterator[Item]) -> None:
    batch: list[dict[str, Any]] = []
    for item in items:
        batch.append({"PutRequest": {"Item": item.serialize()}})
        if len(batch) == BATCH:
            client("dynamodb").batch_write_item(RequestItems={"ripple-test": batch})
            batch = []
    if batch:
        client("dynamodb").batch_write_item(RequestItems={"ripple-test": batch})
