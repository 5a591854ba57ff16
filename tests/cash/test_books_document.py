"""The page about the books of cash shows answers as they are, and tells of every way in which they can differ."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chalicelib.cash import admin, flow, pausing, years
from chalicelib.core import clock
from chalicelib.orders.stuck import Reason
from infra.local.endpoint import ROOT
from tests.cash import books_shop as books
from tests.cash import shop
from tests.documents import shape, shown
from tests.orders.mornings import morning
from tests.town import Town

PAGE = (ROOT / "docs/cash-books.md").read_text()
SHOWN = shown(PAGE)


@pytest.fixture
def answers(town: Town) -> dict[str, Any]:
    campaign, ann, ben = books.opened(town), town.person("ann"), town.person("ben")
    ann.api.call("PATCH", "/v1/me", {"nickname": "小明"}).expect(200)
    clock.advance(60)
    books.paid(town, campaign, ann, amount=500)
    books.asked(town, campaign, ben)
    shop.cancel(town, ben)
    shop.wait_until(town, ben, "claimable")
    name = shop.number_of(ann)
    books.differ(town, kind="missing", out_bill_no=name)
    morning(town)
    shop.fill(town, -shop.operations(town)["available"])
    ben.come_back()
    shop.tap(town, ben)
    return {
        "campaign": books.owed(town, campaign),
        "liability": town.admin.get("/v1/admin/cash/liability"),
        "days": town.admin.get("/v1/admin/cash/days?limit=1"),
        "stuck": town.admin.get("/v1/admin/stuck"),
        "year": town.admin.get("/v1/admin/cash/years/2026?limit=1"),
        "user": town.admin.get(f"/v1/admin/users/{ben.uid}/cash"),
    }


@pytest.mark.parametrize("name", SHOWN)
def test_an_answer_is_shown_as_it_is(answers: dict[str, Any], name: str) -> None:
    assert shape(SHOWN[name]) == shape(answers[name])
    assert set(SHOWN) == set(answers)


def test_the_sums_that_are_shown_add_up() -> None:
    for one in (SHOWN["campaign"], *SHOWN["liability"]["campaigns"]):
        assert one["owed_fen"] == one["promised_fen"] + one["claimable_fen"] + one["in_flight_fen"]
        assert one["total_fen"] == one["free_fen"] + one["owed_fen"] + one["paid_fen"]


def test_every_difference_and_trouble_of_a_transfer_is_told() -> None:
    rows = re.findall(r"^\| StuckMoney (.*?) \|", PAGE, re.MULTILINE)
    told = {word for row in rows for word in re.findall(r"`(\w+)`", row)}
    ours = {reason for reason in Reason if reason.value.startswith(("transfer_", "flow_"))}
    assert ours - told == {Reason.TRANSFER_REFUSED}
    assert "transfer_refused_param_error" in told


def test_the_numbers_and_words_are_those_of_the_code() -> None:
    told = (f"{flow.KEPT.days} days", f"{admin.LATEST} attempts", *(f"`{code}`" for code in pausing.ACCOUNT))
    assert [word for word in (*told, *years.COLUMNS) if word not in PAGE] == []
