"""Acts, faults and races as ever, where with RIPPLE_ONLY_INVARIANT nothing counts but that one promise.

`python -m tests.proof.mutants` asks this of every promise, in code that breaks it: it must be noticed by itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from functools import partial

import pytest

from tests.emulator import Emulator
from tests.invariants import ONLY
from tests.proof import counts
from tests.proof.faults import Planned, possible
from tests.proof.plays import SCENES
from tests.proof.schedule import explore
from tests.proof.stage import Act, Scene, Stage, set_scene
from tests.town import Town

REST_EVERY = 40


@pytest.fixture(params=SCENES)
def stage(request: pytest.FixtureRequest, world: Emulator) -> Iterator[Stage]:
    town = Town(world)
    with set_scene(town, Scene(request.param, partial(built, name=request.param))) as stage:
        yield stage
    town.close()


def built(town: Town, name: str) -> Mapping[str, Act]:
    """The scene's acts; none where the broken code cannot even set it."""
    try:
        return SCENES[name].build(town)
    except Exception:
        if ONLY is None:
            raise
        return {}


def test_undisturbed(stage: Stage) -> None:
    for name in (*stage.acts, *stage.machinery):
        stage.alone(name)
        stage.rest()


def test_in_pairs(stage: Stage) -> None:
    for pair in itertools.combinations_with_replacement(stage.acts, 2):
        for number, _ in enumerate(explore(partial(stage.play, pair), 1)):
            if number % REST_EVERY == 0:
                stage.rest()


def test_with_faults(stage: Stage) -> None:
    for name in (*stage.acts, *stage.machinery):
        stage.alone(name)
        for number, operation in list(enumerate(stage.gate.operations, 1))[:: counts.EFFORT.faults_every]:
            for fault in possible(operation):
                stage.alone(name, Planned(number, fault))
                if not stage.known(f"{name}, again"):
                    stage.again(name)
                    stage.rest()
