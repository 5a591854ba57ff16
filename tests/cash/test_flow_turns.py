"""A day of the operations account is compared when somebody asks, and in turns where it is long."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chalicelib.cash import comparing
from chalicelib.core import clock
from chalicelib.core.transaction import Lost
from chalicelib.merchants.service import bill_due_at
from infra.local.client import Api
from tests.cash import books_shop as books
from tests.cash import shop
from tests.orders.mornings import morning, stuck, today
from tests.town import Town, send


def ask(town: Town, day: date, key: str | None = None) -> int:
    return town.admin.call("POST", "/v1/admin/cash/days", {"day": day.isoformat()}, key=key).status


@pytest.fixture
def paid(town: Town) -> list[str]:
    """Five who were paid, by their numbers."""
    campaign = books.opened(town)
    return [books.paid(town, campaign, town.person(f"paid-{n}")) for n in range(5)]


def in_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every turn has time for one round of two."""
    monkeypatch.setattr(comparing, "AT_ONCE", 2)
    monkeypatch.setattr(comparing, "PAGE", 1)
    monkeypatch.setattr(clock, "for_seconds", lambda seconds: lambda: False)


def test_a_day_is_compared_again_when_somebody_asks(town: Town, paid: list[str]) -> None:
    morning(town)
    day = today() - timedelta(days=1)
    books.differ(town, kind="missing", out_bill_no=paid[0])
    assert [ask(town, day, "once-more-please") for _ in range(2)] == [202, 202]
    town.minute()
    assert [row["differences"] for row in books.days(town)] == [1]
    assert [row.due for row in books.rows(town)] == [None]
    audited = [entry["subject"] for entry in town.admin.get("/v1/admin/audit")["entries"]]
    assert audited.count(day.isoformat()) == 1


def test_a_day_that_has_no_bill_yet_is_compared_when_it_has(town: Town, paid: list[str]) -> None:
    assert ask(town, today()) == 202
    town.minute()
    (row,) = books.days(town)
    assert (row["compared_at"], row["transfers"], row["differences"]) == (None, 0, 0)
    assert [row.due for row in books.rows(town)] == [bill_due_at(today())]
    morning(town)
    (row,) = books.days(town)
    assert (row["transfers"], row["differences"]) == (5, 0)
    assert row["compared_at"] is not None


def test_a_bill_that_is_published_early_is_compared_early(town: Town, paid: list[str]) -> None:
    town.act("/_sim/bill/publish", mchid=town.merchant.mchid, date=today().isoformat())
    ask(town, today())
    town.minute()
    assert [(row["transfers"], row["differences"]) for row in books.days(town)] == [(5, 0)]


def test_a_day_waits_for_those_before_it(town: Town) -> None:
    """What left yesterday and was confirmed today is in yesterday's bill: without that it would seem to be missing."""
    campaign, ann = books.opened(town), town.person("ann")
    tapped = books.asked(town, campaign, ann)
    clock.advance(books.seconds_until(0, 5))
    shop.confirm(town, tapped, ann)
    town.act("/_sim/bill/publish", mchid=town.merchant.mchid, date=today().isoformat())
    ask(town, today())
    town.minute()
    assert [row["compared_at"] for row in books.days(town)] == [None]
    morning(town, days=0)
    assert [row["compared_at"] is None for row in books.days(town)] == [True, False]
    morning(town)
    assert [(row["transfers"], row["differences"]) for row in books.days(town)] == [(0, 0), (1, 0)]
    assert stuck(town) == []


def test_a_day_whose_days_before_cannot_be_compared_backs_off(town: Town, paid: list[str]) -> None:
    day = today() + timedelta(days=1)
    clock.advance(3 * shop.DAY)
    ask(town, day)
    town.act("/_sim/faults", endpoint="fund_bill", kind="unreachable", count=3)
    town.minute()
    (row,) = books.rows(town)
    assert row.waits == 1
    assert not (row.fails or row.compared_at)
    town.pass_time(1800)
    assert {one["day"]: one["compared_at"] is not None for one in books.days(town)}[day.isoformat()]


@pytest.mark.parametrize("ago", [-1, 91])
def test_a_day_without_a_bill_is_refused(town: Town, paid: list[str], ago: int) -> None:
    wanted = {"day": (today() - timedelta(days=ago)).isoformat()}
    answer = town.admin.call("POST", "/v1/admin/cash/days", wanted)
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/day")


