"""What `make up` shows works on the deployed stack."""

from __future__ import annotations

import pytest

from infra.local.endpoint import Endpoint
from infra.local.seed import Seeded
from infra.local.walk import walk


def test_the_walk_ends_well(stack: Endpoint, seeded: Seeded, capsys: pytest.CaptureFixture[str]) -> None:
    group = walk(stack, seeded)
    told = capsys.readouterr().out
    assert (group["paid"], group["status"]) == (3, "succeeded")
    assert "(WeChat has accepted it)" in told
    assert "(WeChat says that it is back)" in told
    assert '"differences": 0' in told
    assert told.rstrip().endswith("3 of 3 paid: succeeded")
