"""Every pair of acts of a scene, in every interleaving up to a bound of preemptions, and crowds from seeds."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator
from functools import partial

import pytest

from tests.conftest import EMULATOR
from tests.proof import counts
from tests.proof.faults import Fault, Planned
from tests.proof.plays import SCENES
from tests.proof.schedule import explore, follow, sampled
from tests.proof.stage import Scene, Stage
from tests.proof.standing import standing


@pytest.fixture(params=SCENES, scope="module")
def scene(request: pytest.FixtureRequest) -> Scene:
    """One after the other for all tests, so that each is set once."""
    return SCENES[request.param]


@pytest.fixture
def stage(scene: Scene) -> Iterator[Stage]:
    with standing(EMULATOR, scene) as stage:
        yield stage


def test_every_pair_in_every_order(stage: Stage) -> None:
    every_order(stage, itertools.combinations_with_replacement(stage.acts, 2), counts.EFFORT.preemptions)


def test_every_act_beside_the_machinery_in_every_order(stage: Stage) -> None:
    every_order(stage, itertools.product(stage.acts, stage.machinery), counts.EFFORT.beside)


def every_order(stage: Stage, pairs: Iterable[tuple[str, str]], preemptions: int) -> None:
    played = itertools.count()
    for pair in itertools.islice(pairs, 0, None, counts.EFFORT.pairs_every):
        for number, _ in enumerate(explore(partial(stage.play, pair), preemptions)):
            if (number if counts.EFFORT.rest_each else next(played)) % counts.EFFORT.rest_every == 0:
                stage.rest()
            counts.add("interleavings of two")


def test_crowds(stage: Stage) -> None:
    """Three to eight at once, with the machinery among them and reads as weak as DynamoDB permits."""
    for seed in range(counts.EFFORT.crowds):
        chosen = random.Random(seed)
        crowd = tuple(chosen.choices([*stage.acts, *stage.machinery], k=chosen.randint(3, 8)))
        stage.play(crowd, sampled(seed), weak=seed if seed % 2 else None)
        stage.rest()
        counts.add("crowds of three to eight")
        counts.add("weak reads", sum("??" in line for line in stage.trace.lines))


WAYS = ((None, None), (None, 1), (Fault.DIES_AFTER, 1))
REPEATED = [
    (name, *way)
    for n, name in enumerate(SCENES)
    for way in (WAYS if counts.EFFORT.name == "long" else (WAYS[n % len(WAYS)],))
]
"""Every scene in every way, and everyday each in one of them."""


@pytest.mark.parametrize(("scene", "fault", "weak"), REPEATED, indirect=["scene"])
def test_a_run_is_repeated_exactly_by_what_a_failure_prints(
    stage: Stage, fault: Fault | None, weak: int | None
) -> None:
    crowd = (*tuple(stage.acts)[:3], *stage.machinery)
    stage.play(crowd, sampled(1), Planned(4, fault) if fault else None, weak)
    first = told(stage)
    replay = stage.steps[0]
    exec(replay, {"stage": stage, "follow": follow, "Planned": Planned, "Fault": Fault})
    assert told(stage) == first
    assert (weak is not None) == ("weak=1" in replay)


def told(stage: Stage) -> object:
    """Everything that a run leaves: what replays it, who did what, what is stored."""
    return stage.steps, list(stage.trace.lines), stage.town.emulator.items()
