"""A run is the same in every process, and what it leaves says all of what follows.

What a failure prints on one machine repeats it on another, and what was once followed to its end need not be again.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.emulator import Emulator
from tests.proof import counts
from tests.proof.faults import Planned, possible
from tests.proof.mutant import ROOT
from tests.proof.plays import SCENES
from tests.proof.stage import Stage, set_scene
from tests.proof.test_crashes import status
from tests.snapshot import state
from tests.town import Town

STORY = """
import tests.conftest as here
from chalicelib.core import chance, clock
from tests.proof.plays import SCENES
from tests.proof.schedule import sampled
from tests.proof.stage import set_scene
from tests.town import Town

here.EMULATOR.fresh()
with clock.fixed(here.START), chance.seeded(7):
    town = Town(here.EMULATOR)
    with set_scene(town, SCENES[{scene!r}]) as stage:
        stage.play(tuple([*stage.acts, *stage.machinery][:6]), sampled(3), weak=3)
        stage.rest()
        trace = stage.trace.text()
    keys = sorted(f"{{item.pk}} {{item.sk}}" for item in town.items())
    town.close()
print("TOLD", trace, *keys, sep="\\n")
"""


def told(scene: str, hash_seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", STORY.format(scene=scene)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\nTOLD\n")[1]


@pytest.mark.parametrize("scene", ["seats", "alone"])
def test_two_processes_tell_the_same_story(scene: str) -> None:
    assert told(scene, "1") == told(scene, "2")


LONG = counts.EFFORT.name == "long"


@pytest.fixture(params=SCENES if LONG else ["pay_window_over", "sending"])
def stage(request: pytest.FixtureRequest, world: Emulator) -> Iterator[Stage]:
    town = Town(world)
    with set_scene(town, SCENES[request.param]) as stage:
        yield stage
    town.close()


def test_what_was_left_the_same_ends_the_same(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "known", lambda follows: False)
    ends: dict[tuple[bytes, str], list[tuple[object, bytes]]] = {}
    for name in (*stage.acts, *stage.machinery):
        stage.alone(name)
        for number, operation in list(enumerate(stage.gate.operations, 1))[:: 1 if LONG else 6]:
            for fault in possible(operation):
                stage.alone(name, Planned(number, fault))
                left = state(stage.town), name
                answer = status(stage.again(name))
                stage.rest()
                ends.setdefault(left, []).append((answer, state(stage.town)))
    assert max(map(len, ends.values())) > 1
    assert {left: len(set(end)) for left, end in ends.items()} == dict.fromkeys(ends, 1)
