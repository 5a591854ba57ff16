"""Every invariant can fail: books that keep all promises, and one thing in them that is broken by hand."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from chalicelib.campaigns.items import Snapshot, StockShard
from chalicelib.core import clock
from chalicelib.core.outbox import OutboxEntry
from chalicelib.core.table import Item
from chalicelib.groupbuy.items import Group, Limit, Seat
from chalicelib.groupbuy.states import GroupState, SeatState
from chalicelib.merchants.items import ApiKey
from chalicelib.orders.items import Order, Payment
from chalicelib.orders.states import Disposition, OrderState
from tests import invariants
from tests.invariants import ALWAYS, AT_REST, Books
from tests.town import Town

T = TypeVar("T", bound=Item)


@pytest.fixture
def books(town: Town) -> Books:
    """A group that succeeded, one that failed and is refunded, and one that is open with a held seat."""
    campaign = town.campaign(size=2, group_seconds=3600)
    _, failing = town.opened(campaign)
    clock.advance(3600)
    town.minute()
    town.stream()
    town.hear()
    assert town.refunds(failing["order_id"])
    _, winning = town.opened(campaign)
    town.joined(winning["group_id"])
    town.minute()
    _, owing = town.opened(campaign)
    clock.advance(3600)
    town.minute()
    _, running = town.opened(campaign)
    town.person().join(running["group_id"]).expect(201)
    assert any(isinstance(item, OutboxEntry) for item in town.items()), owing
    return Books(town.items(), copy.deepcopy(town.sim.world))


def the(books: Books, kind: type[T], **wanted: Any) -> T:
    """The first item of a kind that is as described."""
    return next(
        item
        for item in books.items
        if isinstance(item, kind) and all(getattr(item, name) == value for name, value in wanted.items())
    )


def drop(books: Books, kind: type[Item]) -> None:
    books.items[:] = [item for item in books.items if not isinstance(item, kind)]


def change(kind: type[Item], values: dict[str, Any], **wanted: Any) -> Callable[[Books], None]:
    def act(books: Books) -> None:
        item = the(books, kind, **wanted)
        for name, value in values.items():
            setattr(item, name, value)

    return act


BREAKS: dict[str, Callable[[Books], None]] = {
    "seats_add_up": change(Group, {"left": 1}, status=GroupState.SUCCEEDED),
    "seats_are_counted": change(Seat, {"state": SeatState.RELEASED}, state=SeatState.HELD),
    "success_is_earned": change(Group, {"status": GroupState.SUCCEEDED}, status=GroupState.FAILED),
    "outcomes_wait": change(Group, {"held": 1}, status=GroupState.FAILED),
    "nothing_is_forgotten": change(Order, {"gsi2pk": None, "gsi2sk": None}, state=OrderState.HELD),
    "open_groups_are_listed": change(Group, {"gsi1pk": None}, status=GroupState.OPEN),
    "seats_and_orders_agree": change(Order, {"state": OrderState.PAID}, state=OrderState.HELD),
    "stock_is_there": change(StockShard, {"left": -1}),
    "stock_is_owned": change(StockShard, {"taken": 100}),
    "limits_are_counted": change(Limit, {"parts": 7}),
    "debts_are_driven": lambda books: drop(books, OutboxEntry),
    "money_pays_for_something": change(Payment, {"disposition": Disposition.OWED}, disposition=Disposition.LIVE),
    "outcomes_are_kept": change(Seat, {"state": SeatState.LOST}, state=SeatState.WON),
    "somebody_owns_it": change(ApiKey, {"revoked_at": clock.parse("2026-11-11T12:00:00.000Z")}),
    "publications_are_whole": lambda books: drop(books, Snapshot),
    "everything_ends": lambda books: None,
    "debts_are_paid": lambda books: None,
    "nothing_is_dead": change(OutboxEntry, {"gsi2pk": "DEAD#01"}),
    "wechat_agrees": lambda books: drop(books, Payment),
}
"""How each promise is broken; nothing need be done where the books are not at rest."""


def test_the_books_keep_what_always_holds(books: Books) -> None:
    invariants.check(books.items)


def test_every_promise_is_broken_by_something() -> None:
    assert set(BREAKS) == set(ALWAYS) | set(AT_REST)


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_promise_is_seen(books: Books, name: str) -> None:
    promise = {**ALWAYS, **AT_REST}[name]
    broken = copy.deepcopy(books.items)
    start = Books(broken, books.wechat)
    BREAKS[name](start)
    assert list(promise.look(Books(start.items, books.wechat)))
    with pytest.raises(AssertionError, match=f"broken: {name}: "):
        invariants.at_rest(start.items, books.wechat)


def test_a_promise_that_is_tried_alone_is_the_only_one(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Books(copy.deepcopy(books.items))
    BREAKS["seats_add_up"](broken)
    monkeypatch.setattr(invariants, "ONLY", "open_groups_are_listed")
    invariants.check(broken.items)
    monkeypatch.setattr(invariants, "ONLY", "seats_add_up")
    with pytest.raises(invariants.BrokenPromise, match="broken: seats_add_up: "):
        invariants.check(broken.items)
