"""Each act, each of its calls, each way in which that call goes wrong: repeated, everything is as it should be."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from tests.emulator import Emulator
from tests.proof import counts
from tests.proof.faults import Planned, possible
from tests.proof.plays import SCENES
from tests.proof.stage import Stage, set_scene
from tests.town import Town


@pytest.fixture(params=SCENES)
def stage(request: pytest.FixtureRequest, world: Emulator) -> Iterator[Stage]:
    town = Town(world)
    with set_scene(town, SCENES[request.param]) as stage:
        yield stage
    town.close()


def status(result: Any) -> Any:
    """What of an answer must not depend on what went wrong before."""
    return getattr(result, "status", result)


def test_every_call_may_go_wrong_in_every_way(stage: Stage) -> None:
    called = itertools.count()
    for name in (*stage.acts, *stage.machinery):
        undisturbed = stage.alone(name).results[f"1: {name}"]
        for number, operation in list(enumerate(stage.gate.operations, 1)):
            counted = number - 1 if counts.EFFORT.rest_each else next(called)
            for fault in possible(operation) if counted % counts.EFFORT.faults_every == 0 else ():
                survives(stage, name, Planned(number, fault), undisturbed)


def survives(stage: Stage, name: str, planned: Planned, undisturbed: Any) -> None:
    stage.alone(name, planned)
    counts.add("crash points")
    if stage.known(f"{name}, again"):
        return
    again = stage.again(name)
    if isinstance(status(undisturbed), int):
        expected = {status(undisturbed)} | ({200, 201, 202, 204} if status(undisturbed) < 300 else set())
        with stage.held_to():
            assert status(again) in expected, f"repeated it was answered {again}, undisturbed {undisturbed}"
    stage.rest()
