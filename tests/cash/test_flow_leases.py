"""A morning belongs to one worker: another who comes late with what he took moves no day and no due time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.cash import flow
from chalicelib.core import clock
from chalicelib.core.transaction import Lost
from chalicelib.merchants.service import bill_due_at
from tests.cash import books_shop as books
from tests.orders.mornings import morning, today
from tests.town import Town


def test_a_worker_whose_lease_is_over_moves_no_day(town: Town) -> None:
    books.opened(town)
    stale = books.setup(town)
    morning(town)
    before = books.setup(town)
    with pytest.raises(Lost, match=r"item\.leased"):
        flow.setup_due(stale)
    assert (books.setup(town).flow_day, books.setup(town).due) == (before.flow_day, before.due)


def test_who_comes_too_early_and_late_moves_no_due_time(town: Town) -> None:
    books.opened(town)
    stale = books.setup(town)
    sooner = clock.now() + timedelta(hours=1)
    town.emulator.make_due(stale.key, sooner)
    with pytest.raises(Lost, match=r"item\.leased"):
        flow.setup_due(stale)
    assert books.setup(town).due == sooner


def test_a_worker_whose_lease_is_over_ends_no_day_that_was_asked_for(town: Town) -> None:
    books.opened(town)
    day = today()
    town.admin.post("/v1/admin/cash/days", {"day": day.isoformat()})
    (stale,) = books.rows(town)
    later = clock.now() + timedelta(hours=1)
    town.emulator.make_due(stale.key, later)
    with pytest.raises(Lost, match=r"item\.leased"):
        flow.day_due(stale)
    town.act("/_sim/bill/publish", mchid=town.merchant.mchid, date=day.isoformat())
    with pytest.raises(Lost, match=r"item\.leased"):
        flow.day_due(stale)
    assert [row.due for row in books.rows(town)] == [later]
    assert later < bill_due_at(day)
