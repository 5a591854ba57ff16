"""A merchant's desk: what was paid in a day, an order whole, and money that needs him."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.errors import localised
from chalicelib.core.ids import MerchantId
from chalicelib.orders import meanings
from chalicelib.orders.numbers import refund_number
from chalicelib.orders.owing import REFUND
from chalicelib.orders.stuck import Reason, record
from infra.local.client import Api, Person, Reply
from tests.bench.meter import metered
from tests.orders.test_notifications import tell
from tests.orders.test_refunds import break_refund
from tests.town import Town, send


def day(town: Town, **query: Any) -> Any:
    asked = {"day": clock.now().astimezone(clock.BEIJING).date().isoformat(), **query}
    return town.admin.get("/v1/admin/payments?" + "&".join(f"{k}={v}" for k, v in asked.items() if v is not None))


def stuck(town: Town) -> list[Any]:
    found: list[Any] = town.admin.get("/v1/admin/stuck")["stuck"]
    return found


def act(town: Town, row: Any, what: str, body: Any = None, key: str | None = None) -> Reply:
    return town.admin.call("POST", f"/v1/admin/stuck/{row['stuck_id']}/{what}", body or {}, key=key)


@pytest.fixture
def refused(town: Town) -> tuple[Person, dict[str, Any]]:
    """A leader whose group failed, and whose refund WeChat refuses for want of money."""
    leader, opened = town.opened(town.campaign(group_seconds=3600))
    clock.advance(3600)
    town.minute()
    break_refund(town, "not_enough", count=1)
    town.stream()
    leader.come_back()
    return leader, opened


@pytest.fixture
def differs(town: Town) -> str:
    """The number of an attempt whose payment WeChat tells with another amount."""
    _, opened = town.opened(town.campaign())
    member = town.person()
    seat = member.join(opened["group_id"]).expect(201)
    member.pay(seat, notify=False).expect(200)
    number = f"{seat['order_id']}-1"
    assert tell(town, number, "tampered", field="amount") == 422
    return number


def test_a_days_payments_come_in_pages_latest_first(town: Town) -> None:
    campaign = town.campaign(size=50)
    paid = []
    for _ in range(9):
        _, opened = town.opened(campaign)
        paid.append(opened["order_id"])
        clock.advance(60)
    town.person().open(campaign).expect(201)
    seen, cursor = [], None
    while True:
        page = day(town, limit=4, cursor=cursor)
        seen += [payment["order_id"] for payment in page["payments"]]
        cursor = page["cursor"]
        if cursor is None:
            break
    assert seen == paid[::-1]
    (last,) = day(town, limit=1)["payments"]
    assert (last["state"], last["role"], last["payment"]["live_fen"], last["payment"]["amount_fen"]) == (
        "paid",
        "leader",
        6900,
        6900,
    )


def test_a_day_is_a_day_in_china(town: Town) -> None:
    campaign = town.campaign()
    midnight = clock.now().astimezone(clock.BEIJING).replace(hour=0, minute=0, second=0) + timedelta(days=1)
    clock.advance((midnight - clock.now()).total_seconds() - 1)
    _, before = town.opened(campaign)
    clock.advance(1)
    _, after = town.opened(campaign)
    today = midnight.date().isoformat()
    yesterday = (midnight - timedelta(days=1)).date().isoformat()
    assert [p["order_id"] for p in day(town, day=today)["payments"]] == [after["order_id"]]
    assert [p["order_id"] for p in day(town, day=yesterday)["payments"]] == [before["order_id"]]


def test_a_page_reads_what_it_shows(town: Town) -> None:
    campaign = town.campaign(size=50)
    for _ in range(12):
        town.opened(campaign)
        clock.advance(1)
    with metered(town.emulator) as few:
        day(town, limit=2)
    assert few.operations.count("BatchGetItem") == 2
    assert few.read_units < 20


@pytest.mark.parametrize("cursor", ["x", "MjAyNg", "2026-11-11", "💰"])
def test_a_cursor_of_somewhere_else_is_refused(town: Town, cursor: str) -> None:
    answer = town.admin.call("GET", f"/v1/admin/payments?day=2026-11-11&cursor={cursor}", None)
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "?cursor")


@pytest.mark.parametrize("wrong", ["", "day=", "day=2026-11-31", "day=11.11.2026"])
def test_a_day_that_is_none_is_refused(town: Town, wrong: str) -> None:
    answer = town.admin.call("GET", f"/v1/admin/payments?{wrong}", None)
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "?day")


def test_an_order_is_seen_whole_by_its_merchant_and_by_no_other(town: Town) -> None:
    leader, opened = town.opened(town.campaign())
    path = f"/v1/admin/orders/{opened['order_id']}"
    record = town.admin.get(path)
    assert (record["user_id"], record["state"]) == (leader.uid, "paid")
    assert [payment["live_fen"] for payment in record["payments"]] == [6900]
    assert Api(send, town.second().api_key).call("GET", path, None).status == 404


def test_nothing_is_stuck_as_a_rule(town: Town) -> None:
    _, opened = town.opened(town.campaign(size=2))
    town.joined(opened["group_id"])
    town.minute()
    assert stuck(town) == []


def test_a_refused_refund_is_listed_explained_retried_and_gone(
    town: Town, refused: tuple[Person, dict[str, Any]]
) -> None:
    leader, opened = refused
    (row,) = stuck(town)
    assert (row["order_id"], row["reason"], row["retryable"]) == (
        opened["order_id"],
        "refund_refused_not_enough",
        True,
    )
    assert row["facts"]["refund_fen"] == 6900
    assert act(town, row, "resolve", {"note": "paid by hand"}).body["code"] == "stuck_still_owed"
    assert act(town, row, "retry", key="retry-it-now").status == 204
    assert act(town, row, "retry", key="retry-it-now").status == 204
    town.minute()
    clock.advance(60)
    town.hear()
    assert stuck(town) == []
    assert leader.order(opened["order_id"])["payments"][0]["refunded_fen"] == 6900
    assert act(town, row, "retry", key="retry-it-now").status == 204
    assert act(town, row, "retry").status == 404
    assert len(town.refunds(opened["order_id"])) == 1


def test_a_late_word_of_a_refund_that_has_ended_can_be_resolved(
    town: Town, refused: tuple[Person, dict[str, Any]]
) -> None:
    _, opened = refused
    (row,) = stuck(town)
    assert act(town, row, "retry").status == 204
    town.pass_time(3600, tick=300)
    assert stuck(town) == []
    number = refund_number(opened["order_id"], 1)
    record(MerchantId(town.merchant.mid), Reason.REFUND_ABNORMAL, number, {"refund_fen": 6900}, effect=REFUND)
    (row,) = stuck(town)
    assert act(town, row, "retry").body["code"] == "stuck_not_retryable"
    assert act(town, row, "resolve", {"note": "it was back before"}).status == 204
    assert stuck(town) == []


def test_a_payment_that_differs_is_placed_by_somebody_and_said_so(town: Town, differs: str) -> None:
    (row,) = stuck(town)
    assert (row["number"], row["reason"], row["retryable"]) == (differs, "payment_differs", False)
    assert act(town, row, "retry").body["code"] == "stuck_not_retryable"
    placed = {"note": "refunded on the platform"}
    for _ in range(2):
        assert act(town, row, "resolve", placed, key="placed-by-hand").status == 204
    assert act(town, row, "resolve", placed).status == 404
    assert stuck(town) == []
    done = [entry for entry in town.admin.get("/v1/admin/audit")["entries"] if entry["action"] == "stuck.resolve"]
    assert [(entry["subject"], entry["detail"]) for entry in done] == [
        (differs, {"reason": "payment_differs", **placed})
    ]


def test_a_key_that_resolved_one_row_does_not_resolve_another(town: Town, differs: str) -> None:
    (row,) = stuck(town)
    assert act(town, row, "resolve", {"note": "first"}, key="placed-by-hand").status == 204
    assert act(town, row, "resolve", {"note": "other"}, key="placed-by-hand").status == 409


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_stuck_is_told_in_the_readers_language(town: Town, differs: str, language: str) -> None:
    page = town.admin.call("GET", "/v1/admin/stuck", None, headers={"Accept-Language": language}).expect(200)
    zh, en, zh_next, en_next = meanings.MEANINGS[Reason.PAYMENT_DIFFERS]
    (row,) = page["stuck"]
    told = localised((zh, en), language), localised((zh_next, en_next), language)  # type: ignore[arg-type]
    assert (row["detail"], row["next"]) == told


@pytest.mark.parametrize("when", ["0001-01-01", "9999-12-31"])
def test_a_day_on_which_nothing_was_paid_is_empty(town: Town, when: str) -> None:
    assert day(town, day=when) == {"payments": [], "cursor": None}
