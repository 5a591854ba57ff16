"""Tests of pictures draw with the real font and emoji."""

from __future__ import annotations

import pytest

from chalicelib.pictures import typeface
from tests.conftest import EMULATOR
from tests.emulator import Emulator
from tests.pictures import type as archived


@pytest.fixture
def type_there(emulator: Emulator) -> Emulator:
    """The embedded AWS with the fonts and emoji in their bucket."""
    archived.lay(emulator)
    return emulator


@pytest.fixture(scope="module")
def type_opened() -> None:
    """The font and emoji are open; whatever becomes of the bucket, this process draws with them."""
    EMULATOR.fresh()
    archived.lay(EMULATOR)
    typeface.font(16)
