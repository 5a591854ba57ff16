"""Coming back is noted once in a user's life, by his first visit three hours or more after he registered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.accounts.items import User
from chalicelib.accounts.visits import APART
from chalicelib.core import clock
from infra.local.client import Api, Person
from tests.emulator import Call
from tests.town import Town, send

HOURS = 3600


def refreshes(person: Person) -> None:
    answer = Api(send).call("POST", "/v1/tokens/refresh", {"refresh_token": person.refresh_token}).expect(200)
    person.refresh_token = answer["refresh_token"]


def returned(town: Town) -> datetime | None:
    (user,) = [item for item in town.items() if isinstance(item, User)]
    return user.came_back_at


@pytest.mark.parametrize("visits", [Person.come_back, refreshes])
def test_who_comes_hours_later_has_come_back(town: Town, visits: Callable[[Person], None]) -> None:
    ann = town.person("ann")
    clock.advance(APART.total_seconds() - 1)
    visits(ann)
    assert returned(town) is None
    clock.advance(1)
    visits(ann)
    assert returned(town) == clock.now()


@pytest.mark.parametrize("visits", [Person.come_back, refreshes])
def test_it_is_one_write_in_a_life(town: Town, visits: Callable[[Person], None]) -> None:
    ann = town.person("ann")
    written, seen = [], []
    for _ in range(4):
        with town.emulator.counting() as calls:
            visits(ann)
        written.append(sum(call.operation in ("UpdateItem", "TransactWriteItems") for call in calls))
        seen.append(returned(town))
        clock.advance(4 * HOURS)
    assert written == [1, 2, 1, 1]
    assert seen[1] == seen[2] == seen[3]


def test_a_visit_does_not_fail_where_it_cannot_be_noted(town: Town) -> None:
    ann = town.person("ann")
    clock.advance(4 * HOURS)

    def broken(call: Call) -> Exception | None:
        return EndpointConnectionError(endpoint_url="x") if b"came_back_at" in call.body else None

    town.emulator.before = broken
    ann.come_back()
    town.emulator.before = None
    assert returned(town) is None
    ann.come_back()
    assert returned(town) == clock.now()
