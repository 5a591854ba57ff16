"""A run is the same in every process: what a failure prints on one machine repeats it on another."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.proof.mutant import ROOT

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
