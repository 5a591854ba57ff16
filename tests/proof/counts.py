"""How far a run of the harness goes: a little for each mutant, more in `make test`, all in `make proof`."""

from __future__ import annotations

import os
from collections import Counter
from typing import NamedTuple


class Effort(NamedTuple):
    """How much is tried."""

    name: str
    preemptions: int
    beside: int
    """Preemptions of an act beside the machinery."""
    rest_every: int
    """Of how many interleavings one is also followed to its end."""
    rest_each: bool
    """Whether those are counted anew for each pair, so that each is followed at least once, and calls for each act."""
    pairs_every: int
    """Of how many pairs of acts of a scene one is played in every order; odd, so that each machinery has its turn."""
    crowds: int
    """Crowds a scene."""
    faults_every: int
    """Of how many calls one goes wrong in every way."""
    stories: int
    """Runs of each model."""
    story_steps: int
    """Steps of each at most."""


EFFORTS = {
    "brief": Effort("brief", 1, 0, 40, True, 1, 3, 3, 40, 40),
    "test": Effort("test", 1, 0, 128, False, 13, 1, 28, 8, 50),
    "long": Effort("long", 2, 1, 20, True, 1, 60, 1, 2500, 50),
}
EFFORT = EFFORTS[os.environ.get("RIPPLE_PROOF", "test")]

DONE: Counter[str] = Counter()


def add(what: str, number: int = 1) -> None:
    """Count what was tried."""
    DONE[what] += number
