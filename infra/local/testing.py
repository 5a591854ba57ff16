"""A pytest plugin: one deployed stack for a whole test run, shared by all its processes.

The first test that asks for ``stack`` starts it; the process that began the run ends it. Roles are enforced.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from infra.local import stack as stacks
from infra.local.endpoint import Endpoint, load
from infra.lock import locked

HOME_VARIABLE = "RIPPLE_TEST_HOME"
PARAMETERS = {
    "CacheSeconds": "0",
    **{f"{kind}Throttle{limit}": "10000" for kind in ("", "Login", "Admin") for limit in ("Rate", "Burst")},
}


def pytest_configure(config: pytest.Config) -> None:
    """Choose the run's home before workers are started; they inherit it."""
    if not hasattr(config, "workerinput"):
        os.environ[HOME_VARIABLE] = tempfile.mkdtemp(prefix="ripple-test-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what the run has started."""
    if not hasattr(config, "workerinput"):
        home = Path(os.environ.pop(HOME_VARIABLE))
        stacks.stop(home)
        shutil.rmtree(home)


@pytest.fixture(scope="session")
def stack() -> Endpoint:
    """The deployed stack of this test run."""
    home = Path(os.environ[HOME_VARIABLE])
    with locked(home / "lock"):
        return (
            load(home).endpoint or stacks.Stack(home, stage="test", parameters=PARAMETERS, enforce_roles=True).start()
        )
