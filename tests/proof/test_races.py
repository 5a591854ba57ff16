"""Every pair of acts of a scene, in every interleaving up to a bound of preemptions, and crowds from seeds."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from functools import partial

import pytest

from tests.emulator import Emulator
from tests.proof import counts
from tests.proof.plays import SCENES
from tests.proof.schedule import explore, follow, sampled
from tests.proof.stage import Stage, set_scene
from tests.town import Town


@pytest.fixture(params=SCENES)
def stage(request: pytest.FixtureRequest, world: Emulator) -> Iterator[Stage]:
    town = Town(world)
    with set_scene(town, SCENES[request.param]) as stage:
        yield stage
    town.close()


def test_every_pair_in_every_order(stage: Stage) -> None:
    for pair in itertools.combinations_with_replacement(stage.acts, 2):
        for number, run in enumerate(explore(partial(stage.play, pair), counts.EFFORT.preemptions)):
            if number % counts.EFFORT.rest_every == 0:
                stage.rest(run)
            counts.add("interleavings of two")


def test_crowds(stage: Stage) -> None:
    """Three to eight at once, with the machinery among them and reads as weak as DynamoDB permits."""
    for seed in range(counts.EFFORT.crowds):
        chosen = random.Random(seed)
        crowd = tuple(chosen.choices([*stage.acts, *stage.machinery], k=chosen.randint(3, 8)))
        stage.gate.unsteady = random.Random(seed) if seed % 2 else None
        run = stage.play(crowd, sampled(seed))
        stage.rest(run)
        counts.add("crowds of three to eight")
        counts.add("weak reads", sum("??" in line for line in stage.trace.lines))


def test_a_run_is_repeated_exactly_by_its_choices(stage: Stage) -> None:
    crowd = tuple(stage.acts)[:4]
    first = stage.play(crowd, sampled(1))
    lines = list(stage.trace.lines)
    again = stage.play(crowd, follow(first.taken))
    assert (again.taken, stage.trace.lines) == (first.taken, lines)
