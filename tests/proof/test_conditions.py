"""Every named condition refuses by itself: broken alone, under each write that carries it, nothing is written.

The races show that conditions are needed; some guard each other, so that no race gets past both. This holds each of
them to its word: just before a write one attribute is changed so that this one condition does not hold and all
others do, and the same request must be refused. `refusals.json` keeps how each was broken, so that the same is tried
whether or not the code still names the condition; RIPPLE_LEARN=1 writes it anew.
"""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from chalicelib.core import due
from chalicelib.core.table import Item
from chalicelib.orders.items import Order
from tests.conftest import EMULATOR
from tests.proof import counts
from tests.proof.breaker import Finder, Repeater
from tests.proof.mutant import ROOT, Named, conditions
from tests.proof.plays import SCENES
from tests.proof.stage import Scene, rest
from tests.proof.standing import standing
from tests.town import Town

REFUSALS = ROOT / "tests/proof/refusals.json"
KNOWN: dict[str, dict[str, Any]] = json.loads(REFUSALS.read_text())


def giving_up(town: Town) -> Mapping[str, Callable[[], Any]]:
    """An entry whose handler fails until it is set aside."""

    def fail(item: Item) -> None:
        raise ZeroDivisionError(item.pk)

    def give_up() -> None:
        town.person().open(town.campaign()).expect(201)
        handlers: dict[type[Item], due.Handler] = {**due.HANDLERS, Order: fail}
        with pytest.MonkeyPatch.context() as broken:
            broken.setattr(due, "HANDLERS", handlers)
            town.pass_time(7200)
        assert due.dead()

    def drive_again() -> None:
        give_up()
        due.redrive(due.dead()[0])

    return {"an entry is given up": give_up, "and driven again": drive_again}


HERE = {**SCENES, "giving_up": Scene("giving_up", giving_up)}


ALL = bool(os.environ.get("RIPPLE_LEARN")) or counts.EFFORT.name == "long"
FIRST: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
"""Which conditions were broken first in a scene and an act; everyday they are looked for nowhere else."""

for _name, _known in KNOWN.items():
    FIRST[_known["scene"]][_known["act"]].add(_name)


def test_every_condition_refuses_by_itself() -> None:
    finder = Finder(EMULATOR)
    with pytest.MonkeyPatch.context() as patch:
        finder.learn(patch)
        for finder.scene in [name for name in HERE if ALL or name in FIRST]:
            with standing(EMULATOR, HERE[finder.scene]) as stage:
                for finder.act in [name for name in stage.acts if ALL or name in FIRST[finder.scene]]:
                    stage.reset()
                    EMULATOR.before = finder.before
                    stage.acts[finder.act]()
                    if ALL or FIRST[finder.scene][finder.act] - finder.found.keys():
                        EMULATOR.before = finder.before
                        rest(stage.town)
                    EMULATOR.before = None
    counts.add("conditions broken alone", len(finder.found))
    if os.environ.get("RIPPLE_LEARN"):
        lines = ",\n".join(f" {json.dumps(n)}: {json.dumps(finder.found[n])}" for n in sorted(finder.found))
        REFUSALS.write_text(f"{{\n{lines}\n}}\n")
    tried = Counter(Named.of(named).site for named in finder.found)
    wanted = Counter(mutant.site for mutant in conditions() if mutant.site)
    missing = [f"{site}: {tried[site]} of {number}" for site, number in wanted.items() if tried[site] < number]
    assert not missing, "\n".join(missing)
    assert sorted(finder.found) == sorted(json.loads(REFUSALS.read_text())), "refusals.json is of other code"


BY_SCENE = [name for _, name in sorted((str(known["scene"]), name) for name, known in KNOWN.items())]


@pytest.mark.parametrize("condition", BY_SCENE)
def test_a_condition_refuses(condition: str) -> None:
    known = KNOWN[condition]
    repeater = Repeater(EMULATOR, Named.of(condition), known["beside"], known["changed"])
    with standing(EMULATOR, HERE[known["scene"]]) as stage, pytest.MonkeyPatch.context() as patch:
        repeater.learn(patch)
        EMULATOR.before = repeater.before
        stage.acts[known["act"]]()
        if not repeater.tried:
            EMULATOR.before = repeater.before
            rest(stage.town)
        EMULATOR.before = None
    assert repeater.tried
