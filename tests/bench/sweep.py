"""What finding and taking due work costs, beside what its handlers do."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.core import chance, clock, due
from chalicelib.core.ids import MerchantId, derived
from chalicelib.core.table import Item, table
from chalicelib.core.transaction import update_one
from tests.bench.figures import Figure
from tests.bench.meter import metered
from tests.conftest import EMULATOR, START

DUE = 640
IDLE = 5_000


class Chore(Item):
    """Something due that only has to be taken off the index."""

    letter = "CHORE"
    prefix = "META"


def figures() -> list[Figure]:
    """Sweep figures."""
    EMULATOR.fresh()
    with clock.fixed(START), chance.seeded(7):
        due.HANDLERS[Chore] = lambda chore: update_one(
            chore, [], when={"leased": Chore.gsi2sk == chore.gsi2sk}, due=None
        )
        try:
            return _costs()
        finally:
            del due.HANDLERS[Chore]


def _costs() -> list[Figure]:
    with metered(EMULATOR) as empty:
        due.sweep()
    _put("idle", IDLE, timedelta(hours=1))
    with metered(EMULATOR) as idle:
        due.sweep()
    _put("due", DUE, timedelta(0))
    with metered(EMULATOR) as busy:
        taken = sum(due.work(shard) for shard in due.sweep())
    assert taken == DUE
    return [
        Figure("sweep.reads_per_due", round((busy.read_units - empty.read_units) / DUE, 2), "read units", 4),
        Figure("sweep.writes_per_due", round(busy.write_units / DUE, 2), "write units", 5),
        Figure("sweep.reads_per_idle_item", (idle.read_units - empty.read_units) / IDLE, "read units", 0),
    ]


def _put(name: str, count: int, ahead: timedelta) -> None:
    for n in range(count):
        chore = Chore(*table(MerchantId("m1")).key("CHORE", derived(name, str(n))))
        chore.set_due(clock.now() + ahead)
        EMULATOR.restore(chore)
