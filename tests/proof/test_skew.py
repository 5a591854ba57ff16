"""Functions whose clocks differ by five seconds keep every promise: at the edges of time, and when all is at rest."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from chalicelib.core import clock
from tests.conftest import EMULATOR
from tests.proof import counts
from tests.proof.plays import SCENES
from tests.proof.schedule import sampled
from tests.proof.skew import MOST, clocks_differ
from tests.proof.stage import Stage
from tests.proof.standing import standing

DELICATE = (
    *("pay_window_over", "last_seats", "ending", "honoured", "closing", "two_attempts", "late", "deciding"),
    *("bargain_last_help", "bargain_unpaid", "bargain_settling", "bargain_holding", "bargain_missed"),
    *("cash last_instant", "cash confirmed", "cash surely_absent", "cash given_up", "cash after_its_time"),
    *("packet_last_share", "packet_settling", "coupons_late", "code_last_instant", "rain_last_of_a_burst"),
    *("family_month_end", "family_decided_meanwhile", "topup_unpaid", "inviting_over", "rewards expiring"),
)
"""Scenes in which instants decide."""

REACHED = timedelta(minutes=100)
"""How far ahead an edge may be: people's tokens are good for two hours."""

EDGES = 2
CROWDS = {"brief": 2, "test": 2, "long": 40}[counts.EFFORT.name]


@pytest.fixture(params=DELICATE)
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    with standing(EMULATOR, SCENES[request.param]) as stage:
        yield stage


def edges(stage: Stage) -> list[datetime | None]:
    """Now, and the next instants at which something is due."""
    now = clock.now()
    ahead = {item.due for item in stage.town.items() if item.due and now < item.due < now + REACHED}
    return [None, *sorted(ahead)[:EDGES]]


def test_each_has_a_clock_of_his_own_and_wechat_has_the_true_one() -> None:
    with standing(EMULATOR, SCENES["ending"]) as stage:
        sim, told = stage.town.sim.clock, list[timedelta]()
        stage.acts = {**stage.acts, "looks": lambda: told.append(clock.now() - sim.now())}
        for seed in range(20):
            with clocks_differ(stage, random.Random(seed)):
                stage.play(("looks",), sampled(seed))
        del stage.acts["looks"]
    assert len(set(told)) > 4
    assert min(told) == -timedelta(seconds=MOST) and max(told) == timedelta(seconds=MOST)


def test_clocks_that_differ_harm_nothing(stage: Stage) -> None:
    for edge in edges(stage):
        for seed in range(CROWDS):
            drawn = random.Random(seed)
            about = edge + timedelta(seconds=drawn.uniform(-MOST, MOST)) if edge else None
            with clocks_differ(stage, drawn, about):
                everybody = [*stage.acts, *stage.machinery]
                crowd = (*drawn.sample(everybody, min(5, len(everybody))), *stage.machinery)
                stage.play(crowd, sampled(seed))
            stage.rest()
            counts.add("crowds whose clocks differ")
