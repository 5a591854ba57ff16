from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.emulator import Emulator


@pytest.fixture
def whole_way(emulator: Emulator) -> Iterator[None]:
    """Every request goes botocore's whole way and is signed."""
    emulator.signs = True
    yield
    emulator.signs = False
