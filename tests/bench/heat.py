"""How hot single items and index keys get when a crowd acts at once: arithmetic on the keys that were recorded.

Each of a sample of people acts in this process, with warm caches, and every key that he reads or writes is noted. A key
that several of them touched is everybody's and is hotter by as many times as the crowd is larger; one that a single
person touched stays his own. What one process has to learn for itself is counted for as many as run at once.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from chalicelib.campaigns import live, stock
from chalicelib.campaigns.items import StockShard
from chalicelib.core import chance, clock
from chalicelib.voucher import words
from infra.local.client import Person
from tests.bench import meter
from tests.bench.capacity import warm_caches
from tests.bench.figures import Figure
from tests.conftest import EMULATOR, START
from tests.emulator import Call, Emulator
from tests.town import Town
from tests.voucher import words as shop

WRITES_A_SECOND = 500
"""Transactional writes that one item takes."""
INDEX_UNITS, READ_UNITS = 1000, 3000
"""Write units of one index key, read units of one item, in a second."""

CROWD, WINNERS, SECONDS = 100_000, 10_000, 10
"""How many type the word, how many of them get something, and within how long."""
PROCESSES = 1000
"""Functions that run at once."""


@dataclass
class Touched:
    """By key: how often it was written, what that wrote into an index, what was read of it, and by whom."""

    writes: Counter[str] = field(default_factory=Counter)
    index: Counter[str] = field(default_factory=Counter)
    reads: Counter[str] = field(default_factory=Counter)
    by: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    calls: int = 0

    def rates(self, of: Counter[str], people: int, crowd: int) -> dict[str, float]:
        """What a second brings each key, when ``crowd`` do within `SECONDS` what ``people`` did."""
        return {k: n / people * crowd / SECONDS if len(self.by[k]) > 1 else float(n) for k, n in of.items()}


@contextmanager
def touched(emulator: Emulator, into: Touched, who: str) -> Iterator[None]:
    """Note the keys of the block's storage calls."""
    serve = emulator._serve

    def noting(request: Any, call: Call) -> Any:
        if call.service != "dynamodb":
            return serve(request, call)
        emulator._serve = serve  # type: ignore[method-assign]
        written = {meter._key(key): key for key in meter._written(call)}
        before = {name: meter._get(key) for name, key in written.items()}
        try:
            answer = serve(request, call)
        finally:
            after = {name: meter._get(key) for name, key in written.items()}
            emulator._serve = noting  # type: ignore[method-assign]
        into.calls += 1
        into.writes.update(written.keys())
        indexed = [entry for name in written for entry in _entries(before[name], after[name])]
        read = _read(call, answer)
        into.index.update(indexed)
        into.reads.update(read)
        for key in (*written, *indexed, *read):
            into.by[key].add(who)
        return answer

    emulator._serve = noting  # type: ignore[method-assign]
    try:
        yield
    finally:
        emulator._serve = serve  # type: ignore[method-assign]


def _entries(old: dict[str, Any] | None, new: dict[str, Any] | None) -> Iterator[str]:
    """The index keys that a write put an entry under, or took one from."""
    for index in meter.INDEXES:
        was, now = meter._entry(index, old), meter._entry(index, new)
        if was != now:
            yield from (f"{index} {entry[0]}" for entry in (was, now) if entry is not None)


def _read(call: Call, answer: Any) -> Counter[str]:
    """The read units of each item that a call asked for by its key."""
    if call.operation not in meter.READS or answer.status_code != 200:
        return Counter()
    body = json.loads(call.body)
    if call.operation == "TransactGetItems":
        return Counter({meter._key(one["Get"]["Key"]): 2 for one in body["TransactItems"]})
    if call.operation == "BatchGetItem":
        return Counter(meter._key(key) for asked in body["RequestItems"].values() for key in asked["Keys"])
    return Counter({meter._key(body["Key"]): 1}) if call.operation == "GetItem" else Counter()


@dataclass
class Word:
    """What became hot when a word was read out on a live stream."""

    people: int
    won: Touched
    learnt: Touched
    """By one process, when it finds that nothing is left."""
    begun: Touched
    """By one process, when it is asked for the word first."""
    lost: Touched
    losers: int

    def rates(self) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
        """Writes of items, units of index keys, and read units of items, a second."""
        written = self.won.rates(self.won.writes, self.people, WINNERS)
        indexed = self.won.rates(self.won.index, self.people, WINNERS)
        reads = defaultdict[str, float](float, self.won.rates(self.won.reads, self.people, WINNERS))
        for key, rate in self.lost.rates(self.lost.reads, self.losers, CROWD - WINNERS).items():
            reads[key] += rate
        for key, units in self.learnt.reads.items():
            reads[key] += units * PROCESSES / stock.SHORT_FOR.total_seconds()
        for key, units in self.begun.reads.items():
            reads[key] += units * PROCESSES
        own = "|U#"
        return written, indexed, {key: n for key, n in reads.items() if own not in key}

    def of_the_word(self) -> int:
        """Read units that losers took of anything but their own items."""
        return sum(n for key, n in self.lost.reads.items() if "|U#" not in key)


def word(people: int = 320, losers: int = 40) -> Word:
    """A sample of those who win, then of those who come when all is taken."""
    EMULATOR.fresh()
    with clock.fixed(START), chance.seeded(7), warm_caches():
        town = Town(EMULATOR)
        try:
            return _word(town, people, losers)
        finally:
            town.close()


def _word(town: Town, people: int, losers: int) -> Word:
    shop.spoken(town, shop.BALANCE, total=WINNERS)
    first, *winners = (town.person() for _ in range(people + 1))
    teacher, *late = (town.person() for _ in range(losers + 1))
    begun, won, learnt, lost = Touched(), Touched(), Touched(), Touched()
    words._kept.clear()
    live._kept.clear()
    _say(first, begun, 201)
    for person in winners:
        _say(person, won, 201)
    for shard in [item for item in town.items() if isinstance(item, StockShard)]:
        shard.left, shard.taken = 0, shard.left + shard.taken
        town.emulator.restore(shard)
    _say(teacher, learnt, 409)
    for person in late:
        _say(person, lost, 409)
    return Word(people, won, learnt, begun, lost, losers)


def _say(person: Person, into: Touched, status: int) -> None:
    with touched(EMULATOR, into, person.uid):
        shop.says(person).expect(status)


def _word_figures() -> list[Figure]:
    seen = word()
    written, indexed, reads = seen.rates()
    return [
        Figure("heat.word.hottest_key_tps", max(written.values()), "writes a second", WRITES_A_SECOND),
        Figure("heat.word.hottest_index_units", max(indexed.values()), "write units a second", INDEX_UNITS),
        Figure("heat.word.hottest_item_reads", max(reads.values()), "read units a second", READ_UNITS),
        Figure("heat.word.reads_of_it_by_a_loser", seen.of_the_word() / seen.losers, "read units", 0),
        Figure("heat.word.calls_of_a_loser", seen.lost.calls / seen.losers, "calls", 1),
    ]


SCENARIOS: tuple[Callable[[], list[Figure]], ...] = (_word_figures,)


def figures() -> list[Figure]:
    """heat.<scenario>.hottest_key_tps, and what else could be too hot."""
    return [figure for scenario in SCENARIOS for figure in scenario()]
