"""A bill that is wrong on purpose: each way in which it can differ is found, told once, listed and counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.cash import comparing, items
from chalicelib.cash.numbers import number, parse
from chalicelib.core import clock
from chalicelib.rewards.states import CashState
from infra.local.client import Person
from tests.cash import books_shop as books
from tests.cash import shop
from tests.orders.mornings import morning, stuck, today
from tests.orders.test_desk import act
from tests.town import Town

FOREIGN = "OLDSHOP17"


@pytest.fixture
def campaign(town: Town) -> str:
    return books.opened(town)


def rows(town: Town) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = town.admin.get("/v1/admin/stuck")["stuck"]
    return found


def undone(town: Town, campaign: str, person: Person) -> str:
    """Somebody asked and took it back; WeChat's number of that."""
    books.asked(town, campaign, person)
    shop.cancel(town, person)
    shop.wait_until(town, person, "claimable")
    return shop.number_of(person)


def extra(town: Town, name: str, fen: int = 300) -> None:
    books.differ(town, kind="extra", out_bill_no=name, fen=fen, date=today().isoformat())


def test_a_payment_that_the_bill_lacks_is_told_once_and_as_often_as_it_is_compared(town: Town, campaign: str) -> None:
    ann, day = town.person("ann"), today()
    name = books.paid(town, campaign, ann)
    books.differ(town, kind="missing", out_bill_no=name)
    morning(town)
    (row,) = rows(town)
    assert (row["reason"], row["number"], row["retryable"]) == ("flow_lacks_transfer", name, False)
    assert row["order_id"] is None
    facts = {"day": day.isoformat(), "user_id": ann.uid, "amount_fen": 100, "booked_fen": 0}
    assert {**facts, "transaction": row["facts"]["transaction"]} == row["facts"]
    assert row["facts"]["transaction"]
    assert books.compare(town, day) == 1
    assert rows(town) == [row]
    assert act(town, row, "retry").body["code"] == "stuck_not_retryable"
    assert act(town, row, "resolve", {"note": "looked at"}).status == 204
    assert (rows(town), [one["differences"] for one in books.days(town)]) == ([], [1])


def test_a_bill_that_is_mended_differs_no_more_and_one_that_is_spoilt_later_does(town: Town, campaign: str) -> None:
    ann, day = town.person("ann"), today()
    name = books.paid(town, campaign, ann)
    morning(town)
    assert books.booked(town, ann) == {day.isoformat(): -100}
    books.differ(town, kind="missing", out_bill_no=name)
    assert books.compare(town, day) == 1
    assert (books.booked(town, ann), stuck(town)) == ({}, [("flow_lacks_transfer", name)])
    town.control("DELETE", "/_sim/bill/differences", {}, None).expect(200)
    assert books.compare(town, day) == 0
    assert books.booked(town, ann) == {day.isoformat(): -100}


def test_another_amount_is_told_once_however_many_lines_have_it(town: Town, campaign: str) -> None:
    paid, back = books.paid(town, campaign, town.person("ann")), undone(town, campaign, town.person("ben"))
    for name in (paid, back):
        books.differ(town, kind="amount", out_bill_no=name, fen=7)
    morning(town)
    assert set(stuck(town)) == {("flow_differs", paid), ("flow_differs", back)}
    assert {(row["facts"]["bill_fen"], row["facts"]["amount_fen"]) for row in rows(town)} == {(7, 100)}
    morning(town)
    assert [one["differences"] for one in books.days(town)] == [0, 2]


def test_a_payment_that_left_twice_differs(town: Town, campaign: str) -> None:
    name = books.paid(town, campaign, town.person("ann"))
    left = next(one for one in books.movements(town) if one.out_bill_no == name)
    books.movements(town).append(left)
    morning(town)
    (row,) = rows(town)
    assert (row["reason"], row["number"], row["facts"]["booked_fen"]) == ("flow_differs", name, -200)


def test_money_that_never_came_back_is_missed_the_day_after(town: Town, campaign: str) -> None:
    name = undone(town, campaign, town.person("ann"))
    books.movements(town)[:] = [one for one in books.movements(town) if one.kind != "商家转账退回"]
    morning(town)
    assert stuck(town) == []
    morning(town)
    (row,) = rows(town)
    assert (row["reason"], row["number"]) == ("flow_lacks_return", name)
    assert (row["facts"]["amount_fen"], row["facts"]["booked_fen"]) == (100, -100)
    assert [one["differences"] for one in books.days(town)] == [1, 0]


def test_money_that_came_back_and_never_left_differs(town: Town, campaign: str) -> None:
    name = undone(town, campaign, town.person("ann"))
    books.movements(town)[:] = [one for one in books.movements(town) if one.kind != "商家转账"]
    morning(town, days=2)
    assert stuck(town) == [("flow_differs", name)]


