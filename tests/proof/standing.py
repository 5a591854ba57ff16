"""A scene that stays set from one test to the next: to set it anew takes longer than most of what is tried in it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest

from chalicelib.core import chance, clock, log, secrets
from chalicelib.wechat.http import use_transport
from tests.conftest import START
from tests.emulator import Emulator
from tests.proof.stage import Scene, Stage, set_scene
from tests.town import Town


class Standing(NamedTuple):
    """What was set last in this process."""

    stage: Stage
    emptied: int
    """How often the emulator had been emptied by then: since then, what was set is gone."""


_last: Standing | None = None


@contextmanager
def standing(emulator: Emulator, scene: Scene) -> Iterator[Stage]:
    """The scene's stage as it is when it has just been set, the same in every test and whatever was set before."""
    global _last
    log.clear()
    stands = _last is not None and _last.stage.scene is scene and _last.emptied == emulator.emptied
    if not stands:
        emulator.fresh()
        secrets.forget_secrets()
    emulator.before = emulator.after = emulator.turn = None
    with clock.fixed(START), chance.seeded(7), pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "sleep", lambda seconds: None)
        if _last is None or not stands:
            _last = Standing(_set_anew(emulator, scene), emulator.emptied)
        stage = _last.stage
        with use_transport(stage.town.transport):
            stage.reset()
            yield stage


def _set_anew(emulator: Emulator, scene: Scene) -> Stage:
    town = Town(emulator)
    with set_scene(town, scene) as stage:
        town.close()
    return stage
