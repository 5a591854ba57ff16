"""A town to group-buy in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import invariants
from tests.emulator import Emulator
from tests.town import Town


@pytest.fixture
def town(world: Emulator) -> Iterator[Town]:
    """A merchant, WeChat, and a clock; whatever a test does there, the invariants hold at its end."""
    place = Town(world)
    yield place
    world.before = world.after = None
    invariants.check(place.items())
    place.close()
