"""A day is compared when somebody asks, and in turns where it is long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.merchants.items import Merchant
from chalicelib.merchants.service import bill_due_at
from chalicelib.orders import comparing
from chalicelib.orders.day import DayBill
from tests.orders.mornings import asked, at_wechat, compared, morning, stuck, today
from tests.town import Town


def test_a_day_is_compared_again_when_somebody_asks(town: Town, traded: dict[str, Any]) -> None:
    morning(town)
    day = today() - timedelta(days=1)
    at_wechat(town, f"{traded['order_id']}-1").body["amount"]["total"] += 1
    assert [asked(town, day, "once-more-please") for _ in range(2)] == [202, 202]
    town.minute()
    assert [row["differences"] for row in compared(town)] == [1]
    assert [entry["subject"] for entry in town.admin.get("/v1/admin/audit")["entries"]].count(day.isoformat()) == 1


def test_a_day_that_has_no_bill_yet_is_compared_when_it_has(town: Town, traded: dict[str, Any]) -> None:
    assert asked(town, today()) == 202
    town.minute()
    (row,) = compared(town)
    assert (row["day"], row["compared_at"], row["differences"]) == (today().isoformat(), None, 0)
    (bill_of,) = [item for item in town.items() if isinstance(item, DayBill)]
    assert bill_of.due == bill_due_at(today())
    morning(town)
    (row,) = compared(town)
    assert (row["payments"], row["differences"]) == (4, 0)
    assert row["compared_at"] is not None


def test_a_bill_that_is_published_early_is_compared_early(town: Town, traded: dict[str, Any]) -> None:
    town.act("/_sim/bill/publish", mchid=town.merchant.mchid, date=today().isoformat())
    asked(town, today())
    town.minute()
    assert [(row["payments"], row["differences"]) for row in compared(town)] == [(4, 0)]


@pytest.mark.parametrize("ago", [-1, 91])
def test_a_day_without_a_bill_is_refused(town: Town, ago: int) -> None:
    answer = town.admin.call("POST", "/v1/admin/bills", {"day": (today() - timedelta(days=ago)).isoformat()})
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/day")


def in_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every turn has time for one round of two lines."""
    monkeypatch.setattr(comparing, "AT_ONCE", 2)
    monkeypatch.setattr(clock, "for_seconds", lambda seconds: lambda: False)


def lines_left(town: Town) -> list[int | None]:
    return [item.line for item in town.items() if isinstance(item, DayBill)]


def test_a_day_that_takes_long_is_compared_in_turns(
    town: Town, traded: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    at_wechat(town, f"{traded['order_id']}-1").body["amount"]["total"] += 1
    in_turns(monkeypatch)
    mid, day = MerchantId(town.merchant.mid), today()
    clock.advance(86_400)
    turns = [comparing.compare(mid, day) for _ in range(2)]
    assert (turns, lines_left(town)) == ([None, None], [4])
    assert compared(town)[0]["compared_at"] is None
    assert [comparing.compare(mid, day) for _ in range(2)] == [None, 1]
    assert lines_left(town) == [None]
    assert stuck(town) == [("bill_payment_differs", f"{traded['order_id']}-1")]


def test_the_morning_goes_on_until_the_day_is_through(
    town: Town, traded: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_turns(monkeypatch)
    morning(town)
    for _ in range(4):
        town.minute()
    ((row),) = compared(town)
    assert (row["payments"], row["refunds"], row["differences"]) == (4, 1, 0)
    assert row["compared_at"] is not None
    (merchant,) = [item for item in town.items() if isinstance(item, Merchant)]
    assert merchant.bill_day == today().isoformat()


def test_a_bill_that_changed_is_compared_from_its_beginning(
    town: Town, traded: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_turns(monkeypatch)
    mid, day = MerchantId(town.merchant.mid), today()
    clock.advance(86_400)
    assert comparing.compare(mid, day) is None
    at_wechat(town, f"{traded['order_id']}-1").body["amount"]["total"] += 1
    monkeypatch.setattr(clock, "for_seconds", lambda seconds: lambda: True)
    assert comparing.compare(mid, day) == 1
