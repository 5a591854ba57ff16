"""Tests of pictures draw with the real font and emoji."""

from __future__ import annotations

import pytest

from tests.emulator import Emulator
from tests.pictures import type as archived


@pytest.fixture
def type_there(emulator: Emulator) -> Emulator:
    """The embedded AWS with the fonts and emoji in their bucket."""
    archived.lay(emulator)
    return emulator
