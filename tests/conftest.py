"""What every test has: an environment, the embedded AWS in this process, and a clean table where it is asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.pictures.archive import KEY

os.environ.update(
    AWS_DEFAULT_REGION="us-east-1",
    AWS_ACCESS_KEY_ID="test",
    AWS_SECRET_ACCESS_KEY="test",
    RIPPLE_STAGE="test",
    RIPPLE_TABLE="ripple-test",
    RIPPLE_DUE_QUEUE_URL="http://sqs.us-east-1.amazonaws.com/000000000000/due.fifo",
    RIPPLE_SECRET_PREFIX="ripple-test/merchant/",
    RIPPLE_EXPORT_BUCKET="ripple-test-exports",
    RIPPLE_PICTURE_BUCKET="ripple-test-pictures",
    RIPPLE_PICTURE_FUNCTION="ripple-test-pictures",
    RIPPLE_TYPE_BUCKET="ripple-test-type",
    RIPPLE_TYPE_KEY=KEY,
    RIPPLE_MASTER_SECRET="ripple-test/master",
    RIPPLE_WECHAT_API_URL="http://wechat-api.test",
    RIPPLE_WECHAT_PAY_URL="http://wechat-pay.test",
    RIPPLE_PUBLIC_URL="http://127.0.0.1:9",
    RIPPLE_CACHE_SECONDS="0",
)

from chalicelib.core import chance, clock, log, secrets
from tests.emulator import Emulator, install

if TYPE_CHECKING:
    from tests.town import Town

EMULATOR = install()

START = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)
"""Where the clock stands when a test with `world` begins."""


@pytest.fixture
def emulator() -> Emulator:
    """The embedded AWS with an empty table."""
    EMULATOR.fresh()
    secrets.forget_secrets()
    return EMULATOR


@pytest.fixture
def world(emulator: Emulator) -> Iterator[Emulator]:
    """An empty table, a clock that stands at `START`, and reproducible randomness."""
    log.clear()
    with clock.fixed(START), chance.seeded(7):
        yield emulator


@pytest.fixture
def town(world: Emulator) -> Iterator[Town]:
    """A merchant, WeChat, and a clock; whatever a test does there, the invariants hold at its end."""
    from tests import invariants
    from tests.town import Town

    place = Town(world)
    yield place
    world.before = world.after = None
    invariants.check(place.items(), place.sim.world)
    place.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much the proof harness tried in this process."""
    from tests.proof import counts

    for what, number in counts.DONE.items():
        terminalreporter.write_line(f"proof: {number} {what}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands its counts to the process that sums them."""
    from tests.proof import counts

    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["proof"] = dict(counts.DONE)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Sum what the workers tried."""
    from tests.proof import counts

    counts.DONE.update(getattr(node, "workeroutput", {}).get("proof", {}))
