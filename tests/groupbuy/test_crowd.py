"""The busiest night, small: a thousand who join at once, and many groups that end in the same minute."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse

from chalicelib.core import clock, due
from chalicelib.core.table import DUE_SHARDS
from chalicelib.groupbuy.items import Group
from chalicelib.orders.items import Order, Payment
from chalicelib.orders.states import Disposition, OrderState
from tests import invariants
from tests.emulator import Call
from tests.groupbuy.many import many_groups
from tests.proof import counts
from tests.proof.faults import conflicted
from tests.town import Town

GROUPS = 100
SEATS = 10
LATE = 50
THREADS = 16
ENDING = {"brief": 50, "test": 200, "long": 10_000}
"""Groups that end in the same minute."""

CONFLICTS = 0.2
"""How many of all transactions run into another one; the embedded DynamoDB lets none."""


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: None)


def test_a_thousand_join_at_once_and_every_seat_is_somebodys(town: Town, hasty: None) -> None:
    campaign = town.campaign(size=SEATS + 1)
    groups = [town.opened(campaign)[1]["group_id"] for _ in range(GROUPS)]
    joiners = [(town.person(), groups[n % GROUPS]) for n in range(GROUPS * SEATS)]
    late = [(town.person(), random.Random(n).choice(groups)) for n in range(LATE)]
    chosen, attempts, lock = random.Random(7), 0, threading.Lock()

    def collide(call: Call) -> AWSResponse | None:
        nonlocal attempts
        if call.operation != "TransactWriteItems":
            return None
        with lock:
            attempts += 1
            return conflicted(call) if chosen.random() < CONFLICTS else None

    def join(who: tuple[Any, str]) -> int:
        person, group = who
        status: int = person.join(group).status
        return status

    town.emulator.before = collide
    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(join, joiners))
        refused = list(pool.map(join, late))
    town.emulator.before = None
    assert set(answers) <= {201, 202}
    assert set(refused) == {409}
    held = [(group.held, group.left) for group in town.items() if isinstance(group, Group)]
    assert held == [(SEATS, 0)] * GROUPS
    invariants.check(town.items())
    counts.add("joins at once", len(joiners))
    counts.add("transactions tried for them", attempts)


def test_groups_that_end_in_the_same_minute_are_all_decided_and_refunded(town: Town) -> None:
    number = ENDING[counts.EFFORT.name]
    many_groups(town, number)
    clock.advance(86_400)
    while due.sweep():
        for shard in range(DUE_SHARDS):
            due.work(shard)
    items = town.items()
    assert [item.state for item in items if isinstance(item, Order)] == [OrderState.REFUND] * number
    assert {item.disposition for item in items if isinstance(item, Payment)} == {Disposition.OWED}
    assert sum(isinstance(item, Group) and item.due is None for item in items) == number