def test_who_pays_no_cash_has_no_days(town: Town) -> None:
    assert ask(town, today()) == 404
    assert books.days(town) == []


def test_another_merchants_days_are_his(town: Town, paid: list[str]) -> None:
    morning(town)
    other = Api(send, town.second().api_key)
    assert other.get("/v1/admin/cash/days") == {"days": [], "cursor": None}


def test_days_come_in_pages(town: Town) -> None:
    books.opened(town)
    morning(town, days=3)
    first = town.admin.get("/v1/admin/cash/days?limit=2")
    rest = town.admin.get(f"/v1/admin/cash/days?limit=2&cursor={first['cursor']}")
    assert [day["day"] for day in (*first["days"], *rest["days"])] == ["2026-11-13", "2026-11-12", "2026-11-11"]
    assert rest["cursor"] is None


def test_a_day_that_takes_long_is_compared_in_turns(
    town: Town, paid: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (paid[0], paid[4]):
        books.differ(town, kind="amount", out_bill_no=number, fen=7)
    in_turns(monkeypatch)
    mid, day = shop.mid_of(town), today()
    clock.advance(shop.DAY)
    turns = [comparing.compare(mid, day) for _ in range(2)]
    assert (turns, [row.done for row in books.rows(town)]) == ([None, None], [4])
    assert books.days(town)[0]["compared_at"] is None
    assert books.setup(town).seen_fen is None
    assert [comparing.compare(mid, day) for _ in range(4)] == [None, None, None, 2]
    assert not any(row.done or row.digest for row in books.rows(town))
    assert books.setup(town).seen_fen == 99_500
    assert {reason for reason, _ in stuck(town)} == {"flow_differs"}


def test_the_morning_goes_on_until_the_day_is_through(
    town: Town, paid: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_turns(monkeypatch)
    morning(town)
    for _ in range(6):
        town.minute()
    (row,) = books.days(town)
    assert (row["transfers"], row["differences"]) == (5, 0)
    assert row["compared_at"] is not None
    assert books.setup(town).flow_day == today().isoformat()


def test_a_day_that_was_asked_for_goes_on_until_it_is_through(
    town: Town, paid: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    town.act("/_sim/bill/publish", mchid=town.merchant.mchid, date=today().isoformat())
    in_turns(monkeypatch)
    ask(town, today())
    for _ in range(6):
        town.minute()
    assert [row["compared_at"] is None for row in books.days(town)] == [False]


def test_a_bill_that_changed_is_compared_from_its_beginning(
    town: Town, paid: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_turns(monkeypatch)
    mid, day = shop.mid_of(town), today()
    clock.advance(shop.DAY)
    assert comparing.compare(mid, day) is None
    books.differ(town, kind="amount", out_bill_no=paid[0], fen=7)
    monkeypatch.setattr(clock, "for_seconds", lambda seconds: lambda: True)
    assert comparing.compare(mid, day) == 1


def test_a_day_compared_again_writes_nothing_of_its_transfers(town: Town, paid: list[str]) -> None:
    morning(town)
    with town.emulator.counting() as calls:
        assert books.compare(town, today() - timedelta(days=1)) == 0
    written = [call.operation for call in calls if call.operation in ("UpdateItem", "TransactWriteItems")]
    assert written == ["UpdateItem", "UpdateItem"]


@pytest.mark.parametrize("before", [None, {"2026-11-09": 0}])
def test_two_who_compare_at_once_lose_nothing_of_what_the_other_kept(
    town: Town, paid: list[str], before: dict[str, int] | None
) -> None:
    ann = town.person("paid-0")
    day = today()
    clock.advance(shop.DAY)

    def keep(booked: dict[str, int]) -> None:
        (row,) = shop.ended(town, ann)
        row.booked = {**(row.booked or {}), **booked}
        town.emulator.restore(row)

    def other() -> None:
        keep({"2026-11-10": 0})

    if before is not None:
        keep(before)

    town.emulator.meanwhile(other, "UpdateItem")
    with pytest.raises(Lost, match=r"item\.as_seen"):
        books.compare(town, day)
    assert books.compare(town, day) == 0
    assert books.booked(town, ann) == {**(before or {}), "2026-11-10": 0, day.isoformat(): -100}