def test_money_that_came_back_a_day_late_is_back_in_time(town: Town, campaign: str) -> None:
    undone(town, campaign, town.person("ann"))
    late = [
        replace(one, at=one.at + timedelta(days=1)) if one.kind == "商家转账退回" else one
        for one in books.movements(town)
    ]
    books.movements(town)[:] = late
    morning(town, days=2)
    assert stuck(town) == []


def test_a_transfer_that_is_not_ours_is_found_by_its_number(town: Town, campaign: str) -> None:
    extra(town, FOREIGN)
    morning(town)
    (row,) = rows(town)
    assert (row["reason"], row["number"]) == ("flow_unknown", FOREIGN)
    assert (row["facts"]["bill_fen"], "user_id" in row["facts"]) == (300, False)
    (day,) = books.days(town)
    assert (day["transfers"], day["transferred_fen"], day["other_went_fen"]) == (1, 300, 0)


def test_a_transfer_without_a_number_is_found_by_wechats(town: Town, campaign: str) -> None:
    name = books.paid(town, campaign, town.person("ann"))
    moved = books.movements(town)
    moved[:] = [replace(one, out_bill_no="") if one.out_bill_no == name else one for one in moved]
    wechats = moved[-1].transfer_bill_no
    morning(town)
    assert set(stuck(town)) == {("flow_unknown", wechats), ("flow_lacks_transfer", name)}
    moved[:] = [replace(one, transfer_bill_no="") if one.transfer_bill_no == wechats else one for one in moved]
    assert books.compare(town, today() - timedelta(days=1)) == 2
    assert ("flow_unknown", clock.iso(moved[-1].at)) in stuck(town)


def test_cash_that_nobody_has_is_unknown(town: Town, campaign: str) -> None:
    ann = town.person("ann")
    extra(town, number(ann.uid, "7Z7Z7Z7Z", 1), 100)
    morning(town)
    (row,) = rows(town)
    assert (row["reason"], row["facts"]["user_id"], row["facts"]["cash_id"]) == ("flow_unknown", ann.uid, "7Z7Z7Z7Z")
    assert books.booked(town, ann) == {}


@pytest.mark.parametrize("n", [1, 2])
def test_an_attempt_that_was_never_made_is_unknown(town: Town, campaign: str, n: int) -> None:
    """It would be money for cash that can be asked for as well, or that is being asked for."""
    ann = town.person("ann")
    if n == 1:
        shop.given(town, campaign, ann)
    else:
        books.asked(town, campaign, ann)
    extra(town, shop.number_of(ann, n=n), 100)
    morning(town)
    assert stuck(town) == [("flow_unknown", shop.number_of(ann, n=n))]


def test_what_is_on_its_way_is_kept_and_not_missed(town: Town, campaign: str) -> None:
    ann, day = town.person("ann"), today()
    books.asked(town, campaign, ann)
    clock.advance(books.seconds_until(10, 20))
    town.minute()
    assert shop.cash(town, ann).state is CashState.WAITING
    assert books.booked(town, ann) == {day.isoformat(): -100}
    (row,) = shop.ended(town, ann)
    assert (row.number, row.amount, row.cid) == (shop.number_of(ann), 100, campaign)
    assert row.state is None
    shop.confirm(town, shop.tap(town, ann), ann)
    (row,) = shop.ended(town, ann)
    assert (row.state, row.booked) == ("SUCCESS", {day.isoformat(): -100})
    morning(town)
    assert [one["differences"] for one in books.days(town)] == [0, 0]


def test_other_business_is_summed_and_no_difference(town: Town, campaign: str) -> None:
    for fen in (5_000, -2_000):
        shop.fill(town, fen)
    morning(town)
    (day,) = books.days(town)
    assert (day["other_came_fen"], day["other_went_fen"], day["transfers"], day["returns"]) == (105_000, 2_000, 0, 0)
    assert stuck(town) == []


def test_half_of_an_end_that_is_just_written_is_no_unknown_transfer(town: Town, campaign: str) -> None:
    """The batch that reads it shows the cash as it is after the end, and the row of the attempt as it was before."""
    ann = town.person("ann")
    name = undone(town, campaign, ann)
    (ended,) = shop.ended(town, ann)
    cash = shop.cash(town, ann)
    attempt = parse(name)
    assert attempt is not None
    assert comparing._offered(cash, None, attempt)
    town.emulator.forget(ended.key)
    assert not comparing._offered(cash, None, attempt)
    town.emulator.restore(ended)


def test_all_that_ended_is_looked_at_however_many_pages_it_has(
    town: Town, campaign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "PAGE", 1)
    monkeypatch.setattr(comparing, "DAY_SHARDS", 1)
    monkeypatch.setattr(items, "DAY_SHARDS", 1)
    names = {books.paid(town, campaign, town.person(f"paid-{n}")) for n in range(3)}
    books.movements(town)[:] = [one for one in books.movements(town) if not one.out_bill_no]
    morning(town)
    assert set(stuck(town)) == {("flow_lacks_transfer", name) for name in names}
