"""Clients wired to a WeChat in this process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib.core import chance, clock
from chalicelib.wechat import http, token
from infra.local.wechat_sim.in_process import InProcess
from tests.conftest import START
from tests.wechat.scene import Scene, enter, new_simulator


@pytest.fixture
def scene() -> Iterator[Scene]:
    """A registered merchant, a buyer, a stopped clock."""
    with clock.fixed(START), chance.seeded(7):
        sim = new_simulator()
        token.forget()
        with http.use_transport(InProcess(sim)):
            yield enter(sim)
