"""What the invite graph costs a page and an edge, alone and with a million edges in the table.

The large graph is a star of 100,000 children beside a random recursive tree of 900,000, put straight into the table:
two minutes of one core and 4 GB. What is measured then goes through the code, and no figure depends on how many edges
there are, which is what is shown; but the star has 16 shards, each with a query and a tally of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chalicelib.accounts.newcomer import Definition, Verdict
from chalicelib.core import chance, clock, due
from chalicelib.core.ids import MerchantId, UserId, derived
from chalicelib.core.table import Item, Key
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
TREE = 900_000
PAGE = 20


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
    return [*found, Figure("graph.reads_per_page_up_of_twenty", large["up_of_twenty"].read_units, "read units")]


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
    grown = Tree(tree)
    EMULATOR.pour(_star(mid, UserId(center.uid), star))
    EMULATOR.pour(grown.edges(mid))
    people = chain(town, *"abcdef")
    newest = [town.person() for _ in range(PAGE)]
    for person in newest:
        by_code(person, code).expect(201)
    _count()
    costs: dict[str, Cost] = {}
    clock.advance(1)
    last: Person = town.person("last")
    with metered(EMULATOR) as costs["accepted"]:
        by_code(last, code).expect(201)
    with metered(EMULATOR) as costs["counted"]:
        _count()
    deep = town.person("deep")
    by_code(deep, code_of(people[-1])).expect(201)
    with metered(EMULATOR) as costs["counted_of_five"]:
        _count()
    with metered(EMULATOR) as costs["down"]:
        page, _ = graph.children(mid, UserId(center.uid), PAGE, None)
    assert len(page) == PAGE
    with metered(EMULATOR) as costs["up"]:
        above, _ = graph.ancestors(mid, UserId(deep.uid), 5, None)
    assert len(above) == 5
    if tree:
        with metered(EMULATOR) as costs["up_of_twenty"]:
            above, _ = graph.ancestors(mid, grown.deepest, PAGE, None)
        assert len(above) == PAGE
    return costs


def _count() -> None:
    for raw in EMULATOR.waiting():
        if raw["sk"]["S"] == "PARENT":
            due.handle(Key(raw["pk"]["S"], raw["sk"]["S"]), raw["gsi2sk"]["S"])


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


class Tree:
    """A random recursive tree: each was invited by anybody who was there before."""

    def __init__(self, count: int) -> None:
        self._uids = [_uid("tree", n) for n in range(count)]
        self._parents = [chance.below(n) for n in range(1, count)]

    def edges(self, mid: MerchantId) -> Iterator[Item]:
        """All of them, whoever came first before the others."""
        above: list[list[UserId]] = [[]]
        for child, parent in enumerate(self._parents, 1):
            above.append(ancestors(self._uids[parent], above[parent]))
            yield _edge(mid, self._uids[child], above[child], 1)

    @property
    def deepest(self) -> UserId:
        """Who has the most inviters above him."""
        depths = [0]
        for parent in self._parents:
            depths.append(depths[parent] + 1)
        return self._uids[depths.index(max(depths))]
