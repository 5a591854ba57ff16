"""Stories of any length, told to the product and to a model in plain Python at the same time; they must agree."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.emulator import Emulator
from tests.proof.plays import STORIES
from tests.proof.story import CHUNKS, tell
from tests.town import Town


@pytest.fixture
def place(world: Emulator) -> Iterator[Town]:
    town = Town(world)
    yield town
    town.close()


@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.parametrize("play", STORIES)
def test_the_product_and_the_model_agree(place: Town, play: str, chunk: int) -> None:
    tell(place, STORIES[play], chunk)
