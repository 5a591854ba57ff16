"""What `make up` shows works on the deployed stack."""

from __future__ import annotations

import pytest

from infra.local.endpoint import ROOT, Endpoint
from infra.local.seed import Seeded
from infra.local.walk import walk


def test_the_walk_ends_well(stack: Endpoint, seeded: Seeded, capsys: pytest.CaptureFixture[str]) -> None:
    group = walk(stack, seeded)
    told = capsys.readouterr().out
    assert (group["paid"], group["status"]) == (3, "succeeded")
    assert "(WeChat has accepted it)" in told
    assert "(WeChat says that it is back)" in told
    assert '"differences": 0' in told
    assert '"price_fen": 8400' in told and '"price_fen": 6900' in told
    assert '"state": "checking"' in told and '"code": "reciprocal"' in told
    assert '"decision": "approved"' in told and "(hers costs 84.00 元 now)" in told
    assert '"invited": 1, "me": true}' in told and '"mine": 1' in told
    tour = (ROOT / "README.md").read_text().split("## The walk\n")[1].split("```")[1]
    assert [line for line in tour.splitlines() if line and line[0] != " " and line not in told.splitlines()] == []
    assert told.rstrip().endswith("3 of 3 paid: succeeded")
