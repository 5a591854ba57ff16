"""What each user was paid in a year is exported for the tax office, and a user's cash is looked up for him."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from chalicelib.cash import admin
from chalicelib.core import clock
from chalicelib.rewards.states import CashState
from infra.local.client import Api, Person
from tests.cash import books_shop as books
from tests.cash import shop
from tests.rewards import shop as rewards
from tests.town import Town, send


def year(town: Town, query: str = "", of: int = 2026) -> dict[str, Any]:
    found: dict[str, Any] = town.admin.get(f"/v1/admin/cash/years/{of}{query}")
    return found


def sheet(town: Town, query: str = "") -> tuple[list[list[str]], Any]:
    reply = town.admin.call("GET", f"/v1/admin/cash/years/2026/sheet{query}", None)
    assert reply.status == 200
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.headers["content-disposition"] == 'attachment; filename="cash-2026.csv"'
    text = reply.body.decode() if isinstance(reply.body, bytes) else reply.body
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff")))), reply.headers.get("x-next-cursor")


def line(person: Person, nickname: str, paid: tuple[int, int], asked: tuple[int, int]) -> dict[str, Any]:
    names = ("user_id", "nickname", "paid_times", "paid_fen", "asked_times", "asked_fen")
    return dict(zip(names, (person.uid, nickname, *paid, *asked), strict=True))


@pytest.fixture
def busy(town: Town) -> tuple[Person, Person]:
    """Somebody who was paid twice and is asking for more, and somebody who took it back."""
    campaign, ann, ben = books.opened(town), town.person("ann"), town.person("ben")
    ann.api.call("PATCH", "/v1/me", {"nickname": "小明"}).expect(200)
    books.paid(town, campaign, ann, "gift-1", 100)
    clock.advance(1)
    books.paid(town, campaign, ann, "gift-2", 250)
    clock.advance(1)
    books.asked(town, campaign, ann, "gift-3", 50)
    books.asked(town, campaign, ben)
    shop.cancel(town, ben)
    shop.wait_until(town, ben, "claimable")
    return ann, ben


def test_a_years_users_are_told_with_what_reached_them(town: Town, busy: tuple[Person, Person]) -> None:
    ann, _ = busy
    told = year(town)
    assert told == {"year": "2026", "users": [line(ann, "小**", (2, 350), (3, 400))], "cursor": None}
    assert year(town, of=2025)["users"] == []
    assert Api(send, town.second().api_key).get("/v1/admin/cash/years/2026")["users"] == []


def test_a_payment_counts_in_the_year_in_which_it_was_asked_for(town: Town) -> None:
    campaign, ann = books.opened(town), town.person("ann")
    eve = clock.parse("2026-12-31T15:59:00.000Z")
    shop.given(town, campaign, ann)
    clock.advance((eve - clock.now()).total_seconds() - 3 * shop.DAY)
    clock.advance(3 * shop.DAY)
    fresh = town.person("ann")
    shop.given(town, campaign, fresh, "gift-2", 200)
    tapped = shop.tap(town, fresh, "gift-2")
    clock.advance(120)
    shop.confirm(town, tapped, fresh)
    assert [one["paid_fen"] for one in year(town)["users"]] == [200]
    assert year(town, of=2027)["users"] == []


def test_the_sheet_says_the_same_and_runs_nothing(town: Town, busy: tuple[Person, Person]) -> None:
    ann, ben = busy
    ben.api.call("PATCH", "/v1/me", {"nickname": "=1+1"}).expect(200)
    shop.tap(town, ben)
    (head, *rows), more = sheet(town)
    assert more is None
    assert head == ["用户编号", "昵称", "年度", "收到次数", "收到金额（分）", "申请次数", "申请金额（分）"]
    shown = [[ann.uid, "小**", "2026", "2", "350", "3", "400"], [ben.uid, "'=**", "2026", "0", "0", "1", "100"]]
    assert rows == sorted(shown)


def test_pages_have_each_user_once_and_go_on_where_the_last_ended(town: Town, busy: tuple[Person, Person]) -> None:
    campaign = town.campaign(shop.offer())
    everybody = {busy[0].uid}
    for n in range(5):
        late = town.person(f"late-{n}")
        books.asked(town, campaign, late)
        everybody.add(late.uid)
    found, query = list[str](), "?limit=3"
    while True:
        told = year(town, query)
        rows, more = sheet(town, query)
        assert [row[0] for row in rows[1:]] == [one["user_id"] for one in told["users"]]
        assert told["cursor"] == more
        found += [one["user_id"] for one in told["users"]]
        if more is None:
            break
        query = f"?limit=3&cursor={more}"
    assert found == sorted(everybody)


@pytest.mark.parametrize("which", ["26", "1999", "20266", "2O26", "2026-01"])
def test_what_is_no_year_is_not_there(town: Town, which: str) -> None:
    for path in (which, f"{which}/sheet"):
        assert town.admin.call("GET", f"/v1/admin/cash/years/{path}", None).status == 404


def test_a_users_cash_is_seen_with_every_attempt_and_the_numbers_that_wechat_knows(
    town: Town, busy: tuple[Person, Person]
) -> None:
    ann, ben = busy
    told = town.admin.get(f"/v1/admin/users/{ann.uid}/cash")["cash"]
    assert [(one["amount_fen"], one["state"]) for one in told] == [(50, "waiting"), (250, "paid"), (100, "paid")]
    assert [[try_["number"] for try_ in one["attempts"]] for one in told] == [
        [shop.number_of(ann, f"gift-{n}")] for n in (3, 2, 1)
    ]
    assert [[try_["state"] for try_ in one["attempts"]] for one in told] == [[None], ["SUCCESS"], ["SUCCESS"]]
    (own,) = town.admin.get(f"/v1/admin/users/{ben.uid}/cash")["cash"]
    assert (own["state"], own["failed"], own["asked_at"]) == ("claimable", "MCH_CANCEL", None)
    (tried,) = own["attempts"]
    assert (tried["number"], tried["state"], tried["reason"]) == (shop.number_of(ben), "CANCELLED", "MCH_CANCEL")
    at_wechat = shop.at_wechat(town, ben)
    assert at_wechat is not None
    assert tried["transfer_bill_no"] == at_wechat["transfer_bill_no"]


def test_the_latest_attempts_of_many_are_shown(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admin, "LATEST", 2)
    campaign, ann = books.opened(town), town.person("ann")
    shop.given(town, campaign, ann)
    for _ in range(3):
        shop.tap(town, ann)
        shop.cancel(town, ann)
        shop.wait_until(town, ann, "claimable")
    shop.tap(town, ann)
    assert shop.cash(town, ann).state is CashState.WAITING
    (own,) = town.admin.get(f"/v1/admin/users/{ann.uid}/cash")["cash"]
    assert [one["number"] for one in own["attempts"]] == [shop.number_of(ann, n=n) for n in (4, 3)]


def test_what_nobody_asked_for_has_no_attempt(town: Town) -> None:
    campaign, ann = books.opened(town), town.person("ann")
    shop.given(town, campaign, ann)
    (own,) = town.admin.get(f"/v1/admin/users/{ann.uid}/cash")["cash"]
    assert (own["attempts"], own["state"], own["campaign_id"]) == ([], "claimable", campaign)
    assert own["until"] == rewards.told(shop.cash(town, ann).until)


def test_a_users_cash_comes_in_pages(town: Town, busy: tuple[Person, Person]) -> None:
    ann, _ = busy
    path = f"/v1/admin/users/{ann.uid}/cash?limit=2"
    first = town.admin.get(path)
    rest = town.admin.get(f"{path}&cursor={first['cursor']}")
    assert [one["amount_fen"] for one in (*first["cash"], *rest["cash"])] == [50, 250, 100]
    assert rest["cursor"] is None


def test_a_stranger_is_not_there(town: Town, busy: tuple[Person, Person]) -> None:
    ann, _ = busy
    assert Api(send, town.second().api_key).call("GET", f"/v1/admin/users/{ann.uid}/cash", None).status == 404
    assert town.admin.call("GET", "/v1/admin/users/NOBODY/cash", None).status == 404
